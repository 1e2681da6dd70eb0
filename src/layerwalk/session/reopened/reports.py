"""Saved reports, read back: one, or an array of them."""

from __future__ import annotations

import msgspec

from layerwalk.session.plain import shortened
from layerwalk.session.reopened.bounds import is_bounded
from layerwalk.session.report import Report
from layerwalk.session.targets import BadInput

_LONGEST = 120


def reports_in(data: bytes, name: str) -> Report | tuple[Report, ...]:
    """Read the report, or the array of them, in a file's contents; refusals call it ``name``.

    Raises:
        BadInput: it holds none, or something that is none.
    """
    try:
        read: Report | tuple[Report, ...] = msgspec.json.decode(
            data, type=Report | tuple[Report, ...]
        )
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        why = shortened(str(error), _LONGEST)
        raise BadInput(f"'{name}' is no report of layerwalk: {why}") from error
    except RecursionError as error:
        raise BadInput(f"'{name}' is no report of layerwalk: it is nested too deep") from error
    reports = read if isinstance(read, tuple) else (read,)
    if not reports:
        raise BadInput(f"'{name}' is an array with no report in it")
    if not all(map(is_bounded, reports)):
        raise BadInput(f"'{name}' is no report of layerwalk: it is nested too deep, or too wordy")
    return read
