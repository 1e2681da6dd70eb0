"""Who listens on a port: real listeners on loopback, this process's own."""

import os
import socket
from contextlib import closing
from dataclasses import replace

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Holder, Listener, Outcome
from layerwalk.probes.facts.listeners import listed, listening
from layerwalk.probes.listeners import listeners
from layerwalk.probes.origin import Origin
from layerwalk.probes.quarters import quarters_of

WHO = Holder(pid=7, name="nginx", unit="nginx.service")


def bound(address: str, kind: socket.SocketKind = socket.SOCK_STREAM) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, kind)
    sock.bind((address, 0))
    if kind is socket.SOCK_STREAM:
        sock.listen(3)
    return sock


def test_a_listener_is_found_with_its_process() -> None:
    with closing(bound("127.0.0.1")) as sock:
        port = sock.getsockname()[1]
        fact = listeners(port, ProbeContext())
    (one,) = fact.listeners
    assert fact.outcome is Outcome.ANSWERED
    assert (one.address, one.port, one.versions, one.limit) == ("127.0.0.1", port, (4,), 3)
    assert [holder.pid for holder in one.holders] == [os.getpid()]
    assert one.on_loopback
    assert one.takes("127.0.0.1")
    assert not one.takes("192.0.2.1")


def test_a_listener_of_both_families_takes_both() -> None:
    with closing(bound("::")) as sock:
        sock.getsockname()
        (one,) = listeners(sock.getsockname()[1], ProbeContext()).listeners
    assert one.versions == (4, 6)
    assert one.takes("192.0.2.1")
    assert one.takes("2001:db8::1")


def test_a_port_that_only_datagrams_go_to_says_so() -> None:
    with closing(bound("127.0.0.1", socket.SOCK_DGRAM)) as sock:
        fact = listeners(sock.getsockname()[1], ProbeContext())
    assert fact.listeners == ()
    assert str(os.getpid()) in fact.datagrams[0]
    assert "nobody listens" in fact.finding


def test_the_other_ports_of_a_named_process_are_found() -> None:
    origin = Origin(quarters=quarters_of(os.getpid()))
    with closing(bound("127.0.0.1")) as sock:
        port = sock.getsockname()[1]
        fact = listeners(1, replace(ProbeContext(), origin=origin))
    assert fact.pid == os.getpid()
    assert port in {one.port for one in fact.others}
    assert f"127.0.0.1:{port}" in fact.finding


def test_listeners_are_written_by_their_process() -> None:
    four = Listener(address="127.0.0.1", port=80, versions=(4,), holders=(WHO,))
    six = Listener(address="::", port=80, versions=(6,), holders=(WHO,), queue=3, limit=5)
    other = Listener(address="192.0.2.1", port=80, versions=(4,), interface="eth0")
    assert listed([four, six, other]) == (
        "nginx (pid 7, nginx.service) on 127.0.0.1:80, [::]:80 for IPv6 alone (3 waiting, room for "
        "5); a process on 192.0.2.1%eth0:80"
    )
    assert listening([four, other]) == (
        "nginx (pid 7, nginx.service) listens on 127.0.0.1:80; "
        "a process listens on 192.0.2.1%eth0:80"
    )
