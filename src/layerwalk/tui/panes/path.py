"""The path as a table: a line for each hop, and one for each further address or addition there."""

from __future__ import annotations

from layerwalk.session.report import HopRow
from layerwalk.session.state import WalkState
from layerwalk.session.wording import syn_fates
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.panes.cells import TONES, Cell, Row, Tone
from layerwalk.tui.words import FATES

_NOTHING = Cell("")
_FEW_MS, _MANY_MS = 9.995, 99.95


def path_rows(state: WalkState, lettering: Lettering) -> list[Row]:
    """Make the rows of the path."""
    hops = zip(state.path, syn_fates(state.path), strict=True)
    return [row for hop, syn in hops for row in _hop_rows(hop, syn, lettering)]


def _hop_rows(hop: HopRow, syn: str, lettering: Lettering) -> list[Row]:
    names = [lettering.text(address) for address in hop.addresses] or ["no answer"]
    tone = Tone.PLAIN if hop.addresses else Tone.QUIET
    if hop.target:
        names[0] += " target"
        tone = Tone.STRONG
    more = ("loss", "sent", "received", "best", "mean", "worst", "icmp", "udp", "syn")
    first = Row(
        key=str(hop.hop),
        cells={
            "hop": Cell(str(hop.hop), Tone.STRONG),
            "address": Cell(names[0], tone),
            "name": _name(hop, 0, lettering),
            **_figures(hop),
            "icmp": _seen(hop, "icmp"),
            "udp": _seen(hop, "udp"),
            "syn": _fate(syn, lettering),
        },
    )
    others = [
        Row(
            key=f"{hop.hop}/{number}",
            cells={
                "hop": _NOTHING,
                "address": Cell(name, tone),
                "name": _name(hop, number - 1, lettering),
                **dict.fromkeys(more, _NOTHING),
            },
        )
        for number, name in enumerate(names[1:], 2)
    ]
    added = [
        Row(
            key=f"{hop.hop}/+{number}",
            cells={"name": Cell(lettering.text(words), Tone.QUIET)}
            | dict.fromkeys(("hop", "address", *more), _NOTHING),
        )
        for number, words in enumerate(hop.extensions)
    ]
    return [first, *others, *added]


def _name(hop: HopRow, place: int, lettering: Lettering) -> Cell:
    """Give the name of the address at this place, if it is known."""
    return Cell(lettering.text(hop.names[place])) if place < len(hop.names) else _NOTHING


def counted(hop: HopRow) -> tuple[int, int]:
    """Give what was sent and what came back, of the kind of probe that the hop answers best.

    All kinds together would call a router lossy for a SYN that is dropped behind it.
    """
    kinds = [counts for counts in hop.probes.values() if counts[0]] or [(hop.sent, hop.received)]
    return max(kinds, key=lambda counts: (counts[1] / max(1, counts[0]), counts[0]))


def _figures(hop: HopRow) -> dict[str, Cell]:
    sent, came = counted(hop)
    loss = f"{100 * (1 - came / sent):.0f}%" if sent else ""
    times = {name: Cell(_milliseconds(hop.rtt_s.get(name))) for name in ("best", "mean", "worst")}
    return {
        "loss": Cell(loss, Tone.PLAIN if came == sent else Tone.OPEN),
        "sent": Cell(str(sent) if sent else ""),
        "received": Cell(str(came) if sent else ""),
        **times,
    }


def _milliseconds(seconds: float | None) -> str:
    """Write a time with as many decimals as mean something, in five cells."""
    if seconds is None:
        return ""
    milliseconds = seconds * 1000
    decimals = 2 if milliseconds < _FEW_MS else 1 if milliseconds < _MANY_MS else 0
    return f"{milliseconds:.{decimals}f}"


def _seen(hop: HopRow, kind: str) -> Cell:
    sent, answered = hop.probes.get(kind, (0, 0))
    if not sent:
        return _NOTHING
    return Cell("answered", Tone.GOOD) if answered else Cell("silent", Tone.QUIET)


def _fate(syn: str, lettering: Lettering) -> Cell:
    word = FATES[syn]
    return (
        Cell(f"{lettering.sign(word.sign)} {word.word}", TONES[word.sign])
        if word.word
        else _NOTHING
    )


def path_note(state: WalkState, lettering: Lettering) -> str:
    """Say where the path leads."""
    return f"to {lettering.text(state.path_to)}" if state.path_to else ""


def hop_of(state: WalkState, key: str) -> HopRow | None:
    """Find a hop by the key of one of its rows."""
    number = key.partition("/")[0]
    return next((hop for hop in state.path if str(hop.hop) == number), None)
