"""The rules of this machine that would refuse the connection, read and followed on paper.

Nothing goes on the wire, nothing is changed. Needs CAP_NET_ADMIN, and nft. Two packets are
followed: the SYN through OUTPUT and POSTROUTING, and the SYN-ACK through PREROUTING and INPUT; as a
server, the SYN through PREROUTING and INPUT, and our SYN-ACK through OUTPUT and POSTROUTING. On
the loopback interface both are sent and received here, so each goes both ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Certainty, FirewallFact, Outcome, RuleMatch
from layerwalk.probes.firewall.evaluation import Passage
from layerwalk.probes.firewall.packet import Endpoints, Span, tcp_packet
from layerwalk.probes.firewall.reading import Reading, ToolError, read_ruleset, rule_texts
from layerwalk.probes.firewall.ruleset import Place, Rule, Ruleset

__all__ = ["arrivals", "firewall", "inbound", "passages"]

PORT_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_DEFAULT_RANGE = Span(32768, 60999)
_CLIENT_PORTS = Span(1024, 65535)  # a system may take any that is not reserved
_HOOKS = {"out": ("output", "postrouting", "egress"), "in": ("ingress", "prerouting", "input")}


def firewall(
    address: str, port: int, source: str, interface: str, ctx: ProbeContext
) -> FirewallFact:
    """Find the rules that refuse a TCP connection from a source over an interface.

    ``not_permitted`` without the rights to read them, ``not_run`` where nft is not installed. A
    rule's certainty is ``exact`` where it and all before it could be decided, else ``possible``.
    """
    ends = Endpoints(
        source=source, source_port=_local_ports(), destination=address, destination_port=port
    )
    blank = FirewallFact(outcome=Outcome.ANSWERED, address=address, port=port)
    return _followed(blank, lambda rules: passages(rules, ends, interface, ctx.origin.mark), ctx)


def inbound(
    address: str, port: int, client: str, interface: str, ctx: ProbeContext
) -> FirewallFact:
    """Find the rules that refuse a client's connection to an address and port of this machine.

    ``client`` is the address it comes from; empty for any outside address: a rule that takes some
    sources only is then ``possible``, one that takes all is ``exact``. ``interface`` is the one
    that its SYN comes in by. In the matches, ``in`` is the client's SYN, ``out`` our SYN-ACK.
    """
    ends = Endpoints(
        source=client, source_port=_CLIENT_PORTS, destination=address, destination_port=port
    )
    blank = FirewallFact(outcome=Outcome.ANSWERED, address=address, port=port)
    return _followed(blank, lambda rules: arrivals(rules, ends, interface), ctx)


def _followed(
    blank: FirewallFact, course: Callable[[Ruleset], Iterator[Passage]], ctx: ProbeContext
) -> FirewallFact:
    if ctx.cancel.is_set():
        return replace(blank, outcome=Outcome.CANCELLED)
    try:
        reading = read_ruleset()
    except ToolError as error:
        return replace(blank, outcome=_outcome(error), detail=_told(error))
    return _summed(blank, reading, list(course(reading.ruleset)))


def passages(ruleset: Ruleset, ends: Endpoints, interface: str, mark: int = 0) -> Iterator[Passage]:
    """Follow a connection's first two packets, and give what each met. Pure.

    The first alone has a mark: the kernel gives none to what comes back.
    """
    plan = [("out", ends, True), ("in", ends.reversed, False)]
    if interface == "lo":
        plan[1:1] = [("in", ends, True), ("out", ends.reversed, False)]
    yield from _walked(ruleset, plan, interface, mark)


def arrivals(ruleset: Ruleset, ends: Endpoints, interface: str) -> Iterator[Passage]:
    """Follow the first two packets of a connection that somebody makes to this machine. Pure."""
    if interface == "lo":
        yield from passages(ruleset, ends, interface)
        return
    plan = [("in", ends, True), ("out", ends.reversed, False)]
    yield from _walked(ruleset, plan, interface)


def _walked(
    ruleset: Ruleset, plan: Iterable[tuple[str, Endpoints, bool]], interface: str, mark: int = 0
) -> Iterator[Passage]:
    for direction, ends, is_first in plan:
        devices = ("", interface) if direction == "out" else (interface, "")
        packet = tcp_packet(
            ends,
            state="new" if is_first else "established",
            flags=frozenset({"syn"} if is_first else {"syn", "ack"}),
            devices=devices,
            mark=mark if is_first else 0,
        )
        passage = Passage(ruleset, packet, direction)
        # On loopback a connection is translated on its way out, if at all.
        translated = is_first and (direction == "out" or interface != "lo")
        passage.go(_HOOKS[direction], translated=translated)
        yield passage


def _summed(blank: FirewallFact, reading: Reading, found: list[Passage]) -> FirewallFact:
    matches = [match for passage in found for match in passage.matches]
    undecided = [rule for passage in found for rule in passage.undecided]
    texts = rule_texts() if matches or undecided else {}
    rules: dict[tuple[str, str, int | None], Rule] = {
        (rule.owner, rule.place[2], rule.handle): rule
        for rule in reading.ruleset.rules
        if rule.handle is not None
    }
    named = [replace(it, text=_text(rules.get(_key(it)), it.text, texts)) for it in matches]
    open_ones = [_text(rule, f"rule {rule.handle}", texts) for rule in undecided]
    return replace(
        blank,
        matches=_surest(named),
        undecided=(*dict.fromkeys(open_ones), *reading.unread),
        rules=sum(1 for _ in reading.ruleset.rules),
    )


def _key(match: RuleMatch) -> tuple[str, str, int | None]:
    return match.table, match.chain, match.handle


def _text(rule: Rule | None, otherwise: str, texts: Mapping[tuple[Place, int], str]) -> str:
    if rule is None or rule.handle is None:
        return rule.text if rule and rule.text else otherwise
    return texts.get((rule.place, rule.handle), rule.text or otherwise)


def _surest(matches: list[RuleMatch]) -> tuple[RuleMatch, ...]:
    """Name each rule once a direction, as surely as any packet met it; the exact ones first."""
    ranked = sorted(matches, key=lambda match: match.certainty is not Certainty.EXACT)
    once = {(m.direction, m.table, m.chain, m.handle, m.text): m for m in reversed(ranked)}
    return tuple(match for match in ranked if match in once.values())


def _outcome(error: ToolError) -> Outcome:
    if error.missing:
        return Outcome.NOT_RUN
    return Outcome.NOT_PERMITTED if error.not_permitted else Outcome.FAILED


def _told(error: ToolError) -> str:
    return f"{error} (package nftables)" if error.missing else str(error)


def _local_ports() -> Span:
    """Read the range that the kernel takes source ports from (ip(7))."""
    try:
        low, high = PORT_RANGE.read_text(encoding="ascii").split()
        return Span(int(low), int(high))
    except (OSError, ValueError):
        return _DEFAULT_RANGE
