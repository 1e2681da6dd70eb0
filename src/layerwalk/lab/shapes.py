"""Where a fault sits (its shape), what it makes of a network (a scenario), and the fault itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from layerwalk.lab.spec import FAMILIES, Family, Network
from layerwalk.lab.topology import line

Direction = Literal["out", "back"]
Where = Mapping[str, object]

LONGEST = 12
PORTS = (5432, 8080, 443)
OUT: tuple[Direction, ...] = ("out",)
BOTH: tuple[Direction, ...] = ("out", "back")


@dataclass(frozen=True, order=True)
class Shape:
    """A path of so many routers, and the place on it: 0 is the client, `routers` + 1 the target.

    `direction` says which packets suffer: those to the target, or those that come back.
    """

    routers: int
    hop: int
    family: Family = 4
    port: int = 5432
    direction: Direction = "out"


@dataclass(frozen=True)
class Scenario:
    """A network with something wrong in it (or nothing), and what a diagnosis should say.

    `where` holds only the keys that matter. Its `rule` is a part of the rule's text. Where the
    place can be named in several ways, `after_any` holds the addresses that `after` may carry.
    `args` are more options for the command that walks; `also` names causes that must be noticed
    besides.
    """

    network: Network
    target: str
    cause: str | None
    where: Where = field(default_factory=dict)
    client: str = "client"
    args: tuple[str, ...] = ()
    after_any: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def place_fits(self, where: Mapping[str, object]) -> bool:
        """Whether a report's `where` says what this scenario expects."""
        if not _fits(self.where, where):
            return False
        after = where.get("after")
        found = after.get("address") if isinstance(after, Mapping) else None
        return not self.after_any or found in self.after_any


@dataclass(frozen=True)
class Fault:
    """One thing that can be wrong, in all its shapes; `cause` is None where nothing is wrong."""

    id: str
    title: str
    cause: str | None
    places: Callable[[], tuple[Shape, ...]]
    build: Callable[[Shape], Scenario]

    def shapes(self) -> tuple[Shape, ...]:
        """Return every shape that this fault makes sense in."""
        return self.places()

    def apply(self, shape: Shape) -> Scenario:
        """Return the network of this shape with the fault in it."""
        return self.build(shape)


def at_client(shortest: int = 0) -> tuple[Shape, ...]:
    """Return the shapes of a fault on the client's own side."""
    return _spread([(routers, 0) for routers in range(shortest, LONGEST + 1)])


def at_target(shortest: int = 0) -> tuple[Shape, ...]:
    """Return the shapes of a fault on the target."""
    return _spread([(routers, routers + 1) for routers in range(shortest, LONGEST + 1)])


def on_path(
    first: int = 1, *, short_of_last: int = 0, directions: tuple[Direction, ...] = OUT
) -> tuple[Shape, ...]:
    """Return the shapes of a fault at each router, from the first to so many short of the last."""
    lengths = range(1, LONGEST + 1)
    pairs = [(n, hop) for n in lengths for hop in range(first, n + 1 - short_of_last)]
    return _spread(pairs, directions)


def base(shape: Shape) -> Network:
    """Return the healthy network of a shape."""
    return line(shape.routers, shape.port)


def target_address(network: Network, shape: Shape) -> str:
    """Return the target by its address, as a person types it."""
    return written(network.address("server", shape.family), shape)


def written(address: str, shape: Shape) -> str:
    """Write an address with the shape's port."""
    return f"[{address}]:{shape.port}" if ":" in address else f"{address}:{shape.port}"


def router(shape: Shape, further: int = 0) -> str:
    """Return the name of the router that the shape points at, or of one further on."""
    return f"r{shape.hop + further}"


def hop(network: Network, number: int, family: Family) -> dict[str, object]:
    """Return a hop as a report writes it."""
    return {"hop": number, "address": network.hop_address(number, family)}


def after(network: Network, shape: Shape, number: int | None = None) -> Where:
    """Return the place just behind a hop, where the distance to the target is known."""
    reached = shape.hop if number is None else number
    kind = "host" if reached == shape.routers else "path"
    return {"kind": kind, "after": hop(network, reached, shape.family)}


def on_path_after(network: Network, shape: Shape, number: int) -> Where:
    """Return the place behind a hop where nothing tells the distance to the target."""
    if number == 0:
        return {"kind": "path"}
    return {"kind": "path", "after": hop(network, number, shape.family)}


def at_host(network: Network, shape: Shape) -> Where:
    """Return the place of something that the target, or what is behind the last router, does."""
    return after(network, shape, shape.routers) if shape.routers else {"kind": "host"}


def _spread(
    pairs: list[tuple[int, int]], directions: tuple[Direction, ...] = OUT
) -> tuple[Shape, ...]:
    return tuple(
        Shape(routers, place, family, port, direction)
        for routers, place in pairs
        for family in FAMILIES
        for port in PORTS
        for direction in directions
    )


def _fits(expected: object, found: object) -> bool:
    if isinstance(expected, Mapping):
        return isinstance(found, Mapping) and all(
            str(value) in str(found.get(key)) if key == "rule" else _fits(value, found.get(key))
            for key, value in expected.items()
        )
    return expected == found
