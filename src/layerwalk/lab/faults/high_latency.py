"""A cable somewhere is very long: round trips take a second, or half of what the program waits."""

from layerwalk.lab.shapes import (
    Fault,
    Scenario,
    Shape,
    Where,
    after,
    at_client,
    base,
    on_path,
    router,
    target_address,
)
from layerwalk.lab.spec import Impairment, Network

CAUSE = "high-latency"
LONG_S, MEDIUM_S = 1.2, 0.3
SWING_S, SWINGS_BY_S = 0.7, 0.25
TIMEOUT_S, SWING_TIMEOUT_S = 0.5, 1.2


def stretched(shape: Shape, trip_s: float, swing_s: float = 0.0) -> Network:
    """Return the shape's network with a cable of this round trip behind its hop, 0: the client.

    Half of it is spent each way, but on the client's own cable all of it on the way out.
    """
    near = (router(shape), "eth1") if shape.hop else ("client", "eth0")
    if not shape.hop:
        return base(shape).with_end(*near, sends=Impairment(trip_s, swing_s))
    half = Impairment(trip_s / 2, swing_s / 2, seed=2)
    far = ("server", "eth0") if shape.hop == shape.routers else (router(shape, 1), "eth0")
    return base(shape).with_end(*near, sends=half).with_end(*far, sends=half)


def _where(shape: Shape) -> Where:
    if not shape.hop:
        return {"kind": "path" if shape.routers else "host"}
    return after(base(shape), shape)


def _slow(shape: Shape, network: Network, *args: str) -> Scenario:
    return Scenario(network, target_address(network, shape), CAUSE, _where(shape), args=args)


def _long(shape: Shape) -> Scenario:
    return _slow(shape, stretched(shape, LONG_S))


def _for_the_program(shape: Shape) -> Scenario:
    return _slow(shape, stretched(shape, MEDIUM_S), "--timeout", str(TIMEOUT_S))


def _swinging(shape: Shape) -> Scenario:
    network = stretched(shape, SWING_S, SWINGS_BY_S)
    return _slow(shape, network, "--timeout", str(SWING_TIMEOUT_S))


def _places() -> tuple[Shape, ...]:
    return at_client() + on_path()


FAULTS = (
    Fault(CAUSE, "a round trip takes 1.2 s", CAUSE, _places, _long),
    Fault(
        "high-latency-for-the-program",
        "connecting takes 0.3 s of the 0.5 s that the program waits",
        CAUSE,
        _places,
        _for_the_program,
    ),
    Fault(
        "high-latency-swinging",
        "round trips swing around 0.7 s, and the program waits for 1.2 s",
        CAUSE,
        _places,
        _swinging,
    ),
)
