"""The verdict: in front as soon as it is there, and complete."""

import pytest

from layerwalk.session import events as ev
from layerwalk.session.report import OutcomeWord, TimerEntry, Verdict
from layerwalk.session.state import folded
from tests.app import story
from tests.app.scripted import CROSS, Stage, saved, text_of, until_shown

TALL = (80, 60)


async def test_it_comes_to_the_front(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        stage.walk.play(*story.FIRST_STEPS)
        await until_shown(pilot, "2 done")
        stage.walk.play(*story.MORE_STEPS, *story.JUDGED)
        stage.walk.end()
        await until_shown(pilot, "A firewall drops the connection [firewall-drop]")
        lines = text_of(pilot).splitlines()
        assert "FAULT FOUND  8.4 s" in lines[0]
        assert f"{CROSS} FAULT FOUND: A firewall" in lines[3]
        assert "1, 2, 4 copy their command, w writes the report" in lines[-2]


@pytest.mark.parametrize(
    "part",
    [
        "likely, layer 4 (transport); on the path, after hop 2 (203.0.113.1)",
        "SYNs to port 5432 vanish after hop 2",
        "It could as well be this: The listen queue is full [accept-queue-full]",
        "Told apart by: on the server, ss -ltn shows Recv-Q above Send-Q",
        "e5: the SYN was last seen at hop 2 of 3",
        "host-down: it answers pings (e3)",
        "conntrack-full: only root may read it; to look there: run it with sudo",
        "1 On the network: Allow the port on the router behind hop 2 (changes",
        "$ nft add rule inet filter forward tcp dport 5432 accept",
        "4 On the server: Look at the queue (only looks)",
    ],
)
async def test_it_says(part: str) -> None:
    async with saved(story.whole()).run_test(size=TALL) as pilot:
        await until_shown(pilot, part)


async def test_a_summary_that_only_repeats_is_not_said_twice() -> None:
    cause = story.VERDICT.causes[0]
    told = f"{cause.title}: {cause.explanation}"
    verdict = Verdict(outcome="fault", summary=told, causes=(cause,))
    state = folded((*story.FIRST_STEPS, ev.VerdictReached(at_s=1.0, verdict=verdict)))
    async with saved(state).run_test(size=TALL) as pilot:
        await until_shown(pilot, "[firewall-drop]")
        assert text_of(pilot).count("SYNs to port 5432 vanish") == 1


@pytest.mark.parametrize(
    ("outcome", "words"), [("healthy", "✓ NO FAULT FOUND"), ("inconclusive", "? INCONCLUSIVE")]
)
async def test_no_fault_is_said_with_the_summary(outcome: OutcomeWord, words: str) -> None:
    verdict = Verdict(outcome=outcome, summary="It connects in 15 ms.")
    state = folded((*story.FIRST_STEPS, ev.VerdictReached(at_s=1.0, verdict=verdict)))
    async with saved(state).run_test() as pilot:
        await until_shown(pilot, f"{words}: It connects in 15 ms.")


async def test_it_says_whose_timer_it_is() -> None:
    timer = TimerEntry(whose="program", kernel_s=131.0, limit_s=5.0, says="Its own limit.")
    verdict = Verdict(outcome="healthy", summary="It connects.", timer=timer)
    state = folded((*story.FIRST_STEPS, ev.VerdictReached(at_s=1.0, verdict=verdict)))
    async with saved(state).run_test() as pilot:
        await until_shown(pilot, "Whose timer: Its own limit.")


async def test_before_it_the_pane_says_when_it_will_come(stage: Stage) -> None:
    async with stage.app().run_test() as pilot:
        stage.walk.play(*story.FIRST_STEPS)
        await pilot.press("v")
        await until_shown(pilot, "No verdict yet. Layer 4 is being measured. It comes after 30 s")


async def test_the_evidence_that_decides_is_marked() -> None:
    async with saved(story.whole()).run_test() as pilot:
        await pilot.press("e")
        await until_shown(pilot, "◄ decides")
        marked = [line.split()[0] for line in text_of(pilot).splitlines() if " ◄ " in line]
        assert marked[1:] == ["e5", "e2"]
