"""The listener's queue is full: the service takes its connections too slowly, or not at all.

## Why it times out
The kernel makes connections on behalf of the service and keeps them in a queue until it accepts
them; the queue holds the smaller of the program's backlog and `net.core.somaxconn`. Where it is
full, Linux drops SYNs and the last ACKs of handshakes without a word. Clients send their SYN again
after a second and more, and get in only if there is room just then.

## Evidence
SYNs to the port are answered for a while, then not for a while, whatever their source port and
however fast they come, while echoes among them lose nothing. Or: a connection that this machine
thinks made is still a handshake to the target, which sends its SYN-ACK again and drops our ACK
again. Where it is full for good, every SYN is silent, which a filter does, too; but an ACK of no
connection is then reset by the target's own TCP. On the server itself it is certain: the queue is
seen above its limit, and the kernel's ListenOverflows rises meanwhile.

## What to do
See what keeps the service from accepting: a worker pool that is exhausted, a lock, a slow upstream.
Then a larger backlog, and more instances.

## Easily mistaken for
A firewall (`firewall-drop`), where nothing is ever answered. A limit on new connections
(`syn-rate-limited`), which depends on our rate. Loss (`packet-loss`), which hits echoes, too. A
listener that defers accepting until data comes also holds the handshake unfinished, and takes it
when it has sent its SYN-ACK again.
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
from layerwalk.diagnosis.path_view import place
from layerwalk.diagnosis.queue_here import queue_here
from layerwalk.diagnosis.samples import server
from layerwalk.probes.facts import (
    AnswerKind,
    ConnectFact,
    EchoFact,
    HandshakeFact,
    LossFact,
    Outcome,
    PortState,
    StrayAckFact,
    SynFact,
    SynPaceFact,
    TraceFact,
    TraceKind,
    endpoint,
)

_HARDLY_ANY = 0.9
_LOOK = "ssh TARGET 'ss -ltn; nstat -az TcpExtListenOverflows'"
_DECIDE = (
    "On the target: is the listener's queue full (ss -ltn: Recv-Q above Send-Q), and does "
    "ListenOverflows grow (nstat -az TcpExtListenOverflows)?"
)


def judge(host: AddressView) -> Judgement:
    """Told by the tell-tales; where the port is silent for good, it may be this."""
    if host.port is None or host.port_state is PortState.UNKNOWN:
        return unknown("the port was not probed")
    evidence = host.ids(
        SynFact, ConnectFact, SynPaceFact, HandshakeFact, StrayAckFact, LossFact, EchoFact
    )
    lossy = host.loss is not None and host.loss.matters
    if host.handshake and host.handshake.refuses_ours and not lossy:
        return _held(host, host.handshake, evidence)
    if host.pace and _spares_others(host, host.pace) and _has_windows(host):
        return _at_times(host, host.pace, evidence)
    if host.port_state is PortState.SILENT:
        return _for_good(host, evidence)
    if host.port_state is not PortState.OPEN:
        return ruled_out(evidence, f"the port is {host.port_state}")
    return _open(host, evidence)


def _has_windows(host: AddressView) -> bool:
    """The time decides; where a first look found nothing but silence, less will do to say so."""
    silent = any(fact.state is PortState.SILENT for fact in host.syns)
    return host.fit is not None and (host.fit.is_windows or (silent and host.fit.leans_to_windows))


def _spares_others(host: AddressView, fact: SynPaceFact) -> bool:
    """Whether what is no SYN to the port gets through, among those SYNs or beside the first."""
    tallies = host.loss.usable if host.loss else ()
    beside = any(it.kind == "echo" and it.sent == it.answered for it in tallies)
    return fact.spares_others or (beside and not fact.lost_beside)


def _open(host: AddressView, evidence: tuple[str, ...]) -> Judgement:
    if host.pace and host.pace.failed.rate > _HARDLY_ANY and host.pace.spares_others:
        return _ever_since(host, host.pace, evidence)
    if host.fit and not host.fit.is_windows:
        return ruled_out(evidence, "it is not the time that decides which SYNs are answered")
    if host.differs_by_flow:
        return ruled_out(evidence, "it is their source port that decides which SYNs are answered")
    if host.some_syns_fail or not (host.connects or host.lacks_port):
        return unknown("some SYNs stayed unanswered, and why was not found out", unlock=_LOOK)
    return ruled_out(evidence, "every SYN was answered")


def _held(host: AddressView, fact: HandshakeFact, evidence: tuple[str, ...]) -> Judgement:
    where = endpoint(host.address, fact.port)
    return Judgement(
        status=Status.CONFIRMED,
        evidence=evidence,
        explanation=f"a connection to {where} is established here, and the target still holds it "
        f"as an unfinished handshake: it sends its SYN-ACK again ({fact.repeats} times), and drops "
        "the ACK that ends it.",
        where=_where(host),
    )


def _at_times(host: AddressView, fact: SynPaceFact, evidence: tuple[str, ...]) -> Judgement:
    every = [worked for _, worked in host.schedule]
    where = endpoint(host.address, fact.port)
    return Judgement(
        status=Status.LIKELY,
        evidence=evidence,
        explanation=f"{every.count(False)} of {len(every)} SYNs to {where} "
        "stayed unanswered, all of them for a while and then none, whatever their source port; "
        f"{_beside(fact)} were answered: there is room in the queue now and then.",
        where=_where(host),
        decide_by=_DECIDE,
    )


def _ever_since(host: AddressView, fact: SynPaceFact, evidence: tuple[str, ...]) -> Judgement:
    """Only the first SYNs were answered: they took what room, or what allowance, there was."""
    answered = fact.failed.whole - fact.failed.part
    return Judgement(
        status=Status.POSSIBLE,
        evidence=evidence,
        explanation=f"{endpoint(host.address, fact.port)} answered SYNs at first, and then "
        f"{answered} of {fact.failed.whole}, while {_beside(fact)} were answered: the queue has "
        "had hardly any room since.",
        where=_where(host),
        alternatives=("syn-rate-limited",),
        decide_by=f"{_DECIDE} If not, some rule counts new connections (nft list ruleset).",
    )


def _beside(fact: SynPaceFact) -> str:
    name = "echoes" if fact.beside == "echo" else f"SYNs to port {fact.beside_port}"
    return f"{fact.sent_beside - fact.lost_beside} of {fact.sent_beside} {name} among them"


def _for_good(host: AddressView, evidence: tuple[str, ...]) -> Judgement:
    """A queue that stays full looks like a filter of SYNs; some filters it does not look like."""
    why = _otherwise(host)
    if why:
        return ruled_out((*evidence, *host.ids(TraceFact)), why)
    if host.stray_ack is None:
        return unknown("whether the target's TCP is reached was not asked")
    if not host.stray_ack.reaches_tcp:
        return unknown("ACKs of no connection are answered by no port, so they tell nothing")
    return Judgement(
        status=Status.POSSIBLE,
        evidence=evidence,
        explanation=f"the target's own TCP resets an ACK of no connection to "
        f"{endpoint(host.address, host.port or 0)}, so it is reached, and answers no SYN: a queue "
        "that is full for good does that, as does a filter of SYNs alone.",
        where=_where(host),
        decide_by=_DECIDE,
    )


def _otherwise(host: AddressView) -> str:
    """What shows that it is no queue; empty where nothing does."""
    if any(answer.kind is AnswerKind.ACK for answer in host.syn_answers):
        return "the target holds our SYN: it was not dropped"
    if host.takes_plain_only:
        return "SYNs without options are answered"
    if host.path.syn_lags and place(host.path, host.path.reach(TraceKind.SYN))["kind"] == "path":
        return "SYNs do not even reach the target"
    if host.stray_ack and host.stray_ack.is_filtered:
        return "the whole port is kept from us, not SYNs alone"
    return ""


def _where(host: AddressView) -> dict[str, object]:
    end = host.path.end
    return {"kind": "host"} if end is None else place(host.path, end - 1, end)


def advise(_judgement: Judgement) -> tuple[Advice, ...]:
    """Look at the queue and the service, then give it more room."""
    return (
        Advice(
            on="server",
            action="See how long the listener's queue is (Recv-Q) beside its limit (Send-Q), and "
            "whether it overflows.",
            command="ss -ltnp 'sport = :PORT'; nstat -az TcpExtListenOverflows TcpExtListenDrops",
        ),
        Advice(
            on="server",
            action="See why the service does not accept: busy or blocked workers, a slow upstream, "
            "its limit of connections or of open files.",
            command="ss -Htn state established 'sport = :PORT' | wc -l; top -bHn1 | head -20",
        ),
        Advice(
            on="server",
            action="Accept faster, or with more workers or instances; give the listener a larger "
            "backlog, and the kernel room for it.",
            command="sysctl -w net.core.somaxconn=4096",
            changes_state=True,
        ),
    )


_OPEN_S, _TURN_S = 0.3, 0.9
_WINDOWS = samples.paced(lambda when: when % _TURN_S < _OPEN_S)
_SILENT = (
    samples.route(),
    samples.alive(),
    samples.syn(),
    samples.connect(Outcome.SILENT),
    samples.trace(samples.tries(TraceKind.ICMP, 4), samples.tries(TraceKind.SYN, 3)),
)

CAUSE = Cause(
    id="accept-queue-full",
    title="The listener's queue is full",
    layer=Layer.TRANSPORT,
    doc=__doc__,
    judge=judge,
    judge_server=queue_here,
    advise=advise,
    before=("packet-loss", "high-latency", "connect-timeout-too-short"),
    examples=(
        Example(
            name="it drops the end of our handshake",
            facts=(*samples.healthy(), samples.handshake(taken=False, repeats=1, still_held=True)),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="full at times",
            facts=(*samples.healthy(), _WINDOWS),
            expect=Status.LIKELY,
        ),
        Example(
            name="the whole port is silent",
            facts=(*_SILENT, samples.stray_ack()),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="a listener that defers accepting",
            facts=(*samples.healthy(), samples.handshake(taken=False, repeats=1)),
            expect=Status.RULED_OUT,
        ),
        Example(name="not probed", facts=(), expect=Status.UNKNOWN),
        Example(
            name="full, as the server itself sees it",
            facts=(*server.base(), server.listeners(server.listener()), server.overflowing()),
            expect=Status.CONFIRMED,
            standpoint=server.AS_SERVER,
            target=server.OWN,
        ),
        Example(
            name="long, and it moves",
            facts=(
                *server.base(),
                server.listeners(server.listener()),
                server.served(looks=5, queue=90),
            ),
            expect=Status.RULED_OUT,
            standpoint=server.AS_SERVER,
            target=server.OWN,
        ),
    ),
)
