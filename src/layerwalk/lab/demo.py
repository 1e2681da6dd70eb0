"""The network that the demo shows: by default a firewall two hops out that drops the SYN."""

from layerwalk.lab.errors import LabError
from layerwalk.lab.faults import ALL
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.shapes import Fault, Scenario, Shape, after, base
from layerwalk.lab.topology import NAME

ROUTERS, PLACE = 4, 2
DEFAULT = "firewall-drop"


def titles() -> dict[str, str]:
    """Return the one-line title of every fault, by the id that asks for it."""
    return {fault.id: fault.title for fault in ALL.values()}


def demo_network(fault: str | None = None) -> Scenario:
    """Return the scenario of this fault, or the default one; LabError for an unknown id."""
    if fault is None:
        return _default()
    if fault not in ALL:
        raise LabError(f"there is no fault {fault}; --list names them")
    return ALL[fault].apply(_shown(ALL[fault]))


def _default() -> Scenario:
    shape = Shape(ROUTERS, PLACE)
    firewall = ruleset(forward=[f'tcp dport {shape.port} drop comment "closed since the move"'])
    network = base(shape)
    firewalled = network.with_host(f"r{PLACE}", firewall=firewall)
    where = after(network, shape)
    return Scenario(firewalled, f"{NAME}:{shape.port}", DEFAULT, where)


def _shown(fault: Fault) -> Shape:
    """Return the shape nearest to the default one, if possible one that hits what the client sends.

    An answer that is lost looks like the target's own silence, which shows less.
    """

    def distance(shape: Shape) -> tuple[int, int, bool, Shape]:
        back = shape.direction == "back"
        return abs(shape.routers - ROUTERS), abs(shape.hop - PLACE), back, shape

    return min(fault.shapes(), key=distance)
