"""The steps of a walk: by layer, by address where there are several, always in sight."""

import itertools
from functools import partial

import msgspec
import pytest
from textual.pilot import Pilot

from layerwalk.session import events as ev
from layerwalk.session.report import EvidenceEntry
from layerwalk.session.state import WalkState, fold, folded
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.steps import step_note, step_rows
from tests.app import story
from tests.app.scripted import saved, text_of, until, until_shown

OLD, NEW = "198.51.100.10", "2001:db8:2::10"
NUMBERS = itertools.count(1)


def measured(probe: str, title: str, layer: int, address: str, said: str) -> tuple[ev.Event, ...]:
    entry = EvidenceEntry(
        id=f"e{next(NUMBERS)}",
        probe=probe,
        layer=layer,
        started=0.1,
        seconds=0.1,
        status="answered",
        finding=said,
        data={"address": address} if address else {},
    )
    step = f"{probe} {address}".strip()
    return story.started(step, title, layer, "an answer"), story.ended(step, entry)


def walked(*addresses: str) -> WalkState:
    parts = [measured("resolve", "Name", 7, "", f"it is {', '.join(addresses)}")]
    for address in addresses:
        where = f"[{address}]" if ":" in address else address
        parts += [
            measured("syn", "SYN to the port", 4, address, f"SYN to {where}:443: SYN-ACK at once"),
            measured("connect", "Connection", 4, address, f"connect {where}:443: established"),
            measured("intake", "Own", 5, address, f"own connection to {where}:80 failed: gone"),
            measured("echo", "Echo", 3, address, "3 of 3 echoes answered"),
            measured("loss", "Loss", 3, address, f"lost on the way to {address} and back: 0 of 9"),
            measured("path-mtu", "Path MTU", 3, address, "packets of 1500 bytes pass"),
        ]
    told = (event for part in parts for event in part)
    return folded((story.BEGUN, *told, ev.PathSeen(at_s=1, address=OLD, path=story.HOPS)))


def shown(state: WalkState) -> list[tuple[str, str, str]]:
    rows = step_rows(state, Lettering())
    return [
        (row.across, row.cells["title"].text, row.cells["finding"].text)
        if row.cells
        else (row.across, "", "")
        for row in rows
    ]


def test_one_address_needs_no_heading_and_no_endpoint_in_each_finding() -> None:
    assert shown(walked(NEW)) == [
        ("", "Name", f"it is {NEW}"),
        ("", "Own", "own connection failed: gone"),
        ("", "SYN to the port", "SYN-ACK at once"),
        ("", "Connection", "established"),
        ("", "Echo", "3 of 3 echoes answered"),
        ("", "Loss", "lost on the way and back: 0 of 9"),
        ("", "Path MTU", "packets of 1500 bytes pass"),
    ]


@pytest.mark.parametrize("live", [True, False])
def test_each_of_several_addresses_has_a_tree_of_its_own(*, live: bool) -> None:
    state = walked(OLD, NEW)
    if not live:  # a saved report keeps the evidence alone
        state = WalkState(evidence=state.evidence)
    rows = shown(state)
    heads = [row[0] for row in rows]
    assert [head for head in heads if head] == ["all addresses", OLD, NEW]
    assert len(rows) == 3 + 13
    assert heads.index(OLD) == 2
    assert rows[heads.index(NEW) + 3][2] == "established"


def test_the_whole_finding_is_kept_for_the_chosen_line() -> None:
    rows = step_rows(walked(OLD, NEW), Lettering())
    assert f"SYN to [{NEW}]:443: SYN-ACK at once" in [row.whole for row in rows]


def read_here(*cited: str, outcome: str = "fault") -> WalkState:
    parts = [
        measured("timers", "Timers", 4, "", "tcp_syn_retries 6"),
        measured("syn", "SYN to the port", 4, OLD, "SYN: silent"),
        measured("source-ports", "Source ports", 4, OLD, "28232 source ports"),
        measured("machine", "This machine", 0, "", "this machine: load 0.5"),
    ]
    told = (event for part in parts for event in part)
    state = folded((story.BEGUN, *told))
    names = {step.title: step.evidence for step in state.steps}
    cause = msgspec.structs.replace(story.VERDICT.causes[0], evidence=[names[it] for it in cited])
    verdict = msgspec.structs.replace(story.VERDICT, outcome=outcome, causes=(cause,))
    return fold(state, ev.VerdictReached(at_s=2, verdict=verdict))


def test_what_was_read_here_to_no_effect_is_one_line_below_what_decides() -> None:
    state = read_here("SYN to the port")
    said = "nothing here is to blame: Timers, Source ports, This machine"
    assert shown(state) == [("", "SYN to the port ◄", "silent"), ("", "3 readings", said)]
    assert step_note(state, Lettering()) == "4 done; ◄ decides"


def test_a_reading_that_a_cause_rests_on_stands_first_in_its_layer() -> None:
    rows = shown(read_here("Source ports", "SYN to the port"))
    assert [row[1] for row in rows] == ["SYN to the port ◄", "Source ports ◄", "2 readings"]


def test_an_open_verdict_clears_nothing() -> None:
    assert shown(read_here(outcome="inconclusive"))[-1][2] == "Timers, Source ports, This machine"


async def test_the_line_of_readings_opens_and_closes() -> None:
    async with saved(read_here("SYN to the port")).run_test(size=(100, 30)) as pilot:
        await pilot.press("s", "G", "enter")
        await until_shown(pilot, "Enter hides them")
        assert "28232 source ports" in text_of(pilot)
        await pilot.press("j", "enter")
        await until_shown(pilot, "Measured")
        await pilot.press("escape", "k", "enter")
        await until_shown(pilot, "Enter shows them")
        assert "28232 source ports" not in text_of(pilot)


async def test_the_server_has_no_path_and_the_steps_have_its_room() -> None:
    begun = msgspec.structs.replace(story.BEGUN, role="server")
    state = folded((begun, *measured("listeners", "Listeners", 4, "", "nobody listens")))
    for size, tabbed in (((80, 24), True), ((160, 50), False)):
        async with saved(state).run_test(size=size) as pilot:
            await pilot.press("p")
            await until_shown(pilot, "no path is walked")
            assert ("p Path" in text_of(pilot), "Path (" in text_of(pilot)) == (False, False)
            assert ("s Steps" in text_of(pilot)) is tabbed
            await pilot.press("d")
            await until_shown(pilot, "no step waits for you")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 16)])
async def test_the_chosen_line_and_its_whole_text_are_always_in_sight(
    size: tuple[int, int],
) -> None:
    state = walked(OLD, NEW, "198.51.100.11")
    async with saved(state).run_test(size=size) as pilot:
        await pilot.press("s")
        await until_shown(pilot, "► all addresses")
        for row in step_rows(state, Lettering())[1:]:
            await pilot.press("j")
            title = row.across or row.cells["title"].text
            await until(pilot, partial(chosen, pilot, title))
            if row.whole:
                await until_shown(pilot, f"  {row.whole}")


def chosen(pilot: Pilot[WalkState | None], title: str) -> bool:
    return any("►" in line and title in line for line in text_of(pilot).splitlines())


async def test_as_long_as_there_is_no_path_the_steps_have_its_room() -> None:
    state = folded((story.BEGUN, *measured("resolve", "Name", 7, "", "it is known")))
    async with saved(state, story.whole()).run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "s")
        await until_shown(pilot, "it is known")
        assert "Path (" not in text_of(pilot)
        assert "\u2500 Path" not in text_of(pilot)
        await pilot.press("p")
        await until_shown(pilot, "\u2501 Path")
