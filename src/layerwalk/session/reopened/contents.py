"""What is in a saved file, as bytes; refused where it can't be read or is far too much."""

from __future__ import annotations

from pathlib import Path

from layerwalk.session.plain import shortened
from layerwalk.session.targets import BadInput

LARGEST = 64 << 20
"""The largest file that is read, in bytes; a report has some hundred thousand."""


def contents(path: Path) -> bytes:
    """Read a file.

    Raises:
        BadInput: it can't be read, or is no saved session by its size.
    """
    name = shortened(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else "") or "no file has such a name"
        raise BadInput(f"'{name}' can't be read: {why}; name a saved session") from error
    if len(data) > LARGEST:
        raise BadInput(f"'{name}' is larger than any saved session ({LARGEST >> 20} MiB)")
    if not data.strip():
        raise BadInput(f"'{name}' is empty; name a saved session")
    return data
