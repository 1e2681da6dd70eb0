"""A small DNS server over UDP and TCP that knows its spec's records, and fails as it says.

Message format and the two-byte length over TCP: RFC 1035, sections 4.1 and 4.2.2.
"""

import contextlib
import socket
from collections.abc import Sequence
from functools import partial

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from layerwalk.lab.loop import Loop
from layerwalk.lab.services import listening
from layerwalk.lab.spec import Answering, NameServer, Record

LONGEST = 65535
NOISE = b"\xff" * 40
ELSEWHERE = "ns.elsewhere.test."
LOOPBACK = ("127.0.0.1", "::1")


def open_name_server(server: NameServer, addresses: Sequence[str], loop: Loop) -> None:
    """Listen on the server's address, or on each of the host's, so that answers come from it."""
    chosen = [server.address] if server.address else [*addresses, *LOOPBACK]
    for address in chosen:
        _open_udp(server, address, loop)
        if server.tcp:
            _open_tcp(server, address, loop)


def answer(server: NameServer, question: bytes, *, tcp: bool = False) -> bytes | None:
    """Return the answer to a question in wire form; None where the server stays silent."""
    try:
        query = dns.message.from_wire(question)
    except dns.exception.DNSException:
        return None
    if not query.question:
        return None
    kind = dns.rdatatype.to_text(query.question[0].rdtype)
    if kind in server.silent or "ANY" in server.silent:
        return None
    response = dns.message.make_response(query, recursion_available=True)
    if not server.edns and query.edns >= 0:
        response.use_edns(-1)
        response.set_rcode(dns.rcode.FORMERR)
    elif server.answering is not Answering.PLAIN:
        return _instead(server.answering, query)
    elif server.truncated and not tcp:
        response.flags |= dns.flags.TC
    else:
        _fill(response, server, kind)
    return response.to_wire()


def _instead(answering: Answering, query: dns.message.Message) -> bytes:
    """Return what is sent in place of an answer."""
    response = dns.message.make_response(query)
    if answering is Answering.NOISE:
        return response.to_wire()[:3] + NOISE
    if answering is Answering.OTHER:
        return dns.message.make_response(dns.message.make_query(ELSEWHERE, "A")).to_wire()
    referral = dns.rrset.from_text("test.", 60, "IN", "NS", ELSEWHERE)
    response.authority.append(referral)
    return response.to_wire()


def _fill(response: dns.message.Message, server: NameServer, kind: str) -> None:
    name = response.question[0].name.to_text(omit_final_dot=True).lower()
    named = [it for it in server.records if it.name.lower() == name]
    if server.rcode or {name, kind} & {*server.failing}:
        response.set_rcode(dns.rcode.from_text(server.rcode or "SERVFAIL"))
    elif not named:
        response.set_rcode(dns.rcode.NXDOMAIN)
    for record in named if response.rcode() == dns.rcode.NOERROR else ():
        if record.type in {kind, "CNAME"}:
            _add(response, record)
            _chase(response, server, record, kind)


def _add(response: dns.message.Message, record: Record) -> None:
    rrset = dns.rrset.from_text(f"{record.name}.", record.ttl, "IN", record.type, record.value)
    held = response.find_rrset(
        response.answer, rrset.name, rrset.rdclass, rrset.rdtype, create=True
    )
    for value in rrset:
        held.add(value)


def _chase(response: dns.message.Message, server: NameServer, alias: Record, kind: str) -> None:
    """Add what an alias points at."""
    if alias.type == "CNAME" != kind:
        for record in server.records:
            if record.name == alias.value.rstrip(".") and record.type == kind:
                _add(response, record)


def _open_udp(server: NameServer, address: str, loop: Loop) -> None:
    handle = listening(socket.SOCK_DGRAM, address, server.port)

    def serve() -> None:
        question, peer = handle.recvfrom(LONGEST)
        found = answer(server, question)
        if found is not None:
            loop.later(server.delay_s, lambda: _send(handle, found, peer))

    loop.watch(handle, serve)


def _send(handle: socket.socket, data: bytes, peer: tuple[str, int]) -> None:
    with contextlib.suppress(OSError):
        handle.sendto(data, peer)


def _open_tcp(server: NameServer, address: str, loop: Loop) -> None:
    handle = listening(socket.SOCK_STREAM, address, server.port)

    def take() -> None:
        with contextlib.suppress(OSError):
            taken, _ = handle.accept()
            heard = bytearray()
            loop.watch(taken, lambda: _hear(server, taken, heard, loop))

    loop.watch(handle, take)


def _hear(server: NameServer, taken: socket.socket, heard: bytearray, loop: Loop) -> None:
    try:
        data = taken.recv(LONGEST)
    except OSError:
        data = b""
    if not data:
        loop.forget(taken)
        return
    heard += data
    while len(heard) > 1 and len(heard) >= 2 + int.from_bytes(heard[:2]):
        length = int.from_bytes(heard[:2])
        found = answer(server, bytes(heard[2 : 2 + length]), tcp=True)
        del heard[: 2 + length]
        if found is not None:
            framed = len(found).to_bytes(2) + found
            loop.later(server.delay_s, partial(_reply, taken, framed))


def _reply(taken: socket.socket, data: bytes) -> None:
    with contextlib.suppress(OSError):
        taken.sendall(data)
