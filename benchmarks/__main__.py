"""Measure layerwalk in the lab: `python -m benchmarks [PART ...]`."""

import argparse
import compileall
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import layerwalk
from benchmarks import footprint, labs, machine, path, ports, results, sockets, start, verdict
from benchmarks.asked import Asked
from benchmarks.scenes import named
from benchmarks.tables import Section, markdown
from layerwalk.lab.errors import LabError
from layerwalk.lab.spec import FAMILIES, Family


@dataclass(frozen=True)
class Part:
    """What can be measured by itself, and the heading of its table."""

    title: str
    measured: Callable[[Asked], Section]


PARTS = {
    "verdict": Part("Time to verdict", verdict.measured),
    "path": Part("The path", path.measured),
    "ports": Part("Ports, beside nmap", ports.measured),
    "sockets": Part("50,000 sockets", sockets.measured),
    "footprint": Part("Memory and packets", footprint.measured),
    "start": Part("Start-up", start.measured),
    "lab": Part("The lab", labs.measured),
}
RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> int:
    """Understand what is asked for, and measure it."""
    options = parser().parse_args()
    try:
        asked = Asked(
            options.families,
            tuple(named(options.faults)) if options.faults else None,
            options.runs,
            options.routers,
            options.streams,
            options.seed,
            options.shapes,
        )
    except LookupError as error:
        parser().error(str(error.args[0]))
    compiled()
    with tempfile.TemporaryDirectory() as state:  # the walks here are nobody's recent sessions
        os.environ["XDG_STATE_HOME"] = state
        return measured(asked, options)


def compiled() -> None:
    """Compile the program as its installation does: from a checkout whose environment forbids
    Python to keep what it compiles, every process would do so anew.
    """
    compileall.compile_dir(Path(layerwalk.__file__).parent, quiet=1)


def measured(asked: Asked, options: argparse.Namespace) -> int:
    """Measure and print, and keep each part as soon as it is there, where that was asked for."""
    try:
        for name in options.parts or PARTS:
            about = machine.described(machine.load())
            section = PARTS[name].measured(asked)
            text = markdown(replace(section, how=f"{about} {section.how}"))
            print(text, flush=True)
            if options.write:
                keep(section.title, text)
    except LabError as error:
        print(f"no lab: {error}", file=sys.stderr)
        return 1
    return 0


def keep(title: str, text: str) -> None:
    """Put a section in its place on the page of results, and leave the others as they are."""
    page = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    order = [part.title for part in PARTS.values()]
    RESULTS.write_text(results.renewed(page, {title: text}, order), encoding="utf-8")


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    made.add_argument("parts", nargs="*", metavar="PART", help=" ".join(PARTS), type=part)
    made.add_argument("--faults", help="ids with commas, causes (one each), all")
    made.add_argument("--families", default=FAMILIES, type=families, help="4, 6 or 4,6")
    made.add_argument("--runs", type=positive, help="instead of each part's own number")
    made.add_argument("--routers", type=int, choices=range(13), help="length of the path")
    made.add_argument("--streams", type=positive, help="faults at once, instead of each part's own")
    made.add_argument("--seed", type=int, default=1, help="draws the shapes of faults: verdict")
    made.add_argument("--shapes", type=positive, default=1, help="shapes of each fault: verdict")
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
