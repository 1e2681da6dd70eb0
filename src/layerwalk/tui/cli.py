"""The command ``layerwalk``: from the words on the command line to an exit status."""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Sequence

from layerwalk.session.targets import BadInput
from layerwalk.tui import statuses
from layerwalk.tui.arguments import parse
from layerwalk.tui.console import abandon, complain, prepare
from layerwalk.tui.leaving import Leaving
from layerwalk.tui.requests import Causes, Convert, Demo, Diagnose, OpenSaved, Request, Sockets

_GARBAGE = 20_000
"""So many new objects make Python look for garbage, of which there is little: not every 700, which
takes a tenth of the time that loading the program takes."""


def command() -> int:
    """Be the program ``layerwalk``, in a process of its own, and give the exit status."""
    leaving = Leaving()
    gc.set_threshold(_GARBAGE)
    return leaving.with_status(main())


def main(words: Sequence[str] | None = None) -> int:
    """Do what the command line asks for and give the exit status.

    What a command does not need it does not load: each brings its own room with it.
    """
    prepare()
    try:
        return _perform(parse(sys.argv[1:] if words is None else words))
    except BadInput as refusal:
        complain(str(refusal))
        return statuses.BAD_USAGE
    except OSError as error:  # a full disk behind standard output, a program that is missing
        complain(str(error))
        return statuses.BAD_USAGE
    except KeyboardInterrupt:
        return statuses.INTERRUPTED
    except SystemExit as end:  # --help and --version
        return _asked_for(end)
    finally:
        _flush()


def _perform(request: Request) -> int:
    if isinstance(request, Causes | Sockets):
        return _show(request)
    if isinstance(request, Demo):
        from layerwalk.tui.demo import demo

        return demo(request)
    if isinstance(request, Convert):
        from layerwalk.tui.converting import convert

        return convert(request)
    if isinstance(request, OpenSaved):
        from layerwalk.tui.reopening import open_saved

        return open_saved(request)
    if isinstance(request, Diagnose):
        from layerwalk.tui.diagnose import diagnose

        return diagnose(request)
    from layerwalk.tui.opening import open_app

    return open_app(request)


def _show(request: Causes | Sockets) -> int:
    """Show what is there to be seen, without a walk."""
    if isinstance(request, Sockets):
        from layerwalk.tui.sockets import show_sockets

        return show_sockets(request)
    from layerwalk.tui.causes import show_causes

    return show_causes(request)


def _asked_for(end: SystemExit) -> int:
    return end.code if isinstance(end.code, int) else statuses.HEALTHY


def _flush() -> None:
    """Empty the streams now, while a reader that has gone can still be passed over in silence."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(ValueError):
                try:
                    stream.flush()
                except OSError:
                    abandon(stream)
