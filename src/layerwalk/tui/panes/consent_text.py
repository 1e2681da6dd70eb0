"""What a person agrees to before the kernel is told to trace packets. Pure."""

from __future__ import annotations

from textual.content import Content

from layerwalk.probes.facts.standpoint import Role
from layerwalk.session.state import WalkState
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.details import Details

_COMMAND = "nft list tables"


def consent_details(state: WalkState, lettering: Lettering) -> Details:
    """Say what would be added to this machine's rules, for how long, and how it goes away."""
    target = lettering.text(state.target.input) if state.target else "the target"
    parts = [
        Content(
            "The verdict blames a rule of this machine's own firewall. The kernel can say which "
            f"one it is. For that, layerwalk walks to {target} again, and for a few seconds of "
            "that walk this machine's rules are changed:"
        ),
        *(Content.assemble((f"{name} ", "bold"), said) for name, said in _changes(state)),
        Content("If you say no, nothing is changed, and the verdict stays as it is."),
    ]
    return Details("May the kernel trace our packets?", Content("\n\n").join(parts), _COMMAND)


def _changes(state: WalkState) -> list[tuple[str, str]]:
    which = "the packets of one connection of ours to it, and their answers"
    if state.role == Role.SERVER:
        which = "some SYNs of clients to it, and their answers (a client has to try meanwhile)"
    added = (
        f"a table of layerwalk's own, named layerwalk_trace_..., with rules that mark {which}, so "
        "that the kernel reports each rule that they meet (meta nftrace set 1)."
    )
    removed = (
        "that table, at the end of the step, whatever happens: the kernel takes it away with the "
        "process that holds it. Where it can't, layerwalk deletes the table, and what a kill "
        "leaves behind the next walk deletes."
    )
    untouched = "all other tables and rules. Those added accept nothing and drop nothing."
    return [("Added:", added), ("Untouched:", untouched), ("Removed:", removed)]
