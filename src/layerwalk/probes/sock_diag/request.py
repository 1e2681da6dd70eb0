"""What sock_diag(7) is asked: which states, whose addresses and ports. Pure.

The kernel itself picks the sockets, by a few instructions in the request (linux/inet_diag.h, struct
inet_diag_bc_op): a condition on one end says how far to go on if it holds and if not; whoever ends
up exactly behind the last one is told of, whoever goes four bytes further is not.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address

from layerwalk.probes.facts.sockets import Socket, TcpState

ALL = frozenset(TcpState) - {TcpState.BOUND_INACTIVE}
"""All states but the bound sockets that do nothing, which must be asked for by name."""

TCPDIAG_GETSOCK = 18
_REQUEST, _DUMP = 0x001, 0x300  # NLM_F_REQUEST, NLM_F_DUMP
_BYTECODE = 1  # INET_DIAG_REQ_BYTECODE
_INFO = 1 << (2 - 1)  # INET_DIAG_INFO
_JUMP, _SOURCE, _DESTINATION = 1, 7, 8  # INET_DIAG_BC_JMP, _S_COND, _D_COND
_ANY_PORT = -1
_OP = struct.Struct("=BBH")
_FAIL = 4
FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}


@dataclass(frozen=True, kw_only=True)
class End:
    """One end of a connection, as far as it matters; an IPv4 address also fits dual-stack sockets.

    ``address`` is a numeric one, without a zone.
    """

    address: str = ""
    port: int | None = None

    def means(self, address: str, port: int) -> bool:
        """Whether a socket's end is like this."""
        return self.address in {"", address} and self.port in {None, port}

    @property
    def condition(self) -> bytes:
        """The kernel's struct inet_diag_hostcond."""
        port = _ANY_PORT if self.port is None else self.port
        if not self.address:
            return struct.pack("=BBxxi", socket.AF_UNSPEC, 0, port)
        packed = ip_address(self.address).packed
        family = socket.AF_INET if len(packed) == 4 else socket.AF_INET6
        return struct.pack("=BBxxi", family, 8 * len(packed), port) + packed


ANYWHERE = End()


@dataclass(frozen=True, kw_only=True)
class Pick:
    """Which sockets are meant: those whose ends are both like this.

    ``either`` is a port that one of the ends has, whichever.
    """

    source: End = ANYWHERE
    destination: End = ANYWHERE
    either: int | None = None

    def means(self, row: Socket) -> bool:
        """Whether a socket is meant, for where the kernel does not look itself."""
        ports = {row.source_port, row.destination_port}
        return (
            (self.either is None or self.either in ports)
            and self.source.means(row.source, row.source_port)
            and self.destination.means(row.destination, row.destination_port)
        )

    @property
    def instructions(self) -> bytes:
        """The kernel's filter; empty where all are meant."""
        behind = b""
        for code, end in ((_SOURCE, self.source), (_DESTINATION, self.destination)):
            if end != ANYWHERE:
                behind = _must(code, end.condition, len(behind)) + behind
        if self.either is not None:
            behind = _one_must(End(port=self.either).condition, len(behind)) + behind
        return behind


EVERY = Pick()


def request(states: Iterable[TcpState], pick: Pick, *, info: bool) -> bytes:
    """Write the request (struct inet_diag_req): the older one, which is for both families at once.

    The kernel goes through all its sockets for each request, whatever family it is for.
    """
    mask = sum(1 << state for state in states)
    wanted = _INFO if info else 0
    body = struct.pack("=xxxB48xII", wanted, mask, 0) + _attribute(pick.instructions)
    head = struct.pack("=IHHII", 16 + len(body), TCPDIAG_GETSOCK, _REQUEST | _DUMP, 1, 0)
    return head + body


def _attribute(instructions: bytes) -> bytes:
    if not instructions:
        return b""
    return struct.pack("=HH", 4 + len(instructions), _BYTECODE) + instructions


def _must(code: int, condition: bytes, behind: int) -> bytes:
    """A condition without which a socket is not meant; ``behind`` is the size of what follows."""
    size = _OP.size + len(condition)
    return _OP.pack(code, size, size + behind + _FAIL) + condition


def _one_must(condition: bytes, behind: int) -> bytes:
    """A condition that holds for one end or the other."""
    second = _must(_DESTINATION, condition, behind)
    leap = _OP.pack(_JUMP, _OP.size, _OP.size + len(second))
    size = _OP.size + len(condition)
    return _OP.pack(_SOURCE, size, size + len(leap)) + condition + leap + second
