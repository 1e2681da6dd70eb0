"""The catalogue: every cause that has a file in the causes' folder."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from layerwalk.diagnosis import causes as folder
from layerwalk.diagnosis.model import Cause


@cache
def causes() -> tuple[Cause, ...]:
    """All causes, by layer and then by id."""
    names = sorted(module.name for module in pkgutil.iter_modules(folder.__path__))
    found = (importlib.import_module(f"{folder.__name__}.{name}").CAUSE for name in names)
    return tuple(sorted(found, key=lambda cause: (cause.layer, cause.id)))


def cause(identifier: str) -> Cause | None:
    """The cause of this id, if it has a file."""
    return next((one for one in causes() if one.id == identifier), None)
