"""From a network to stations and cables: where switches and delay lines come in.

A station is whatever needs a network namespace of its own: a host, a switch, a delay line. A cable
is a pair of veth interfaces.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from layerwalk.lab.spec import End, Impairment, Link, Network

STILL = Impairment()


@dataclass(frozen=True)
class Plug:
    """One end of a cable: a station's interface."""

    station: str
    interface: str
    mtu: int
    up: bool = True


@dataclass(frozen=True)
class Cable:
    """Two plugs, and the veth pair between them."""

    left: Plug
    right: Plug


@dataclass(frozen=True)
class Line:
    """A delay line's two directions: what goes from its `left` to its `right`, and back."""

    out: Impairment
    back: Impairment


@dataclass
class Plan:
    """Everything that gets a namespace, and every cable."""

    hosts: list[str] = field(default_factory=list)
    switches: list[str] = field(default_factory=list)
    lines: dict[str, Line] = field(default_factory=dict)
    cables: list[Cable] = field(default_factory=list)

    def stations(self) -> list[str]:
        """Return the names of all stations; no two are alike."""
        return [*self.hosts, *self.switches, *self.lines]

    def plugs(self, station: str) -> list[Plug]:
        """Return a station's plugs."""
        plugs = (plug for cable in self.cables for plug in (cable.left, cable.right))
        return [plug for plug in plugs if plug.station == station]

    def dark(self, station: str) -> list[str]:
        """Return a station's interfaces that are up with a far end that goes down."""
        ways = [(cable.left, cable.right) for cable in self.cables]
        ways += [(right, left) for left, right in ways]
        return [
            near.interface for near, far in ways if near.station == station and near.up > far.up
        ]


def plan(network: Network) -> Plan:
    """Lay out a network's stations and cables."""
    made = Plan(hosts=[host.name for host in network.hosts])
    for number, link in enumerate(network.links):
        if link.has_switch:
            _add_switch(made, link, f"switch:{link.name or number}")
        elif len(link.ends) == 2:
            _add_cable(made, *link.ends)
        else:
            _add_loose_end(made, link.ends, f"nothing:{link.name or number}")
    return made


def _add_switch(made: Plan, link: Link, name: str) -> None:
    made.switches.append(name)
    for number, end in enumerate(link.ends):
        _join(made, (end, _plug(end)), (None, Plug(name, f"port{number}", end.mtu, end.carrier)))


def _add_cable(made: Plan, left: End, right: End) -> None:
    _join(made, (left, _plug(left, right)), (right, _plug(right, left)))


def _add_loose_end(made: Plan, ends: Iterable[End], name: str) -> None:
    """Plug an interface into a switch where nobody else is."""
    for end in ends:
        _add_switch(made, Link((end,)), name)


def _plug(end: End, other: End | None = None) -> Plug:
    return Plug(end.host, end.interface, end.mtu, end.up and (other is None or other.carrier))


def _join(made: Plan, left: tuple[End | None, Plug], right: tuple[End | None, Plug]) -> None:
    out, back = (end.sends if end else None for end, _ in (left, right))
    if out is None and back is None:
        made.cables.append(Cable(left[1], right[1]))
        return
    name = f"line:{len(made.lines)}"
    mtu = max(left[1].mtu, right[1].mtu)
    made.lines[name] = Line(out or STILL, back or STILL)
    made.cables.append(Cable(left[1], Plug(name, "left", mtu)))
    made.cables.append(Cable(Plug(name, "right", mtu), right[1]))


def cable_lines(cables: Iterable[Cable], pids: dict[str, int]) -> list[str]:
    """Return the lines of `ip` that make these cables between the stations' processes."""
    return [
        f"link add {_made(cable.left, pids)} type veth peer {_made(cable.right, pids)}"
        for cable in cables
    ]


def _made(plug: Plug, pids: dict[str, int]) -> str:
    return f"name {plug.interface} mtu {plug.mtu} netns {pids[plug.station]}"
