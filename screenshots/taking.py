"""Take one picture: walk for real, in whichever network this process stands, with no terminal.

Run on a host of a lab as `python -m screenshots.taking NAME TARGET FILE`.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cairosvg
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from layerwalk.session.options import Options
from layerwalk.session.state import WalkState
from layerwalk.session.targets import parse_target
from layerwalk.tui.app import LayerwalkApp
from layerwalk.tui.diagnose import beginning
from layerwalk.tui.screens.running import RunningScreen
from screenshots.pictures import PICTURES, Picture

_PATIENCE_S = 60


async def take(picture: Picture, target: str) -> str:
    """Walk to a target and give the screen as SVG, at the picture's moment.

    Raises:
        TimeoutError: the moment never came, or what must be seen was not.
    """
    walked = None if picture.pastes else parse_target(target)
    app = LayerwalkApp(beginning(Options(unprivileged=picture.unprivileged)), walked)
    app.guided = picture.guided
    async with app.run_test(size=(picture.columns, picture.rows)) as pilot:
        if picture.pastes:
            await _paste(pilot, target)
        else:
            await _until(pilot, lambda: _is_the_moment(pilot, picture))
        await pilot.press(*picture.keys)
        await _until(pilot, lambda: picture.seen in app.export_screenshot().replace("&#160;", " "))
        return app.export_screenshot()


async def _paste(pilot: Pilot[WalkState | None], target: str) -> None:
    """Paste what curl says about the target."""
    curl = ["curl", "-sS", "--connect-timeout", "2", f"http://{target}/"]
    said = await asyncio.to_thread(
        subprocess.run, curl, capture_output=True, text=True, check=False
    )
    await _until(pilot, lambda: bool(pilot.app.screen.query(Input)))
    pilot.app.screen.query_one(Input).post_message(events.Paste(f"{said.stderr}\n$"))


def _is_the_moment(pilot: Pilot[WalkState | None], picture: Picture) -> bool:
    screen = pilot.app.screen
    if not isinstance(screen, RunningScreen):
        return False
    if picture.guided:
        return bool(screen.state.offers)
    if picture.live:
        return bool(screen.state.running and len(screen.state.path) > 1)
    return bool(screen.state.ended) and not screen.under_way


async def _until(pilot: Pilot[WalkState | None], true: Callable[[], bool]) -> None:
    async with asyncio.timeout(_PATIENCE_S):
        while not true():
            await pilot.pause()


def main(name: str, target: str, file: str) -> None:
    """Write a picture as PNG."""
    picture = next(it for it in PICTURES if it.name == name)
    svg = asyncio.run(take(picture, target))
    Path(file).write_bytes(cairosvg.svg2png(svg.encode()))


if __name__ == "__main__":
    main(*sys.argv[1:])
