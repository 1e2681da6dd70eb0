"""What one cause says of a few facts, and facts that come up again and again."""

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.catalogue import cause as cause_of
from layerwalk.diagnosis.model import Judgement, Status
from layerwalk.probes.facts import (
    Answer,
    AnswerKind,
    Fact,
    Outcome,
    TraceFact,
    TraceKind,
    Try,
)
from tests.unit.diagnosis.views import judged, walk

T, OWN, PORT = samples.TARGET, samples.OWN, samples.PORT
FIRST, SECOND, LAST = samples.ROUTERS
START = (samples.links(), samples.route())
SILENT = samples.connect(Outcome.SILENT)
UNSENT = samples.syn(sent=0, refused_locally=3, outcome=Outcome.REJECTED)
NEXT_DOOR = samples.neighbour(Outcome.ANSWERED, address=T, gateway=False)
ON_LINK = samples.route(gateway="")
RESET = samples.answer(AnswerKind.RST)


def said(name: str, *facts: Fact, host: str = T, port: int | None = PORT) -> Judgement:
    one = cause_of(name)
    assert one
    (judgement,) = judged(one, walk(facts, host, port))
    return judgement


def status(name: str, *facts: Fact, host: str = T, port: int | None = PORT) -> Status:
    return said(name, *facts, host=host, port=port).status


def traced(icmp: int, syn: int | None = None, asked: int = 4) -> TraceFact:
    groups = [samples.tries(TraceKind.ICMP, icmp, asked=asked)]
    if syn is not None:
        groups.append(samples.tries(TraceKind.SYN, syn, asked=asked))
    return samples.trace(*groups)


def tried(kind: TraceKind, **answers: Answer | None) -> list[Try]:
    return [Try(hop=int(hop[1:]), kind=kind, answer=found) for hop, found in answers.items()]
