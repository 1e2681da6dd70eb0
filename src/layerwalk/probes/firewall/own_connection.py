"""What rules make of a server's connection to itself, beside that of its clients. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from layerwalk.probes.facts import Certainty, FirewallFact, RuleMatch
from layerwalk.probes.firewall.course import passages
from layerwalk.probes.firewall.handshakes import Circumstances
from layerwalk.probes.firewall.packet import Endpoints
from layerwalk.probes.firewall.ruleset import Ruleset
from layerwalk.probes.firewall.surroundings import local_ports, own_traits

_LOOPBACK = "lo"


def met_by_itself(rules: Ruleset, ends: Endpoints) -> list[RuleMatch]:
    """Find the rules that refuse, or may refuse, a connection of this machine to its own end."""
    own = replace(ends, source=ends.destination, source_port=local_ports())
    around = Circumstances(interface=_LOOPBACK, traits=own_traits(_LOOPBACK))
    return [match for it in passages(rules, own, around) for match in it.matches]


def with_own(fact: FirewallFact, own: Sequence[RuleMatch]) -> FirewallFact:
    """Mark the rules that may refuse both a client and this machine itself, by what is not known.

    Where that connection fails, they are what speaks for their refusing clients, too.
    """
    open_ones = {_place(it) for it in own if it.certainty is not Certainty.EXACT}
    marked = tuple(replace(it, own=_place(it) in open_ones) for it in fact.matches)
    return replace(fact, matches=marked, keeps_out_itself=bool(own))


def _place(match: RuleMatch) -> tuple[object, ...]:
    text = match.text if match.handle is None else ""
    return match.table, match.chain, match.handle, text
