"""Cables and switches as data: what hosts are joined by."""

from dataclasses import dataclass
from ipaddress import ip_address, ip_interface
from typing import Literal

Family = Literal[4, 6]
FAMILIES: tuple[Family, ...] = (4, 6)


@dataclass(frozen=True)
class Impairment:
    """What a line does one way: delay, jitter, loss (0 to 1); `doubled` again `later_s` later."""

    delay_s: float = 0.0
    jitter_s: float = 0.0
    loss: float = 0.0
    seed: int = 1
    doubled: float = 0.0
    later_s: float = 0.0


@dataclass(frozen=True)
class End:
    """One end of a link: an interface of a host.

    `addresses` carry their prefix ("198.51.100.10/24"). `up=False` takes the interface down
    after everything else is set; `carrier=False` pulls the cable: the far side goes down.
    `sends` delays or loses what leaves this end.
    """

    host: str
    interface: str
    addresses: tuple[str, ...] = ()
    mtu: int = 1500
    up: bool = True
    carrier: bool = True
    sends: Impairment | None = None

    def address(self, family: Family) -> str | None:
        """Return the first address of this family, without its prefix."""
        for text in self.addresses:
            found = ip_interface(text)
            if found.version == family:
                return str(found.ip)
        return None


@dataclass(frozen=True)
class Link:
    """Two ends joined by a cable, or more of them by a switch."""

    ends: tuple[End, ...]
    name: str = ""

    @property
    def has_switch(self) -> bool:
        """Whether more than two ends meet here."""
        return len(self.ends) > 2


def family_of(address: str) -> Family:
    """Return the family of an address text."""
    return ip_address(address).version
