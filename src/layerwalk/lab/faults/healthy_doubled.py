"""Nothing is wrong, although packets come twice, late, or out of order."""

from dataclasses import replace

from layerwalk.lab.shapes import LONGEST, Fault, Scenario, Shape, at_client, base, target_address
from layerwalk.lab.spec import Impairment

_LENGTHS = (0, 2, LONGEST)
_DISORDER = Impairment(0.006, 0.006, doubled=0.6, later_s=0.03)


def disordered(scenario: Scenario) -> Scenario:
    """Return the scenario with a cable at the client that doubles, delays and mixes up packets.

    What comes to the client suffers as what leaves it does.
    """
    network = scenario.network.with_end("client", "eth0", sends=_DISORDER)
    near = "r1" if network.routers else "server"
    network = network.with_end(near, "eth0", sends=replace(_DISORDER, seed=2))
    return replace(scenario, network=network)


def _places() -> tuple[Shape, ...]:
    return tuple(shape for shape in at_client() if shape.routers in _LENGTHS)


def _doubled(shape: Shape) -> Scenario:
    network = base(shape)
    return disordered(Scenario(network, target_address(network, shape), None))


FAULTS = (
    Fault(
        "healthy-doubled",
        "a cable doubles packets, delays them and changes their order",
        None,
        _places,
        _doubled,
    ),
)
