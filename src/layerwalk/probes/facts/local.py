"""This machine's own part of the path: links, routes, neighbours, firewall."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from layerwalk.probes.facts.claimants import Claimant, described
from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.neighbours import NeighbourTable
from layerwalk.probes.facts.target import family_of


@dataclass(frozen=True, kw_only=True)
class Link:
    """One interface. ``carrier`` is ``None`` where the kernel does not say (interface down).

    ``addresses`` have their prefix (``192.0.2.10/24``); ``mtu`` is in bytes; ``rp_filter`` is the
    effective value for IPv4 (0 off, 1 strict, 2 loose; kernel's ip-sysctl). ``master`` is the
    bridge, bond or VRF that it is part of.
    """

    name: str
    index: int
    up: bool
    carrier: bool | None
    mtu: int
    state: str = ""
    kind: str = ""
    mac: str = ""
    loopback: bool = False
    resolves_neighbours: bool = True
    addresses: tuple[str, ...] = ()
    rp_filter: int = 0
    master: str = ""


@dataclass(frozen=True, kw_only=True)
class LinksFact(Fact):
    """All interfaces of this machine."""

    probe: ClassVar[str] = "links"
    layer: ClassVar[int] = 1
    of_machine: ClassVar[bool] = True

    links: tuple[Link, ...] = ()

    def named(self, name: str) -> Link | None:
        """Find an interface by its name."""
        return next((link for link in self.links if link.name == name), None)

    @property
    def finding(self) -> str:
        """Each interface with its state in a word."""
        words = [
            f"{k.name} {'down' if not k.up else 'no carrier' if k.carrier is False else 'up'}"
            for k in self.links
            if not k.loopback
        ]
        return ", ".join(words) or self.detail or "no interface but loopback"

    @property
    def command(self) -> str:
        """The interfaces with their flags and addresses."""
        return "ip -br addr; ip -br link"


class RouteKind(StrEnum):
    """The kinds of route that decide whether a packet leaves (ip-route(8))."""

    UNICAST = "unicast"
    LOCAL = "local"
    BLACKHOLE = "blackhole"
    UNREACHABLE = "unreachable"
    PROHIBIT = "prohibit"
    BROADCAST = "broadcast"
    MULTICAST = "multicast"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class RouteFact(Fact):
    """The route that the kernel takes to ``destination``, policy rules included.

    ``gateway`` is empty where the destination is on the link. ``errno`` is the symbol that the
    look-up failed with. ``rule`` is the policy rule's text where a rule itself refuses, and
    ``route`` the text of the route that matched, as ip-route(8) writes it. The ``asked_...`` are
    what the packets have that were asked about; the rest is left to the kernel.
    """

    probe: ClassVar[str] = "route"
    layer: ClassVar[int] = 3

    destination: str
    kind: RouteKind = RouteKind.NONE
    interface: str = ""
    gateway: str = ""
    source: str = ""
    mtu: int = 0
    table: int = 0
    errno: str = ""
    rule: str = ""
    route: str = ""
    asked_mark: int = 0
    asked_source: str = ""
    asked_interface: str = ""

    @property
    def asked(self) -> str:
        """What was asked about besides the destination, as ip-route(8) takes it, or nothing."""
        words = [f"from {self.asked_source}" if self.asked_source else ""]
        words += [f"oif {self.asked_interface}" if self.asked_interface else ""]
        words += [f"mark {self.asked_mark:#x}" if self.asked_mark else ""]
        return "".join(f" {word}" for word in words if word)

    @property
    def next_hop(self) -> str:
        """The address that must answer on the link: the gateway, or the destination itself."""
        return self.gateway or self.destination

    @property
    def finding(self) -> str:
        """The way out, or why there is none."""
        if self.interface and self.kind in {RouteKind.UNICAST, RouteKind.LOCAL}:
            via = f"via {self.gateway} " if self.gateway else ""
            return f"{self.destination}{self.asked} {via}dev {self.interface} src {self.source}"
        reason = self.rule or self.route or self.errno or self.detail
        return f"{self.destination}{self.asked}: {self.kind} ({reason})"

    @property
    def command(self) -> str:
        """The kernel's own answer for this destination."""
        version = " -6" if family_of(self.destination) == 6 else ""
        return f"ip{version} route get {self.destination}{self.asked}"


@dataclass(frozen=True, kw_only=True)
class NeighbourFact(Fact):
    """Whether the next hop answers on the link (ARP, RFC 826; neighbour discovery, RFC 4861).

    ``macs`` are all link-layer addresses that answered our own question; ``state`` is the kernel's
    entry (``REACHABLE``, ``FAILED``, ``PERMANENT``, …) and ``asked`` how often we asked.
    ``destination`` is the address that is reached by this next hop. ``claimants`` are those who
    all answered the same questions, again and again, where there is more than one; ``used`` is the
    one that the kernel sends to. ``table`` is how much room there is for its entry, ``None`` where
    the kernel did not tell.
    """

    probe: ClassVar[str] = "neighbour"
    layer: ClassVar[int] = 2

    address: str
    interface: str
    gateway: bool
    destination: str = ""
    state: str = ""
    macs: tuple[str, ...] = ()
    asked: int = 0
    claimants: tuple[Claimant, ...] = ()
    used: str = ""
    table: NeighbourTable | None = None

    @property
    def divides(self) -> bool:
        """Whether several claim the address, and lead to the target in different ways."""
        return len({one.beyond for one in self.claimants}) > 1

    @property
    def lacks_room(self) -> bool:
        """Whether the kernel could make no entry for it: its table is full."""
        return self.table is not None and self.table.refused > 0 and not self.state

    @property
    def finding(self) -> str:
        """Who answered, or that nobody did; and the kernel's table, where it is crowded."""
        if self.table and self.table.crowded:
            return f"{self._answers}; this machine's neighbour table: {self.table.words}"
        return self._answers

    @property
    def _answers(self) -> str:
        role = "gateway" if self.gateway else "target"
        who = f"{role} {self.address} on {self.interface}"
        if self.claimants:
            used = f"; the kernel sends to {self.used}" if self.used else ""
            return f"{who} is answered for by several: {described(self.claimants)}{used}"
        if self.macs:
            return f"{who} answers from {', '.join(self.macs)}"
        asked = f"{self.asked} questions unanswered" if self.asked else "not asked"
        return f"{who}: {asked}, neighbour entry {self.state or 'none'}"

    @property
    def command(self) -> str:
        """The kernel's neighbour entry, and a question of one's own."""
        if family_of(self.address) == 6:
            return f"ip -6 neigh show {self.address} dev {self.interface}"
        return f"arping -c 3 -I {self.interface} {self.address}"


class Certainty(StrEnum):
    """How sure the reading of a rule is."""

    EXACT = "exact"
    POSSIBLE = "possible"


@dataclass(frozen=True, kw_only=True)
class RuleMatch:
    """A local rule that would refuse our packet. ``direction`` is ``out`` or ``in``.

    ``stage`` names the packet where it is neither the SYN nor the SYN-ACK: ``ACK``, the one that
    makes a client's connection. ``own`` is set where a server's connection to itself may meet it,
    too, and that can't be told for sure. ``owner`` is the program that keeps it (ufw, firewalld,
    Docker, ...), where its names tell; ``packets`` what it has counted so far, ``None`` where it
    does not count.
    """

    direction: str
    verdict: str
    certainty: Certainty
    text: str
    table: str = ""
    chain: str = ""
    handle: int | None = None
    owner: str = ""
    packets: int | None = None
    stage: str = ""
    own: bool = False

    @property
    def told(self) -> str:
        """The rule in one line: which way, its text, how sure, whose, and what it has counted."""
        words = [str(self.certainty), f"kept by {self.owner}" if self.owner else ""]
        plural = "" if self.packets == 1 else "s"
        words.append("" if self.packets is None else f"{self.packets} packet{plural} so far")
        way = f"{self.direction}, {self.stage}" if self.stage else self.direction
        return f"{way}: {self.text} ({', '.join(word for word in words if word)})"


@dataclass(frozen=True, kw_only=True)
class FirewallFact(Fact):
    """The rules of this machine that would drop or reject the connection's packets.

    An empty ``matches`` means that no rule refuses, unless ``undecided`` names rules that could
    not be read for certain. ``handed_on`` is where this machine's NAT sends the connection
    instead, as far as that can be told; empty where it does not. ``refused`` are the directions in
    which a packet gets through on no account: where no rule is exact, the last of the possible ones
    takes what those before it leave. ``keeps_out_itself`` says that a server's rules refuse, or may
    refuse, its connection to itself.
    """

    probe: ClassVar[str] = "firewall"
    layer: ClassVar[int] = 4

    address: str
    port: int
    matches: tuple[RuleMatch, ...] = ()
    undecided: tuple[str, ...] = ()
    rules: int = 0
    handed_on: str = ""
    refused: tuple[str, ...] = ()
    keeps_out_itself: bool = False

    def decisive(self, direction: str, verdict: str) -> RuleMatch | None:
        """The rule that refuses for certain, if its verdict begins so; else ``None``."""
        mine = [match for match in self.matches if match.direction == direction]
        exact = [match for match in mine if match.certainty is Certainty.EXACT]
        last = mine[-1:] if direction in self.refused else []
        found = next(iter([*exact, *last]), None)
        return found if found and found.verdict.startswith(verdict) else None

    @property
    def finding(self) -> str:
        """The refusing rules, or how many were read and let it pass; and what was not decided."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        if self.matches:
            return "; ".join(match.told for match in self.matches)
        nat = f"; NAT hands it on to {self.handed_on}" if self.handed_on else ""
        open_ones = f"; not decided: {'; '.join(self.undecided)}" if self.undecided else ""
        all_of_them = f"none of {self.rules} local rules"
        none = all_of_them if self.rules else "no local rule (there is none)"
        return f"{none} refuses the connection{nat}{open_ones}"

    @property
    def command(self) -> str:
        """The whole rule set."""
        return "nft list ruleset"
