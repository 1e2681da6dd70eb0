"""What a running walk waits for, and for how long at most, in one line."""

from __future__ import annotations

from layerwalk.session.state import Step, WalkState
from layerwalk.tui.panes.verdict_text import commands
from layerwalk.tui.words import ENDINGS

_LAST_KEY = 9
_COPY = ("copies its command", "copy their command")


def waiting_text(state: WalkState, elapsed_s: float) -> str:
    """Say what holds the walk up longest; ``elapsed_s`` counts from the walk's start."""
    if state.offers:
        return "waits for you: d shows what is to be decided, m lets it go on by itself"
    if not state.running:
        return "deciding what to measure next"
    last = max(state.running, key=lambda step: step.began_s + step.at_most_s)
    others = len(state.running) - 1
    more = f"; {others} more under way" if others else ""
    unrecorded = f"; not recorded: {state.unrecorded}" if state.unrecorded else ""
    return f"waits for {last.waits_for}: {_so_far(last, elapsed_s)}{more}{unrecorded}"


def _so_far(step: Step, elapsed_s: float) -> str:
    gone = min(max(0.0, elapsed_s - step.began_s), step.at_most_s)
    return f"{gone:.0f} s of at most {step.at_most_s:g} s"


def guide_note(state: WalkState) -> str:
    """Count the steps that are open."""
    return f"{len(state.offers)} open" if state.offers else ""


def guide_waiting(state: WalkState) -> str:
    """Say what has to end before the next step is offered."""
    titles = ", ".join(step.title for step in state.running)
    return f"Measuring: {titles}. The next step is offered when it is done." if titles else ""


def path_waiting(state: WalkState) -> str:
    """Say, where the path will stand, why there is none."""
    if not state.ended:
        return "No hop has been seen yet."
    return "No path was traced: nothing that was found called for it, or got so far."


def evidence_waiting(state: WalkState) -> str:
    """Say, where the evidence will stand, why there is none."""
    return "Nothing was measured." if state.ended else "Nothing has been measured yet."


def no_verdict_text(state: WalkState, error: str) -> str:
    """Say, where the verdict will stand, why there is none."""
    if error:
        return f"The walk broke off, by a defect of layerwalk: {error}. r walks again."
    if state.ended:
        return "The walk ended without a verdict. r walks again."
    layers = sorted({step.layer for step in state.running}, reverse=True)
    where = f" Layer {', '.join(map(str, layers))} is being measured." if layers else ""
    budget = f" It comes after {state.budget_s:g} s at the latest." if state.budget_s else ""
    return f"No verdict yet.{where}{budget}"


def ended_text(state: WalkState, error: str) -> str:
    """Say how a walk ended, and what can be done next."""
    if error or state.verdict is None:
        return "there is no verdict; r walks again"
    how = ENDINGS.get(state.ended, state.ended)
    numbers = [str(number) for number in commands(state.verdict) if number <= _LAST_KEY]
    keys = f"{', '.join(numbers)} {_COPY[len(numbers) > 1]}, " if numbers else ""
    unrecorded = f"; not recorded: {state.unrecorded}" if state.unrecorded else ""
    before = f"{how}; " if how else keys
    return f"{before}w writes the report{unrecorded}"
