"""``layerwalk demo``: a small broken network on this machine, a walk in it, and its end."""

from __future__ import annotations

import contextlib
import difflib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from layerwalk.lab.build import build
from layerwalk.lab.demo import DEFAULT, demo_network, titles
from layerwalk.lab.errors import LabError
from layerwalk.lab.shapes import Scenario
from layerwalk.session.plain import shortened
from layerwalk.session.targets import BadInput
from layerwalk.tui import statuses
from layerwalk.tui.console import complain, say
from layerwalk.tui.requests import Demo, Detail
from layerwalk.tui.terminal import can_paint

FORWARDED = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
WALKED = frozenset({statuses.HEALTHY, statuses.FAULT, statuses.INCONCLUSIVE})
_LOOK_S = 0.2
_BY_THE_KERNEL = 0x80  # SI_KERNEL, sigaction(2)
_FLAGS = {Detail.LITTLE: ("-q",), Detail.USUAL: (), Detail.ALL: ("-v",)}


class Standing(Protocol):
    """What the demo needs of a lab that stands."""

    def popen(self, host: str, argv: list[str], **kwargs: Any) -> subprocess.Popen[Any]:
        """Start a program on a host."""

    def close(self) -> None:
        """Take the lab down."""


def demo(request: Demo, raise_lab: Callable[[Scenario], Standing] | None = None) -> int:
    """Build the network, walk in it, take it down; a fault that is found is a success here.

    Raises:
        BadInput: no fault has this name.
    """
    if request.listing:
        say(_listed())
        return statuses.HEALTHY
    scenario = _scenario(request)
    _announce(request, scenario)
    try:
        lab = (raise_lab or _raised)(scenario)
    except LabError as error:
        complain(f"the network can't be built here: {error}")
        return statuses.BAD_USAGE
    try:
        command = walking_command(scenario, request.detail, unprivileged=request.unprivileged)
        status = _run(lab.popen(scenario.client, command, env=dict(os.environ)))
    finally:
        lab.close()
    with contextlib.suppress(OSError):  # whoever would read it may have gone
        _tell_end(request)
    return statuses.HEALTHY if status in WALKED else status


def walking_command(
    scenario: Scenario, detail: Detail = Detail.USUAL, *, unprivileged: bool = False
) -> list[str]:
    """Give the command that walks: in the app, or as text where there is no terminal for it."""
    python = [sys.executable, "-P", "-m", "layerwalk"]
    flags = _FLAGS[detail]
    command = ("diagnose", *flags) if flags or not can_paint() else ()
    rights = ["--unprivileged"] if unprivileged else []
    return [*python, *command, *rights, *scenario.args, scenario.target]


def _raised(scenario: Scenario) -> Standing:
    return build(scenario.network)


def _scenario(request: Demo) -> Scenario:
    known = titles()
    if request.fault is not None and request.fault not in known:
        close = difflib.get_close_matches(request.fault.lower(), known, n=3)
        hint = f"did you mean {' or '.join(close)}?" if close else "--list names them"
        raise BadInput(f"no fault is called '{shortened(request.fault)}'; {hint}")
    return demo_network(request.fault)


def _listed() -> str:
    known = titles()
    widest = max(len(name) for name in known)
    return "".join(f"{name:<{widest}}  {title.rstrip('.')}\n" for name, title in known.items())


def _announce(request: Demo, scenario: Scenario) -> None:
    count = len(scenario.network.routers)
    routers = "1 router" if count == 1 else f"{count} routers"
    fault = f", fault: {request.fault}" if request.fault else ""
    told = f": {_title(request)}" if request.detail is Detail.ALL else ""
    say(
        f"Building a small broken network on this machine ({routers}{fault}{told}),"
        f" then walking to {scenario.target} in it.\n"
    )


def _tell_end(request: Demo) -> None:
    say(f"The network is taken down. What it was built to show: {_title(request)}.\n")


def _title(request: Demo) -> str:
    return titles()[request.fault or DEFAULT].rstrip(".")


def _run(child: subprocess.Popen[Any]) -> int:
    with _held_back():
        while child.poll() is None:
            _pass_on(child)
    return child.returncode if child.returncode >= 0 else statuses.INTERRUPTED


@contextlib.contextmanager
def _held_back() -> Iterator[None]:
    """Hold the signals back from this process, so that they can be passed on instead."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _pass_on(child: subprocess.Popen[Any]) -> None:
    """Pass on one signal, except a key of the terminal, which has reached the child by itself."""
    signalled = signal.sigtimedwait(FORWARDED, _LOOK_S)
    if signalled is None:
        return
    key = signalled.si_code == _BY_THE_KERNEL and signalled.si_signo != signal.SIGHUP
    if not key:
        child.send_signal(signalled.si_signo)
