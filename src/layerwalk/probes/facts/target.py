"""What is walked to: a host, perhaps a port, perhaps a scheme."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Literal

Family = Literal[4, 6]
"""An address family by its version number."""

IPV6: Family = 6

Scheme = Literal["tcp", "tls", "http", "https"]


@dataclass(frozen=True)
class Target:
    """A parsed target. ``family`` is what ``-4`` or ``-6`` asked for; ``None`` means both.

    ``addresses`` are tried besides those that the name has: an error line gave them for it.
    """

    input: str
    host: str
    port: int | None = None
    scheme: Scheme = "tcp"
    family: Family | None = None
    addresses: tuple[str, ...] = ()

    @property
    def address(self) -> IPv4Address | IPv6Address | None:
        """The address, where the host is written as one; ``None`` for a name."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None


def family_of(address: str) -> Family:
    """Tell the family of an address in text form (a scope behind ``%`` is allowed)."""
    return 6 if ":" in address else 4


def endpoint(address: str, port: int) -> str:
    """Write address and port as one word, IPv6 in brackets (RFC 5952 section 6)."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
