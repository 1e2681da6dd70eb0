"""The faults that a lab can be given: every module here with a tuple `FAULTS` adds its own.

`FAULTS` holds those with a cause, `HEALTHY` those that only look like one, `ALL` both, by id.
"""

import importlib
import pkgutil

from layerwalk.lab.shapes import Fault


def _found() -> dict[str, Fault]:
    every: dict[str, Fault] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda it: it.name):
        faults: tuple[Fault, ...] = importlib.import_module(f"{__name__}.{module.name}").FAULTS
        for fault in faults:
            if fault.id in every:
                raise ValueError(f"two faults are called {fault.id}")
            every[fault.id] = fault
    return every


ALL = _found()
FAULTS = {name: fault for name, fault in ALL.items() if fault.cause is not None}
HEALTHY = {name: fault for name, fault in ALL.items() if fault.cause is None}
