"""Measure layerwalk in the lab: `python -m benchmarks [PART ...]`."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks import footprint, labs, machine, ports, start, verdict
from benchmarks.asked import Asked
from benchmarks.scenes import named
from benchmarks.tables import markdown
from layerwalk.lab.errors import LabError
from layerwalk.lab.spec import FAMILIES, Family

PARTS = {
    "verdict": verdict.measured,
    "footprint": footprint.measured,
    "start": start.measured,
    "lab": labs.measured,
    "ports": ports.measured,
}
RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> int:
    """Understand what is asked for, and measure it."""
    options = parser().parse_args()
    try:
        asked = Asked(
            tuple(named(options.faults)),
            options.families,
            options.runs,
            options.routers,
            options.streams,
        )
    except LookupError as error:
        parser().error(str(error.args[0]))
    with tempfile.TemporaryDirectory() as state:  # the walks here are nobody's recent sessions
        os.environ["XDG_STATE_HOME"] = state
        return measured(asked, options)


def measured(asked: Asked, options: argparse.Namespace) -> int:
    """Measure, print, and keep where that was asked for."""
    texts = [f"# What layerwalk takes\n\n{machine.described(machine.load())}\n"]
    try:
        for part in options.parts or PARTS:
            texts.append(markdown(PARTS[part](asked)))
            print(texts[-1], flush=True)
    except LabError as error:
        print(f"no lab: {error}", file=sys.stderr)
        return 1
    if options.write:
        RESULTS.write_text("\n".join(texts), encoding="utf-8")
    return 0


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    made.add_argument("parts", nargs="*", metavar="PART", help=" ".join(PARTS), type=part)
    made.add_argument("--faults", default="causes", help="ids with commas, causes (one each), all")
    made.add_argument("--families", default=FAMILIES, type=families, help="4, 6 or 4,6")
    made.add_argument("--runs", type=positive, help="instead of each part's own number")
    made.add_argument("--routers", type=int, choices=range(13), help="length of the path")
    made.add_argument("--streams", type=positive, default=os.cpu_count(), help="faults at once")
    made.add_argument("--write", action="store_true", help=f"keep the tables in {RESULTS.name}")
    return made


def part(text: str) -> str:
    """A part's name."""
    if text not in PARTS:
        raise argparse.ArgumentTypeError(f"no part {text}: {' '.join(PARTS)}")
    return text


def families(text: str) -> tuple[Family, ...]:
    """Families with commas."""
    chosen = tuple(family for family in FAMILIES if str(family) in text.split(","))
    if not chosen:
        raise argparse.ArgumentTypeError("4, 6 or 4,6")
    return chosen


def positive(text: str) -> int:
    """A number of runs."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("a number above zero")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
