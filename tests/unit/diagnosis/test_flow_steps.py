"""When other source ports are tried: never so that it disturbs what else is asked."""

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.tree import wanted
from layerwalk.probes.facts import AnswerKind, Fact, Outcome, Refusal, RouteKind, TraceKind
from tests.unit.diagnosis.views import walk

LINKS = samples.links()
READY = (LINKS, samples.route())
LOCAL = samples.route(kind=RouteKind.LOCAL, interface="lo", gateway="")
FIRST = samples.syn(last_look=False)
GONE = samples.trace(samples.tries(TraceKind.ICMP, 2), samples.tries(TraceKind.SYN, 2))


def asked(*facts: Fact) -> set[str]:
    return {str(measure.step) for measure in wanted(walk(facts))}


def test_other_flows_are_tried_as_soon_as_the_port_answers() -> None:
    assert "flows" in asked(*READY, samples.open_port())
    assert "flows" in asked(*READY, samples.syn(samples.answer(AnswerKind.RST)))
    assert "flows" not in asked(LINKS, LOCAL, samples.open_port())


def test_other_flows_disturb_no_router_that_has_to_report() -> None:
    refusing = samples.syn(samples.refusal(Refusal.PROHIBITED, samples.ROUTERS[1]))
    assert "flows" not in asked(*READY, refusing)
    assert "flows" in asked(*READY, refusing, GONE)
    absent = samples.syn(samples.refusal(Refusal.HOST, samples.ROUTERS[1]))
    assert "flows" not in asked(*READY, absent, GONE)


def test_where_all_is_silent_other_flows_come_last() -> None:
    assert "flows" not in asked(*READY, FIRST)
    assert "flows" not in asked(*READY, FIRST, GONE, samples.syn())
    assert "flows" in asked(*READY, FIRST, GONE, samples.syn(), samples.connect(Outcome.SILENT))
    assert "flows" in asked(*READY, FIRST, samples.alive())
