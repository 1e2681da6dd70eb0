"""One of the name's addresses does not work, and another does.

## Why it times out
A name with several addresses is a promise that each will do. Programs try them in the system's
order, and most wait for one to fail before they try the next; some try the first and no other. So
each connection, or each one in so many where the nameserver turns the order round, first runs into
the dead address and its time-out.

## Evidence
Each address that the name has was tried by itself, up to a bound: one does not connect (silent,
refused, unreachable), another does. What is wrong with the first is named as well, with its
address, as far as it shows.

## What to do
Bring the machine behind the dead address back, or take the address out of the name's records (or
out of the service discovery that writes them) until it is. Health checks that do so by themselves
keep it from happening again. Programs should try all addresses, a few hundred milliseconds apart
(RFC 8305).

## Easily mistaken for
A family that this machine has no route for at all: the system puts its addresses last, they cost
nothing, and it is only a remark. An address that is merely slow works. Where all addresses fail,
what is wrong with the first of them explains.
"""

from __future__ import annotations

from collections.abc import Sequence

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
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import (
    ConnectFact,
    EchoFact,
    Fact,
    NeighbourFact,
    Outcome,
    ResolveFact,
    RouteFact,
    SynFact,
)

_NAME = "db.lab.test"
_DEAD = "198.51.100.11"
_SEVERAL, _SHOWN = 2, 6
_WORDS = {
    Outcome.SILENT: "silent",
    Outcome.REFUSED: "refused",
    Outcome.UNREACHABLE: "unreachable",
    Outcome.REJECTED: "rejected",
}


def judge_walk(view: WalkView) -> Judgement:
    """Some addresses fail, and one works."""
    if len(view.hosts) < _SEVERAL:
        return _at_most_one(view)
    failing = [host for host in view.hosts if host.fails]
    working = [host for host in view.hosts if host.works]
    left = _left_out(view, failing)
    if failing and working:
        return _named(view, failing, working, left)
    evidence = _evidence(view, view.hosts)
    if len(failing) == len(view.hosts):
        return ruled_out(evidence, "no address works, so it is not one among others")
    if left or len(working) < len(view.hosts):
        return unknown(left or "not every address was tried to the end", _unlock(view))
    return ruled_out(evidence, "every address works")


def _at_most_one(view: WalkView) -> Judgement:
    if view.target.address is not None:
        return unknown("")
    if view.resolve is None or not view.hosts:
        return unknown("the name was not looked up" if view.resolve is None else "")
    return ruled_out((view.resolve[0],), "there is no other address to try")


def _named(
    view: WalkView, failing: Sequence[AddressView], working: Sequence[AddressView], left: str
) -> Judgement:
    words = _listed([f"{host.address} ({_how(host)})" for host in failing])
    verb = "does" if len(failing) == 1 else "do"
    text = (
        f"of the {len(view.hosts)} addresses tried for {view.target.host}, "
        f"{words} {verb} not {_wanted(view)}, while {_listed([h.address for h in working])} "
        f"{'does' if len(working) == 1 else 'do'}{_first(view, failing)}."
    )
    return Judgement(
        status=Status.CONFIRMED,
        evidence=_evidence(view, (*failing, *working)),
        explanation=text,
        where={"kind": "host", "address": failing[0].address},
        missing=left,
        unlock=_unlock(view) if left else "",
    )


def _wanted(view: WalkView) -> str:
    return "answer" if view.target.port is None else f"take connections on port {view.target.port}"


def _first(view: WalkView, failing: Sequence[AddressView]) -> str:
    """What a program notices of it."""
    told = next((host.address for host in failing if host.address in view.given), "")
    if told:
        known = told in (view.resolve[1].addresses if view.resolve else ())
        gone = "" if known else ", which the name does not have any more"
        return f"; the program that failed had {told}, by its error line{gone}"
    if failing[0] is view.hosts[0]:
        return f"; programs try {failing[0].address} first"
    return f"; programs try {view.hosts[0].address} first, so it shows only when that one fails"


def _how(host: AddressView) -> str:
    if host.connect is not None:
        return _WORDS.get(host.connect.outcome, str(host.connect.outcome))
    if host.stuck:
        return "no way there"
    return "silent" if host.silence_is_sure else "unreachable"


def _listed(words: Sequence[str]) -> str:
    more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    return ", ".join(words[:_SHOWN]) + more


def _evidence(view: WalkView, hosts: Sequence[AddressView]) -> tuple[str, ...]:
    looked_up = (view.resolve[0],) if view.resolve else ()
    asked: tuple[type[Fact], ...] = (EchoFact,)
    if view.target.port is not None:
        asked = (ConnectFact, SynFact)
    seen = (it for host in hosts for it in host.ids(*asked, RouteFact, NeighbourFact))
    return tuple(dict.fromkeys((*looked_up, *seen)))


def _left_out(view: WalkView, failing: Sequence[AddressView]) -> str:
    """Say which addresses were not tried, and of which the reason was not looked for."""
    parts = []
    if view.untried:
        count = len(view.untried) + len(view.addresses)
        listed = _listed(view.untried)
        parts.append(f"of the name's {count} addresses, these were not tried: {listed}")
    unread = [host.address for host in failing if host.address not in view.in_full]
    if unread:
        parts.append(f"why these fail was not looked for: {_listed(unread)}")
    return "; ".join(parts)


def _unlock(view: WalkView) -> str:
    port = f":{view.target.port}" if view.target.port is not None else ""
    return f"layerwalk diagnose ADDRESS{port}"


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """The machine, the record, the program."""
    address = judgement.where.get("address", "")
    return (
        Advice(
            on="server",
            action=f"Find out why {address} does not answer, or bring its machine back; what shows "
            "of the reason is named with that address.",
        ),
        Advice(
            on="resolver",
            action=f"Until then, take {address} out of the name's records (or out of the service "
            "discovery that writes them).",
            changes_state=True,
        ),
        Advice(
            on="client",
            action="See in which order programs try the addresses.",
            command="getent ahosts NAME",
        ),
        Advice(
            on="client",
            action="Let the program try all addresses, a few hundred milliseconds apart, or give "
            "it the family that works.",
        ),
    )


def _second(outcome: Outcome, errno: str = "") -> tuple[RouteFact, ConnectFact]:
    return (
        samples.route(destination=_DEAD),
        ConnectFact(outcome=outcome, address=_DEAD, port=samples.PORT, errno=errno, waited_s=3.5),
    )


_BOTH = ResolveFact(outcome=Outcome.ANSWERED, name=_NAME, addresses=(_DEAD, samples.TARGET))

CAUSE = Cause(
    id="address-unusable",
    title="One of the name's addresses does not work",
    layer=Layer.APPLICATION,
    doc=__doc__,
    judge_walk=judge_walk,
    advise=advise,
    examples=(
        Example(
            name="the first is silent",
            target=_NAME,
            facts=(*samples.healthy(), _BOTH, *_second(Outcome.SILENT)),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="both work",
            target=_NAME,
            facts=(*samples.healthy(), _BOTH, *_second(Outcome.ANSWERED)),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="there is one address only",
            target=_NAME,
            facts=(
                ResolveFact(outcome=Outcome.ANSWERED, name=_NAME, addresses=(samples.TARGET,)),
                samples.route(),
            ),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="one was not tried",
            target=_NAME,
            facts=(*samples.healthy(), _BOTH),
            expect=Status.UNKNOWN,
        ),
        Example(name="not looked up", target=_NAME, facts=(), expect=Status.UNKNOWN),
    ),
)
