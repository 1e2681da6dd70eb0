"""Run a probe on a host of the lab, and bring its facts back."""

import base64
import importlib
import pickle
import sys
from collections.abc import Sequence
from typing import Any

from layerwalk.lab.build import Lab
from layerwalk.lab.errors import LabError
from layerwalk.probes.context import ProbeContext

RUN = """
import base64, importlib, pickle, sys
from layerwalk.probes.context import ProbeContext
name, function, calls = pickle.loads(base64.b64decode(sys.stdin.read()))
probe = getattr(importlib.import_module(f"layerwalk.probes.{name}"), function)
facts = [probe(*call, ProbeContext()) for call in calls]
print(base64.b64encode(pickle.dumps(facts)).decode())
"""


def probed(
    lab: Lab, host: str, probe: str, calls: Sequence[tuple[Any, ...]], *, function: str = ""
) -> list[Any]:
    """Call a probe as often as there are tuples of arguments; of a module's several, by name.

    This thread goes to the host for it; where it may not, another process does.
    """
    found = getattr(importlib.import_module(f"layerwalk.probes.{probe}"), function or probe)
    try:
        with lab.inside(host):
            return [found(*call, ProbeContext()) for call in calls]
    except LabError:
        return probed_apart(lab, host, probe, calls, function=function)


def probed_apart(
    lab: Lab,
    host: str,
    probe: str,
    calls: Sequence[tuple[Any, ...]],
    wrapper: Sequence[str] = (),
    *,
    function: str = "",
) -> list[Any]:
    """Do the same in a process of its own, with the host's files; a wrapper may take rights."""
    asked = base64.b64encode(pickle.dumps((probe, function or probe, list(calls)))).decode()
    command = [*wrapper, sys.executable, "-W", "error", "-c", RUN]
    done = lab.run(host, command, input=asked)
    assert done.returncode == 0, done.stderr
    brought: list[Any] = pickle.loads(base64.b64decode(done.stdout))  # noqa: S301  # our own
    return brought
