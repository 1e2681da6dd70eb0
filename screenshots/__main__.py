"""Take all pictures again: each from a real walk in a lab that is built for it."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from layerwalk.lab.build import build
from layerwalk.lab.demo import demo_network
from screenshots.pictures import PICTURES, Picture

FOLDER = Path(__file__).parent
_SETTINGS = {"LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "COLORTERM": "truecolor"}


def take(picture: Picture) -> None:
    """Build the picture's network, walk in it, write the picture, take the network down."""
    scenario = demo_network(picture.fault)
    file = FOLDER / f"{picture.name}.png"
    taking = [sys.executable, "-m", "screenshots.taking", picture.name, scenario.target, str(file)]
    with build(scenario.network) as lab, tempfile.TemporaryDirectory() as state:
        settings = {**os.environ, **_SETTINGS, "XDG_STATE_HOME": state}
        status = lab.popen(scenario.client, taking, cwd=FOLDER.parent, env=settings).wait()
    if status:
        sys.exit(f"{picture.name}: not taken")
    print(f"{file.relative_to(FOLDER.parent)}: {file.stat().st_size} bytes")


def main() -> None:
    """Take them one after another."""
    for picture in PICTURES:
        take(picture)


main()
