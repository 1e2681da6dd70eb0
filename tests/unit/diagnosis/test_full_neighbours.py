"""A neighbour table that is full: what is said of it, and when it is only a remark."""

from dataclasses import replace

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.samples import limits
from layerwalk.probes.facts import NeighbourTable, Outcome, TraceKind
from tests.unit.diagnosis.views import walk

FULL = NeighbourTable(entries=1024, limit=1024, refused=9)
SILENT = (
    samples.links(),
    samples.echo(),
    samples.syn(),
    samples.connect(Outcome.SILENT),
    samples.trace(samples.tries(TraceKind.ICMP, 0)),
)


def test_a_gateway_without_an_entry_is_out_of_reach() -> None:
    found = conclude(walk((*SILENT, samples.route(), limits.crowded())))
    first = found.named[0]
    assert first.cause.id == "gateway-unreachable"
    assert "neighbour table is full (1024 of 1024 entries, 9 more were refused" in found.summary
    assert "(it answers when it is asked)" in found.summary
    assert "net.ipv4.neigh.default.gc_thresh3=16384" in first.advice[0].command


def test_so_is_a_target_on_the_link() -> None:
    near = limits.crowded(address=samples.TARGET, gateway=False)
    found = conclude(walk((*SILENT, samples.route(gateway=""), near)))
    assert found.named[0].cause.id == "host-down"
    assert "gc_thresh3" in found.named[0].advice[0].command


def test_the_table_of_ipv6_is_another() -> None:
    six = limits.crowded(address="2001:db8::1")
    found = conclude(walk((*SILENT, samples.route(), six)))
    assert "net.ipv6.neigh" in found.named[0].advice[0].command


def test_on_a_connection_that_works_it_is_a_remark() -> None:
    others = [fact for fact in samples.healthy() if fact.probe != "neighbour"]
    full = replace(samples.neighbour(Outcome.ANSWERED), state="REACHABLE", table=FULL)
    assert conclude(walk((*others, full))).outcome == "healthy"
    assert full.finding.endswith(
        "neighbour table: 1024 of 1024 entries, 9 more were refused meanwhile"
    )


def test_a_table_with_room_is_not_mentioned() -> None:
    roomy = replace(samples.neighbour(Outcome.ANSWERED), table=replace(FULL, entries=9, refused=0))
    assert "table" not in roomy.finding
    nearly = replace(roomy, table=replace(FULL, entries=930, refused=0))
    assert nearly.finding.endswith("930 of 1024 entries")


def test_a_gateway_that_has_its_entry_is_not_short_of_room() -> None:
    held = limits.crowded(state="STALE")
    found = conclude(walk((*SILENT, samples.route(), held)))
    assert "gateway-unreachable" not in [one.cause.id for one in found.named]
