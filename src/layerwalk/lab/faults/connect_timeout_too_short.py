"""The program waits for less time than it takes to connect."""

from layerwalk.lab.faults.high_latency import MEDIUM_S, stretched
from layerwalk.lab.shapes import (
    Fault,
    Scenario,
    Shape,
    at_client,
    on_path,
    target_address,
)

CAUSE = "connect-timeout-too-short"
TIMEOUT_S = 0.2


def _far(shape: Shape) -> Scenario:
    network = stretched(shape, MEDIUM_S)
    args = ("--timeout", str(TIMEOUT_S))
    return Scenario(network, target_address(network, shape), CAUSE, {"kind": "local"}, args=args)


FAULTS = (
    Fault(
        CAUSE,
        "connecting takes 0.3 s, and the program waits for 0.2 s",
        CAUSE,
        lambda: at_client() + on_path(),
        _far,
    ),
)
