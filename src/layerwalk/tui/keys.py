"""Every key of the app: what it is, where it works, what it does; for the bindings and the help."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from textual.binding import Binding, BindingType


class Place(Enum):
    """Where a key works, as the help names it."""

    ANYWHERE = "Anywhere"
    START = "Start screen"
    ERROR = "A pasted error line"
    WALK = "Walk"
    GUIDED = "Guided, in the pane Decide"
    REPLAY = "In a saved walk"
    CHOOSING = "Several saved walks"
    LIST = "In a list"
    VERDICT = "In the verdict"
    DIALOG = "In the help and in details"
    SOCKETS = "Sockets"
    SAVING = "Writing a report"
    CONSENT = "Before this machine's rules are changed"


@dataclass(frozen=True)
class Key:
    """One row of the table: Textual's names of the keys, and how people write them.

    An action with ``{key}`` in it is told which key was pressed. ``brief`` stands in the line of
    keys below the screen.
    """

    place: Place
    keys: str
    shown: str
    action: str
    says: str
    brief: str = ""
    priority: bool = False


KEYS = (
    Key(Place.ANYWHERE, "ctrl+c,ctrl+q", "Ctrl+C", "app.quit", "quit, even while typing", "", True),
    Key(Place.START, "enter", "Enter", "submit", "walk to what is typed or pasted", "walk"),
    Key(Place.START, "question_mark", "?", "app.help", "this help (in an empty line)", "help"),
    Key(Place.START, "down", "Down", "recent", "to the recent sessions; Enter opens one", "recent"),
    Key(
        Place.START,
        "ctrl+g",
        "Ctrl+G",
        "guided",
        "walk guided: stop before each step, and ask; or not",
    ),
    Key(
        Place.START,
        "ctrl+r",
        "Ctrl+R",
        "server",
        "walk as the server that others can't reach; or not",
    ),
    Key(Place.START, "ctrl+l", "Ctrl+L", "app.sockets", "this machine's sockets", "sockets"),
    Key(Place.START, "escape", "Esc", "leave", "back to the line; from there, quit", "quit"),
    Key(Place.ERROR, "enter", "Enter", "submit", "walk to the chosen target", "walk"),
    Key(Place.ERROR, "question_mark,h", "? h", "app.help", "this help", "help"),
    Key(Place.ERROR, "escape,q", "Esc q", "close", "back to the line", "back"),
    Key(Place.WALK, "question_mark,h", "? h", "app.help", "this help", "help"),
    Key(Place.WALK, "q", "q", "app.quit", "quit; a running walk is stopped", "quit"),
    Key(Place.WALK, "c", "c", "copy", "copy the command of what is chosen", "copy"),
    Key(Place.WALK, "w", "w", "write", "write the report to a file", "write"),
    Key(Place.WALK, "r", "r", "again", "walk again to the same target", "again"),
    Key(Place.WALK, "n", "n", "new", "another target", "new"),
    Key(Place.WALK, "x", "x", "stop", "stop, and judge by what was measured", "stop"),
    Key(Place.WALK, "m", "m", "mode", "go on guided, step by step; or by itself", "guided"),
    Key(Place.WALK, "t", "t", "trace", "let the kernel name the rule; asks first", "trace"),
    Key(Place.WALK, "o", "o", "app.sockets", "the sockets with the target's port", "sockets"),
    Key(Place.WALK, "d", "d", "pane('decide')", "guided: the step that waits for you"),
    Key(Place.WALK, "v", "v", "pane('verdict')", "the verdict"),
    Key(Place.WALK, "s", "s", "pane('steps')", "the steps, layer by layer"),
    Key(Place.WALK, "p", "p", "pane('path')", "the path, hop by hop"),
    Key(Place.WALK, "e", "e", "pane('evidence')", "the evidence, probe by probe"),
    Key(Place.WALK, "tab", "Tab", "next_pane(1)", "the next of these"),
    Key(Place.WALK, "shift+tab", "Shift+Tab", "next_pane(-1)", "the one before"),
    Key(
        Place.WALK,
        "1,2,3,4,5,6,7,8,9",
        "1-9",
        "copy({key})",
        "copy the command of that recommendation",
    ),
    Key(Place.GUIDED, "enter", "Enter", "run_it", "run the step", "run"),
    Key(Place.GUIDED, "i", "i", "skip", "skip it", "skip"),
    Key(
        Place.GUIDED,
        "1,2,3,4,5,6,7,8,9",
        "1-9",
        "answer({key})",
        "answer it yourself, by the number of an outcome",
        "answer",
    ),
    Key(
        Place.GUIDED,
        "b,right",
        "b Right",
        "branch(1)",
        "another branch: the next open step",
        "branch",
    ),
    Key(Place.GUIDED, "left", "Left", "branch(-1)", "another branch: the step before"),
    Key(
        Place.GUIDED,
        "u,backspace",
        "u BkSp",
        "back",
        "back: undo a skip, an answer, a choice; run a step again",
        "back",
    ),
    Key(Place.GUIDED, "down,j", "Down j", "scroll_down", "scroll down"),
    Key(Place.GUIDED, "up,k", "Up k", "scroll_up", "scroll up"),
    Key(Place.GUIDED, "pagedown,space", "PgDn Space", "page_down", "a page on"),
    Key(Place.GUIDED, "pageup", "PgUp", "page_up", "a page back"),
    Key(Place.REPLAY, "a", "a", "replay", "replay the walk from its beginning; stop", "replay"),
    Key(Place.REPLAY, "full_stop", ".", "step(1)", "the next event", "step"),
    Key(Place.REPLAY, "comma", ",", "step(-1)", "the event before"),
    Key(Place.REPLAY, "plus", "+", "pace(1)", "replay faster"),
    Key(Place.REPLAY, "minus", "-", "pace(-1)", "replay slower"),
    Key(Place.CHOOSING, "enter", "Enter", "submit", "open the chosen session", "open"),
    Key(Place.CHOOSING, "question_mark,h", "? h", "app.help", "this help", "help"),
    Key(Place.CHOOSING, "escape,q", "Esc q", "app.quit", "quit", "quit"),
    Key(Place.LIST, "down,j", "Down j", "move(1)", "next line"),
    Key(Place.LIST, "up,k", "Up k", "move(-1)", "line before"),
    Key(Place.LIST, "pagedown,space", "PgDn Space", "page(1)", "a page on"),
    Key(Place.LIST, "pageup", "PgUp", "page(-1)", "a page back"),
    Key(Place.LIST, "home,g", "Home g", "ends(-1)", "first line"),
    Key(Place.LIST, "end,G", "End G", "ends(1)", "last line"),
    Key(Place.LIST, "enter", "Enter", "open", "all that is known of the line; what it stands for"),
    Key(Place.VERDICT, "down,j", "Down j", "scroll_down", "scroll down"),
    Key(Place.VERDICT, "up,k", "Up k", "scroll_up", "scroll up"),
    Key(Place.VERDICT, "pagedown,space", "PgDn Space", "page_down", "a page on"),
    Key(Place.VERDICT, "pageup", "PgUp", "page_up", "a page back"),
    Key(Place.VERDICT, "home,g", "Home g", "scroll_home", "to the top"),
    Key(Place.VERDICT, "end,G", "End G", "scroll_end", "to the end"),
    Key(Place.VERDICT, "right", "Right", "choose(1)", "choose the next recommendation"),
    Key(Place.VERDICT, "left", "Left", "choose(-1)", "choose the one before"),
    Key(Place.DIALOG, "escape", "Esc", "close", "close", "close"),
    Key(Place.DIALOG, "down,j", "Down j", "scroll(1)", "scroll down"),
    Key(Place.DIALOG, "up,k", "Up k", "scroll(-1)", "scroll up"),
    Key(Place.DIALOG, "pagedown,space", "PgDn Space", "scroll(10)", "a page on"),
    Key(Place.DIALOG, "pageup", "PgUp", "scroll(-10)", "a page back"),
    Key(Place.DIALOG, "c", "c", "copy", "copy the command shown there", "copy"),
    Key(Place.DIALOG, "q", "q", "app.quit", "quit", "quit"),
    Key(Place.SOCKETS, "enter", "Enter", "submit", "the chosen one: options, timers", "open"),
    Key(Place.SOCKETS, "r", "r", "again", "look again", "again"),
    Key(Place.SOCKETS, "f", "f", "which", "others: of a process, with a port, all", "which"),
    Key(Place.SOCKETS, "question_mark,h", "? h", "app.help", "this help", "help"),
    Key(Place.SOCKETS, "escape", "Esc", "close", "back", "back"),
    Key(Place.SOCKETS, "q", "q", "app.quit", "quit", "quit"),
    Key(Place.SAVING, "enter", "Enter", "submit", "write to the file that is named", "write"),
    Key(Place.SAVING, "escape", "Esc", "close", "write nothing", "close"),
    Key(Place.CONSENT, "y", "y", "agree", "yes: change the rules, and back", "yes"),
    Key(Place.CONSENT, "escape,n,q", "Esc n q", "refuse", "no: leave them alone", "no"),
    Key(Place.CONSENT, "down,j", "Down j", "scroll(1)", "scroll down"),
    Key(Place.CONSENT, "up,k", "Up k", "scroll(-1)", "scroll up"),
    Key(Place.CONSENT, "pagedown,space", "PgDn Space", "scroll(10)", "a page on"),
    Key(Place.CONSENT, "pageup", "PgUp", "scroll(-10)", "a page back"),
)


def bindings(place: Place, *, but: str = "") -> list[BindingType]:
    """Make the bindings of a place, but for some actions (their names with blanks between)."""
    left_out = set(but.split())
    return [
        Binding(key, row.action.format(key=key), row.says, show=False, priority=row.priority)
        for row in KEYS
        if row.place is place and row.action not in left_out
        for key in row.keys.split(",")
    ]


def briefs(place: Place, *, but: str = "") -> list[tuple[str, str]]:
    """Give what the line of keys says of a place: key and word."""
    left_out = set(but.split())
    rows = [row for row in KEYS if row.place is place and row.brief]
    return [(row.shown.split()[0], row.brief) for row in rows if row.action not in left_out]
