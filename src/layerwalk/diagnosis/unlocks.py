"""What would unlock a cause that was left open: one exact command, by what was missing.

The table is the only place that knows these commands.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from enum import Enum

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.model import Layer
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import (
    ConnectFact,
    EchoFact,
    Evidence,
    FirewallFact,
    NeighbourFact,
    Outcome,
    ProcessFact,
    SynFact,
)

_FIREWALLS = {"firewall-drop", "firewall-reject"}
_BY_ECHO = {"path-blackhole", "routing-loop", "pmtu-blackhole", "host-down"}


class Lack(Enum):
    """What may be missing."""

    MARK = "this user may not mark packets"
    LAYER = "nothing above TCP is probed yet"
    PORT = "no port was named"
    NAME = "the name was not answered in a usable way"
    TIME = "the walk was cut short"
    RULES = "this user may not read the local rules"
    ECHO = "this user may not send echo requests"
    PROCESS = "this user may not look at the service's process"
    RAW = "this user has no raw sockets"
    TRACE = "this user may not have the kernel trace its rules"
    FAULT = "another fault was in the way"


UNLOCKS: dict[Lack, str] = {
    Lack.MARK: "sudo layerwalk diagnose{asked} {target}",
    Lack.LAYER: "{by_hand}",
    Lack.PORT: "layerwalk diagnose{asked} {host}:PORT",
    Lack.NAME: "getent ahosts {host}",
    Lack.TIME: "layerwalk diagnose --budget 60{asked} {target}",
    Lack.RULES: "sudo nft list ruleset",
    Lack.ECHO: "sudo sysctl -w net.ipv4.ping_group_range='0 2147483647'",
    Lack.PROCESS: "sudo layerwalk diagnose{asked} {target}",
    Lack.RAW: "sudo layerwalk diagnose{asked} {target}",
    Lack.TRACE: "sudo layerwalk diagnose --trace-firewall{asked} {target}",
    Lack.FAULT: "layerwalk diagnose{asked} {target}",
}
"""The command for each; ``{target}``, ``{host}`` and the options in ``{asked}`` are filled in."""


def unlock_above(view: WalkView) -> str:
    """Give the command for what lies above TCP."""
    return _filled(UNLOCKS[Lack.LAYER], view)


def unlock_of(lack: Lack, view: WalkView) -> str:
    """Give the command for what is missing."""
    return _filled(UNLOCKS[lack], view)


def unlock(view: WalkView, identifier: str, layer: int, host: AddressView | None = None) -> str:
    """Give the command that would unlock a cause; empty where none is known."""
    for lack, is_missing in _LACKING.items():
        if is_missing(view, identifier, layer, host):
            return _filled(UNLOCKS[lack], view)
    return ""


def without_raw(evidence: tuple[Evidence, ...]) -> bool:
    """Whether these facts were gathered without raw sockets."""
    facts = tuple(e.fact for e in evidence)
    asked = (f for f in facts if isinstance(f, NeighbourFact))
    return any(isinstance(f, SynFact) and not f.half_open for f in facts) or any(
        f.outcome is Outcome.NOT_PERMITTED for f in asked
    )


def _filled(command: str, view: WalkView) -> str:
    target, port = view.target, view.target.port
    host = shlex.quote(f"[{target.host}]" if ":" in target.host else target.host)
    by_hand = f"curl -v {shlex.quote(target.input)}"
    if target.scheme == "tls":
        by_hand = f"openssl s_client -connect {host}:{port}"
    named = shlex.quote(target.input)
    asked = f" {view.asked}" if view.asked else ""
    return command.format(target=named, host=host, by_hand=by_hand, asked=asked)


def _not_permitted(view: WalkView, host: AddressView | None, kind: type) -> bool:
    evidence = host.evidence if host else view.evidence
    facts = (e.fact for e in evidence if isinstance(e.fact, kind))
    return any(fact.outcome is Outcome.NOT_PERMITTED for fact in facts)


def _unmarked(view: WalkView, _cause: str, _layer: int, _host: AddressView | None) -> bool:
    """Nothing may be sent at all, then, nor to a nameserver."""
    servers = view.resolve[1].nameservers if view.resolve else ()
    tried = [e.fact.outcome for e in view.evidence if isinstance(e.fact, ConnectFact)]
    return Outcome.NOT_PERMITTED in (*tried, *(server.outcome for server in servers))


def _portless(view: WalkView, cause: str, layer: int, _host: AddressView | None) -> bool:
    by_port = layer == Layer.TRANSPORT or cause == "pmtu-blackhole"
    return view.target.port is None and by_port


def _nameless(_view: WalkView, _cause: str, layer: int, _host: AddressView | None) -> bool:
    return layer == Layer.APPLICATION


def _cut(view: WalkView, _cause: str, _layer: int, host: AddressView | None) -> bool:
    evidence = host.evidence if host else view.evidence
    return any(e.fact.outcome is Outcome.CANCELLED and not e.vain for e in evidence)


def _rules(view: WalkView, cause: str, _layer: int, host: AddressView | None) -> bool:
    return cause in _FIREWALLS and _not_permitted(view, host, FirewallFact)


def _echo(view: WalkView, cause: str, _layer: int, host: AddressView | None) -> bool:
    return cause in _BY_ECHO and _not_permitted(view, host, EchoFact)


def _process(view: WalkView, _cause: str, layer: int, _host: AddressView | None) -> bool:
    looks = [e.fact for e in view.evidence if isinstance(e.fact, ProcessFact)]
    hidden = any(fact.unseen for fact in looks) or (view.standpoint.serves and not looks)
    return layer == Layer.MACHINE and hidden


def _raw(view: WalkView, _cause: str, _layer: int, _host: AddressView | None) -> bool:
    return without_raw(view.evidence)


def _faulty(view: WalkView, _cause: str, _layer: int, _host: AddressView | None) -> bool:
    return any(host.fails for host in view.hosts) or not view.hosts


_LACKING: dict[Lack, Callable[[WalkView, str, int, AddressView | None], bool]] = {
    Lack.MARK: _unmarked,
    Lack.PORT: _portless,
    Lack.NAME: _nameless,
    Lack.TIME: _cut,
    Lack.RULES: _rules,
    Lack.ECHO: _echo,
    Lack.PROCESS: _process,
    Lack.RAW: _raw,
    Lack.FAULT: _faulty,
}
