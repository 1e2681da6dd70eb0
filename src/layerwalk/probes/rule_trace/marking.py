"""Which packets a trace marks: those of one connection, or a client's SYNs, and no others. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address

PRIORITY = -2_147_483_647
"""Before every other chain: one more than the least that there is."""

_SAFE = re.compile(r"[\w.@-]+")
_AT_MOST = "limit rate 20/second burst 10 packets"


@dataclass(frozen=True, kw_only=True)
class Marking:
    """What is marked: packets to ``address`` and ``port`` and their answers.

    ``other`` is the address at the other end and ``other_port`` its port; empty and 0 for any.
    ``interface`` is where packets come in; with ``devices`` they are marked as early as there.
    """

    address: str
    port: int
    other: str = ""
    other_port: int = 0
    interface: str = ""
    devices: bool = False

    @property
    def chains(self) -> dict[str, str]:
        """The chains of our table, by its family, each on one line."""
        leaving = _chain("leaving", "output", self._rules("oifname"))
        arriving = _chain("arriving", "prerouting", self._rules("iifname"))
        found = {"inet": f"{leaving} {arriving}"}
        if self.devices and _SAFE.fullmatch(self.interface):
            hook = f'ingress device "{self.interface}"'
            found["netdev"] = _chain("arriving", hook, self._rules(""))
        return found

    def _rules(self, device: str) -> str:
        """Both rules; where anybody's packets count, those of this machine's own do not."""
        outside = f'{device} != "lo" ' if device and not self.other_port else ""
        return f"{outside}{self._there} {outside}{self._back}"

    @property
    def _family(self) -> str:
        return "ip6" if ":" in self.address else "ip"

    @property
    def _there(self) -> str:
        """The SYN: not more than some of them, where anybody's may come."""
        parts = [f"{self._family} daddr {_bare(self.address)} tcp dport {self.port}"]
        if self.other:
            parts.append(f"{self._family} saddr {_bare(self.other)}")
        if self.other_port:
            parts.append(f"tcp sport {self.other_port}")
        else:
            parts.append(f"tcp flags & (syn | ack) == syn {_AT_MOST}")
        return f"{' '.join(parts)} meta nftrace set 1;"

    @property
    def _back(self) -> str:
        parts = [f"{self._family} saddr {_bare(self.address)} tcp sport {self.port}"]
        if self.other:
            parts.append(f"{self._family} daddr {_bare(self.other)}")
        if self.other_port:
            parts.append(f"tcp dport {self.other_port}")
        else:
            parts.append(f"tcp flags & (syn | ack) == (syn | ack) {_AT_MOST}")
        return f"{' '.join(parts)} meta nftrace set 1;"


def _chain(name: str, hook: str, rules: str) -> str:
    head = f"type filter hook {hook} priority {PRIORITY}; policy accept;"
    return f"chain {name} {{ {head} {rules} }};"


def _bare(address: str) -> str:
    """An address as nft takes it; anything else would be a rule of its own."""
    return str(ip_address(address.partition("%")[0]))
