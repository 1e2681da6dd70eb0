"""What sends and what opens, where a family or the rights are missing."""

import errno
import socket
import struct

import pytest

from layerwalk.probes.wire import opening, packets, sender
from layerwalk.probes.wire.packets import Packet, Peer
from layerwalk.probes.wire.sender import Sender
from layerwalk.probes.wire.stamps import stamp_of
from tests.unit.probes.wire.peers import FOUR, SIX

Patch = pytest.MonkeyPatch


class Pretended:
    """A raw socket that keeps what it is given, or refuses."""

    def __init__(self, error: int = 0) -> None:
        self.error = error
        self.sent: list[tuple[bytes, object]] = []
        self.ways: list[object] = []
        self.closed = False

    def sendmsg(self, data: list[bytes], way: object, _flags: int, address: object) -> int:
        if self.error:
            raise OSError(self.error, "refused")
        self.sent.append((data[0], address))
        self.ways.append(way)
        return len(data[0])

    def close(self) -> None:
        self.closed = True


def sending(patch: Patch, four: Pretended, six: Pretended | OSError) -> Sender:
    def raw_6() -> Pretended:
        if isinstance(six, OSError):
            raise six
        return six

    patch.setattr(sender, "_raw_4", lambda: four)
    patch.setattr(sender, "_raw_6", raw_6)
    return Sender()


def echo(peer: Peer) -> Packet:
    return packets.echo(peer, 1, 2)


def test_each_family_has_its_socket(monkeypatch: Patch) -> None:
    four, six = Pretended(), Pretended()
    made = sending(monkeypatch, four, six)
    assert [made.send(echo(peer)) for peer in (FOUR, SIX)] == [0, 0]
    assert four.sent == [(echo(FOUR).data, (FOUR.dst, 0))]
    assert six.sent == [(echo(SIX).data, (SIX.dst, 0, 0, 0))]
    made.close()
    assert four.closed
    assert six.closed


def test_a_link_local_address_goes_by_its_interface(monkeypatch: Patch) -> None:
    six = Pretended()
    index = socket.if_nametoindex("lo")
    made = sending(monkeypatch, Pretended(), six)
    for peer in (Peer("fe80::1%lo", "fe80::2"), Peer("fe80::1", "fe80::2", "lo")):
        made.send(echo(peer))
    assert [address for _, address in six.sent] == [("fe80::1", 0, 0, index)] * 2


@pytest.mark.parametrize("error", [errno.EPERM, errno.ENETUNREACH, errno.EMSGSIZE])
def test_a_refusal_is_its_number(monkeypatch: Patch, error: int) -> None:
    assert sending(monkeypatch, Pretended(error), Pretended()).send(echo(FOUR)) == error


def test_without_ipv6_the_family_is_not_there(monkeypatch: Patch) -> None:
    missing = OSError(errno.EAFNOSUPPORT, "no such family")
    made = sending(monkeypatch, Pretended(), missing)
    assert (made.send(echo(SIX)), made.send(echo(FOUR))) == (errno.EAFNOSUPPORT, 0)
    made.close()


def test_without_the_right_nothing_is_opened(monkeypatch: Patch) -> None:
    with pytest.raises(PermissionError):
        sending(monkeypatch, Pretended(), PermissionError(errno.EPERM, "not permitted"))


@pytest.mark.parametrize("error", [PermissionError(errno.EPERM, ""), OSError(errno.EMFILE, "")])
def test_a_wire_without_raw_sockets_has_the_kernels_means(
    monkeypatch: Patch, error: OSError
) -> None:
    def refuse(_take: object, _origin: object) -> None:
        raise error

    monkeypatch.setattr(opening, "RawMeans", refuse)
    wire = opening.open_wire()
    assert not wire.means.raw
    wire.close()


def test_the_kernels_stamp_counts(monkeypatch: Patch) -> None:
    held = (socket.SOL_SOCKET, 35, struct.pack("qq", 12, 500_000_000))
    monkeypatch.setattr("time.time", lambda: 99.0)
    assert stamp_of([(0, 0, b""), held]) == 12.5
    assert stamp_of([(socket.SOL_SOCKET, 35, b"short")]) == 99.0
    assert stamp_of([]) == 99.0
