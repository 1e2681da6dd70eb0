"""The ports that were asked for, in the app: beside the verdict, in groups."""

from layerwalk.probes.facts import Evidence, Outcome, PortsFact
from layerwalk.probes.facts.ports import Fate, Reason, ScanState, grouped
from layerwalk.session import events as ev
from layerwalk.session.entries import entry_of
from layerwalk.session.state import WalkState, folded
from tests.app import story
from tests.app.scripted import saved, text_of, until_shown

TALL = (80, 60)
OPEN: Fate = (ScanState.OPEN, Reason.SYN_ACK, "")
CLOSED: Fate = (ScanState.CLOSED, Reason.RESET, "")


def scanned(fared: dict[int, Fate]) -> WalkState:
    fact = PortsFact(
        outcome=Outcome.ANSWERED,
        address="198.51.100.10",
        wanted=len(fared),
        groups=grouped(fared.items()),
        rate=1000,
    )
    step = story.started("ports", "Named ports", 4, "every named port's answer")
    ended = ev.StepEnded(at_s=1.0, step="ports", evidence=entry_of(Evidence(id="e9", fact=fact)))
    judged = ev.VerdictReached(at_s=8.4, verdict=story.HEALTHY)
    return folded((*story.FIRST_STEPS, step, ended, judged, story.ENDED))


async def test_they_stand_beside_the_verdict() -> None:
    state = scanned({22: OPEN, 80: OPEN, 81: CLOSED})
    async with saved(state).run_test(size=TALL) as pilot:
        await until_shown(pilot, "Ports of 198.51.100.10")
        lines = [line.strip(" │|") for line in text_of(pilot).splitlines()]
        assert "open 2: 22, 80 (syn-ack)" in lines
        assert "closed 81 (reset)" in lines


async def test_thousands_of_ports_take_a_few_lines() -> None:
    state = scanned({port: OPEN if port % 2 else CLOSED for port in range(1, 65536)})
    async with saved(state).run_test(size=TALL) as pilot:
        await until_shown(pilot, "and 32756 more")
        assert sum("more" in line for line in text_of(pilot).splitlines()) <= 4


async def test_without_them_nothing_is_said() -> None:
    async with saved(story.whole()).run_test(size=TALL) as pilot:
        await until_shown(pilot, "[firewall-drop]")
        assert "Ports of" not in text_of(pilot)
