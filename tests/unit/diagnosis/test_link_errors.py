"""When an interface's own counters explain the loss, and when the loss is elsewhere."""

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.causes.link_errors import CAUSE
from layerwalk.diagnosis.causes.packet_loss import CAUSE as PACKET_LOSS
from layerwalk.diagnosis.model import Judgement, Status
from layerwalk.diagnosis.rank import conclude
from layerwalk.probes.facts import (
    Fact,
    HopLossFact,
    HopTally,
    LinkCounts,
    Outcome,
    Rise,
    TraceKind,
)
from tests.unit.diagnosis.views import judged, walk

ON_LINK = (samples.links(), samples.route(gateway=""))
FURTHER = (
    samples.route(),
    samples.trace(samples.tries(TraceKind.ICMP, 4)),
)


def counts(*rises: Rise, sent: int = 300, received: int = 300) -> LinkCounts:
    return LinkCounts(interface="eth0", seconds=2.0, sent=sent, received=received, rises=rises)


def lossy(*rises: Rise) -> Fact:
    return samples.loss(echo=(80, 120), syn=(52, 80), counts=counts(*rises))


def by_hop(*expired: int) -> HopLossFact:
    """Of six that expire and thirty that ask at each hop, so many parts of six are answered."""
    hops = tuple(
        HopTally(hop=hop, address=address, expiring=6, expired=it, asked=30, replied=5 * it)
        for hop, (address, it) in enumerate(zip(samples.ROUTERS, expired, strict=True), start=1)
    )
    return HopLossFact(outcome=Outcome.ANSWERED, address=samples.TARGET, hops=hops)


def judge(*facts: Fact) -> Judgement:
    return judged(CAUSE, walk(facts))[0]


def test_it_goes_before_the_loss_that_it_explains() -> None:
    found = conclude(walk((*ON_LINK, samples.open_port(), lossy(Rise("queue_drops", 200)))))
    assert [one.cause for one in found.named] == [CAUSE, PACKET_LOSS]
    assert "queue_drops 200 (100 a second), 40% of its traffic" in found.summary


def test_loss_that_begins_further_on_is_not_the_interfaces() -> None:
    drops = Rise("queue_drops", 300)
    assert judge(*FURTHER, lossy(drops), by_hop(6, 6, 4)).status is Status.RULED_OUT
    assert judge(*FURTHER, lossy(drops), by_hop(4, 4, 4)).status is Status.CONFIRMED


def test_frames_that_nobody_wants_must_be_as_many_as_were_lost() -> None:
    """Of the sample 68 were lost."""
    status = {by: judge(*ON_LINK, lossy(Rise("rx_dropped", by))).status for by in (60, 200)}
    assert status == {60: Status.RULED_OUT, 200: Status.LIKELY}


def test_advice_is_about_the_queue_or_about_the_cable() -> None:
    queue = CAUSE.advise(judge(*ON_LINK, lossy(Rise("queue_drops", 200))))
    cable = CAUSE.advise(judge(*ON_LINK, lossy(Rise("rx_errors", 200))))
    assert any("fq_codel" in it.command for it in queue)
    assert any("ethtool eth0" in it.command for it in cable)
    assert all("ip -s -s link show dev eth0" in it[0].command for it in (queue, cable))
