"""This machine drops the answers, because they come in by the wrong interface.

## Why it times out
The SYN arrives and is answered. The answer comes in on an interface by which this machine would
not send to that address (with the filter loose: it would not send there at all), and the kernel
takes it for forged and drops it without a word. The program waits as if nobody had answered.

## Evidence
The kernel's counter of packets that the reverse path filter dropped (IPReversePathFilter) rises by
as much as we send, and hardly otherwise; where it does so each time, and a filter is on, that is
certain. Packet sockets, which see packets before the filter, see the answers come in while the
kernel's own connection stays silent; without raw sockets the interface shows by what it receives.
The settings rp_filter of all interfaces and of that one, of which the larger counts, are 1 (strict)
or 2 (loose).

## What to do
Mend the routes so that answers come back the way the packets go, or set rp_filter of that
interface to 2 (loose), which asks only that there be some route back. Where policy routing or a
firewall mark picks the route out, give the answers the same route (src_valid_mark for marks).

## Easily mistaken for
`firewall-drop` on this machine: there a rule drops the answer, and this counter stands still. A
path that loses everything (`path-blackhole`), as it looks without raw sockets. Answers that come
by another interface and are accepted (rp_filter 0, or 2 with a route back) are no fault. IPv6 has
no such filter but in firewall rules (fib ... oif), which are `firewall-drop`.
"""

from __future__ import annotations

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.model import (
    Advice,
    Cause,
    Example,
    Judgement,
    Layer,
    Status,
    ruled_out,
    unknown,
)
from layerwalk.diagnosis.reverse_path import filtering, ways_in
from layerwalk.probes.facts import (
    IPV6,
    AnswerKind,
    ConnectFact,
    CountersFact,
    DropReasonsFact,
    EchoFact,
    LinksFact,
    Outcome,
    ReversePathFact,
    RouteFact,
    SynFact,
    family_of,
)

_LOOSE = "loose"
_SHOWN = (
    ReversePathFact,
    CountersFact,
    DropReasonsFact,
    SynFact,
    EchoFact,
    ConnectFact,
    RouteFact,
)


def judge(host: AddressView) -> Judgement:
    """The filter's counter rises with what we send."""
    fact = host.last(ReversePathFact)
    if family_of(host.bare) == IPV6:
        return ruled_out(host.ids(RouteFact), "IPv6 has no filter for reverse paths but in rules")
    if host.connects:
        return ruled_out(host.ids(ConnectFact), "the answers reach the connection")
    if fact is not None and fact.outcome.measured:
        return _by_the_counter(host, fact)
    return _unmeasured(host)


def _by_the_counter(host: AddressView, fact: ReversePathFact) -> Judgement:
    evidence = host.ids(*_SHOWN)
    if not fact.drops_answers:
        return ruled_out(evidence, "the reverse path filter drops nothing of what answers us")
    name = fact.interface or _only(filtering(host))
    where = {"kind": "local", "interface": name} if name else {"kind": "local"}
    return Judgement(
        status=Status.CONFIRMED if _is_sure(host, fact) else Status.LIKELY,
        evidence=evidence,
        explanation=f"{host.address} answers, {_way(host, fact)}, and this machine's reverse path "
        f"filter ({_set(fact)}) drops {fact.dropped} of {fact.sent} answers.",
        where=where,
    )


def _is_sure(host: AddressView, fact: ReversePathFact) -> bool:
    """Whether each of our packets had its answer dropped, by a filter that is known to be on."""
    is_on = fact.mode in {"strict", "loose"} or bool(filtering(host))
    return is_on and fact.dropped >= fact.sent


def _only(names: tuple[str, ...]) -> str:
    """The interface that the answers come in by, where it does not show and one alone filters."""
    return names[0] if len(names) == 1 else ""


def _way(host: AddressView, fact: ReversePathFact) -> str:
    """By which interface the answers come in, and which one the route out takes."""
    out = host.route.interface if host.route else ""
    if not fact.interface:
        return "by an interface that does not show"
    if fact.interface == out:
        return f"on {fact.interface}, where the kernel has no route back"
    return f"on {fact.interface} while the route out is by {out}"


def _set(fact: ReversePathFact) -> str:
    return f"{fact.mode}: {fact.settings}" if fact.mode else "its settings could not be read"


def _unmeasured(host: AddressView) -> Judgement:
    """The counter was not watched: perhaps because there was no need to."""
    if host.links and not filtering(host):
        return ruled_out(host.ids(LinksFact), "no interface filters by reverse path")
    if host.port is None and host.alive and ways_in(host) <= _route_of(host):
        return ruled_out(host.ids(EchoFact, RouteFact), "answers come in by the route's interface")
    if host.counters and not host.counters.reversed:
        return ruled_out(host.ids(CountersFact), "the reverse path filter drops nothing")
    if host.half_open and host.silence_is_sure and not host.syn_answers:
        return ruled_out(host.ids(SynFact), "no answer came in that could be dropped")
    return unknown("what the reverse path filter drops was not counted")


def _route_of(host: AddressView) -> frozenset[str]:
    return frozenset({host.route.interface} if host.route else ())


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """The setting, the route back, the way of the answers."""
    name = judgement.where.get("interface", "")
    see = Advice(
        on="client",
        action="See the settings, of which the larger counts, and the counter.",
        command=f"sysctl net.ipv4.conf.all.rp_filter net.ipv4.conf.{name or 'IF'}.rp_filter; "
        "nstat -az TcpExtIPReversePathFilter",
    )
    back = Advice(
        on="client",
        action="See by which interface this machine would send back; the filter goes by that.",
        command=f"ip route get TARGET; ip rule; ip route show table all dev {name}".rstrip(" dev"),
    )
    if _LOOSE in judgement.explanation:
        return see, back, _with_a_route(name)
    return see, back, _looser(name), _round_trip()


def _with_a_route(name: str) -> Advice:
    return Advice(
        on="client",
        action="Give the main table, too, a route to that address: loose asks for any.",
        command=f"ip route add TARGET/32 dev {name or 'IF'}",
        changes_state=True,
    )


def _looser(name: str) -> Advice:
    return Advice(
        on="client",
        action="Where both ways are meant, set the filter of that interface to loose.",
        command=f"sysctl -w net.ipv4.conf.{name or 'all'}.rp_filter=2",
        changes_state=True,
    )


def _round_trip() -> Advice:
    return Advice(
        on="network",
        action="Where they are not: mend the routes, so that answers come back the way out.",
    )


def _counted(**changes: object) -> ReversePathFact:
    fields: dict[str, object] = {
        "outcome": Outcome.ANSWERED,
        "address": samples.TARGET,
        "sent": 8,
        "dropped": 8,
        "interface": "eth1",
        "filter_all": 1,
        "filter_own": 0,
    }
    return ReversePathFact(**{**fields, **changes})  # type: ignore[arg-type]


_DROPPED = (
    samples.links(rp_filter=1),
    samples.route(),
    samples.syn(samples.answer(AnswerKind.SYN_ACK, interface="eth1")),
    samples.connect(Outcome.SILENT),
)

CAUSE = Cause(
    id="reverse-path-filter",
    title="This machine drops the answers",
    layer=Layer.NETWORK,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=(
        "path-blackhole",
        "firewall-drop",
        "firewall-reject",
        "port-closed",
        "host-down",
        "packet-loss",
        "high-latency",
        "resolver-unreachable",
    ),
    examples=(
        Example(name="strict", facts=(*_DROPPED, _counted()), expect=Status.CONFIRMED),
        Example(
            name="the interface does not show",
            facts=(*_DROPPED, _counted(interface="")),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="fewer than were sent",
            facts=(*_DROPPED, _counted(dropped=5)),
            expect=Status.LIKELY,
        ),
        Example(
            name="no filter is known to be on",
            facts=(*_DROPPED[1:], _counted(filter_all=0)),
            expect=Status.LIKELY,
        ),
        Example(
            name="the counter stands still",
            facts=(*_DROPPED, _counted(dropped=0)),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="it drops as much without us",
            facts=(*_DROPPED, _counted(quiet=8)),
            expect=Status.RULED_OUT,
        ),
        Example(name="works", facts=samples.healthy(), expect=Status.RULED_OUT),
        Example(name="not counted", facts=_DROPPED, expect=Status.UNKNOWN),
        Example(name="not probed", facts=(), expect=Status.UNKNOWN),
    ),
)
