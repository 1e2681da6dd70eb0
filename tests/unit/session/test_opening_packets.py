"""The packets behind a piece of evidence are read as a person reads them."""

from layerwalk.probes.wire import packets
from layerwalk.session.opening_packets import MOST, opened_packets
from layerwalk.session.report import EvidenceEntry

PEER = packets.Peer("198.51.100.10", "192.0.2.10")


def entry(*found: str) -> EvidenceEntry:
    data = {"answers": [{"kind": "rst", "packet": packet} for packet in found]}
    return EvidenceEntry(
        id="e1",
        probe="syn",
        layer=4,
        started=0.0,
        seconds=0.1,
        status="refused",
        finding="",
        data=data,
    )


def test_a_packet_is_taken_apart() -> None:
    packet = packets.syn(PEER, (40000, 5432), 7).data.hex()
    (text,) = opened_packets(entry(packet))
    assert "198.51.100.10" in text
    assert "TCP" in text


def test_nonsense_is_called_no_packet() -> None:
    assert opened_packets(entry("zz", "00")) == ("no packet", "no packet")


def test_a_cut_packet_is_read_as_far_as_it_goes() -> None:
    packet = packets.syn(PEER, (40000, 5432), 7).data[:24].hex()
    assert "198.51.100.10" in opened_packets(entry(packet))[0]


def test_no_more_than_a_few_are_opened() -> None:
    many = (packets.syn(PEER, (40000, 5432), number).data.hex() for number in range(1, MOST + 5))
    assert len(opened_packets(entry(*many))) == MOST


def test_evidence_without_packets_opens_none() -> None:
    assert opened_packets(entry()) == ()
