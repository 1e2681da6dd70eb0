"""The source ports that connections to one address and port may have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.target import endpoint

NO_PORT = "EADDRNOTAVAIL"
"""What connect() says where no source port is free (connect(2))."""


_IN_USE = "EADDRINUSE"


@dataclass(frozen=True, kw_only=True)
class SourcePortsFact(Fact):
    """Which ports of ip_local_port_range are free from ``source`` towards the target.

    ``usable`` are those of the range that are not reserved; ``sockets`` are all TCP sockets of this
    network namespace, those in TIME_WAIT included. Only where they are many they were ``counted``:
    ``taken`` ports are held by ``connections`` to the target (``unclosed`` of them in CLOSE_WAIT),
    by ``time_wait``, or by sockets that are ``bound`` and so keep a port from all targets; a bound
    socket that is connected elsewhere is not told from others. ``reusable`` are ports in TIME_WAIT
    that tcp_tw_reuse (``tw_reuse``) gives away; ``next_free_s`` is when the next one is free.
    ``binds`` is the errno, as a symbol, of a bind() that takes a port with the source address, for
    which one must be free towards all targets.

    ``tried`` says that connect() was asked again: ``again`` is its errno as a symbol, and
    ``outside`` that of a connection from a port outside the range; ``outside_leaves`` says that
    this one found its way to the network.
    """

    probe: ClassVar[str] = "source-ports"
    layer: ClassVar[int] = 4

    address: str
    port: int
    source: str = ""
    low: int = 0
    high: int = 0
    usable: int = 0
    sockets: int = 0
    tw_reuse: int = 0
    counted: bool = False
    taken: int = 0
    connections: int = 0
    unclosed: int = 0
    time_wait: int = 0
    reusable: int = 0
    bound: int = 0
    next_free_s: float | None = None
    binds: str = ""
    tried: bool = False
    again: str = ""
    outside: str = ""
    outside_leaves: bool = False

    @property
    def free(self) -> int:
        """How many ports are left, as far as the sockets show it."""
        return max(0, self.usable - self.taken)

    @property
    def holders(self) -> str:
        """What takes the ports, in words."""
        unclosed = f" ({self.unclosed} of them in CLOSE_WAIT)" if self.unclosed else ""
        parts = (
            (self.connections, f"by connections{unclosed}"),
            (self.time_wait, "in TIME_WAIT"),
            (self.bound, "bound by programs"),
        )
        return ", ".join(f"{count} {words}" for count, words in parts if count)

    @property
    def finding(self) -> str:
        """How many of how many are taken."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        span = f"{self.usable} source ports ({self.low}-{self.high})"
        if not self.counted:
            return f"{span}, and no more than {self.sockets} TCP sockets that could take one"
        where = endpoint(self.address, self.port)
        holders = f": {self.holders}" if self.holders else ""
        return f"{self.taken} of {span} towards {where} are taken{holders}{self._else}"

    @property
    def _else(self) -> str:
        parts = [f"{self.reusable} more in TIME_WAIT may be reused" if self.reusable else ""]
        parts += [f"{self.sockets} TCP sockets in all" if self.sockets > self.taken else ""]
        if self.binds == _IN_USE and self.free:
            parts.append("a program that binds its source address first finds none (EADDRINUSE)")
        return "".join(f"; {part}" for part in parts if part)

    @property
    def command(self) -> str:
        """The range, and the sockets that may take its ports."""
        return f"sysctl net.ipv4.ip_local_port_range; ss -tan dst {self.address.partition('%')[0]}"
