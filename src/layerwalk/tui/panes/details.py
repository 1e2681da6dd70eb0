"""All that is known of one line: a piece of evidence, or a hop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
from textual.content import Content

from layerwalk.session.opening_packets import opened_packets
from layerwalk.session.report import EvidenceEntry, HopRow
from layerwalk.session.size_figure import size_figure
from layerwalk.session.wording import layer_name, syn_fates
from layerwalk.tui.lettering import Lettering
from layerwalk.tui.words import FATES, status_word


@dataclass(frozen=True)
class Details:
    """A title, what is known, and the command that shows a person the same."""

    title: str
    content: Content
    command: str = ""


def evidence_details(
    entry: EvidenceEntry, lettering: Lettering, path: Sequence[HopRow] = ()
) -> Details:
    """Tell all about a piece of evidence; ``path`` gives its hops their names."""
    word = status_word(entry.status)
    lines = [
        ("Finding", lettering.block(entry.finding)),
        ("Status", lettering.text(f"{word.word}{': ' if word.says else ''}{word.says}")),
        ("Layer", layer_name(entry.layer)),
        ("Measured", f"{entry.started:.3f} s after the start, for {entry.seconds:.3f} s"),
    ]
    content = Content("\n").join(_labelled(lines))
    if entry.command:
        command = lettering.block(entry.command)
        content += Content.assemble("\n\n", ("To see the same", "bold"), f"\n{command}")
    figure = size_figure(entry, path)
    if figure:
        drawn = lettering.block("\n".join(figure[1:]))
        content += Content.assemble("\n\n", (lettering.text(figure[0]), "bold"), f"\n{drawn}")
    packets = opened_packets(entry)
    if packets:
        read = lettering.block("\n\n".join(packets))
        content += Content.assemble("\n\n", ("Packets that came back", "bold"), f"\n{read}")
    if entry.data:
        data = lettering.block(_readable(entry.data))
        content += Content.assemble("\n\n", ("What the probe recorded", "bold"), f"\n{data}")
    return Details(lettering.text(f"{entry.id} {entry.probe}"), content, entry.command)


def hop_details(hop: HopRow, lettering: Lettering, path: Sequence[HopRow] = ()) -> Details:
    """Tell all about a hop of a path."""
    fates = dict(zip((it.hop for it in path), syn_fates(path), strict=True))
    syn = FATES[fates.get(hop.hop, "")]
    times = [f"{name} {hop.rtt_s[name] * 1000:.2f} ms" for name in hop.rtt_s]
    lines = [
        ("Answered by", lettering.text(", ".join(hop.addresses) or "nobody")),
        ("Probes", f"{hop.received} of {hop.sent} answered"),
        *((kind.upper(), f"{came} of {sent} answered") for kind, (sent, came) in _kinds(hop)),
        ("Round trip", ", ".join(times) or "not measured"),
        ("SYN", ": ".join(filter(None, (syn.word, syn.says))) or "not sent this far"),
        ("Target", "yes, this is the end of the path" if hop.target else "no, a router on the way"),
    ]
    return Details(f"Hop {hop.hop}", Content("\n").join(_labelled(lines)))


def _kinds(hop: HopRow) -> Iterator[tuple[str, tuple[int, int]]]:
    yield from ((kind, counts) for kind, counts in hop.probes.items() if kind != "syn")


def _labelled(lines: list[tuple[str, str]]) -> list[Content]:
    width = max(len(label) for label, _text in lines)
    return [Content.assemble((label.ljust(width + 2), "bold"), text) for label, text in lines]


def _readable(data: dict[str, object]) -> str:
    return msgspec.json.format(msgspec.json.encode(data, order="sorted"), indent=2).decode()
