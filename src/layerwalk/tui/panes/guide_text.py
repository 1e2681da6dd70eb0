"""The text of an offered step, at the width that there is."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from textual.content import Content

from layerwalk.session.report import Offer
from layerwalk.session.wording import layer_name
from layerwalk.tui.lettering import Lettering, Sign

_LABEL = 9
_NARROWEST = 30
_MOST_OTHERS = 6


def guide_text(offers: Sequence[Offer], lettering: Lettering, width: int) -> Content:
    """Write the first offer with all that is to be known before it runs, and name the others."""
    offer, width = offers[0], max(width, _NARROWEST)
    title = lettering.text(f"{offer.title} {offer.about}".strip())
    lines = [
        Content.assemble((title, "bold"), f"  {layer_name(offer.layer)}"),
        *_labelled("Asks", lettering.text(offer.asks), width),
        *_labelled("Why now", lettering.text(offer.why), width),
        *_labelled("Costs", cost_in_words(offer), width),
        Content.styled(_heading(offer), "bold"),
        *_choices(offer, lettering, width),
    ]
    if len(offers) > 1:
        lines += _labelled("Open too", lettering.text(_others(offers[1:])), width)
    return Content("\n").join(lines)


def cost_in_words(offer: Offer) -> str:
    """Say what a step costs: ``3 to 6 packets, 0.2 to 3.6 s``."""
    if offer.kind == "question":
        return "no packet, and your time"
    least, most = offer.packets
    packets = _range(str(least), str(most)) if most else "no"
    word = "packet" if packets in {"1", "no"} else "packets"
    seconds = _range(f"{offer.seconds[0]:g}", f"{offer.seconds[1]:g}")
    return f"{packets} {word}, {seconds} s"


def _range(least: str, most: str) -> str:
    return most if least == most else f"{least} to {most}"


def _heading(offer: Offer) -> str:
    if offer.kind == "question":
        return "A number answers:"
    return "What each outcome would prove (a number answers in its place):"


def _choices(offer: Offer, lettering: Lettering, width: int) -> Iterator[Content]:
    so = lettering.sign(Sign.SO)
    for number, choice in enumerate(offer.choices, 1):
        text = lettering.text(f"{choice.text} {so} {choice.proves}")
        yield from _hanging(f" {number}  ", text, width)


def _others(offers: Sequence[Offer]) -> str:
    names = list(dict.fromkeys(offer.title for offer in offers))
    more = f", and {len(names) - _MOST_OTHERS} more" if len(names) > _MOST_OTHERS else ""
    return ", ".join(names[:_MOST_OTHERS]) + more


def _labelled(label: str, text: str, width: int) -> list[Content]:
    return list(_hanging(f"{label:<{_LABEL}}", text, width))


def _hanging(label: str, text: str, width: int) -> Iterator[Content]:
    """Write text behind a label, the next lines below the first."""
    lines = textwrap.wrap(text, max(1, width - len(label)), break_on_hyphens=False) or [""]
    yield Content.assemble((label, "bold"), lines[0])
    for line in lines[1:]:
        yield Content(" " * len(label) + line)
