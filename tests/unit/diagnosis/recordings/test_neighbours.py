"""A full table of neighbours, from the kernel's own messages (Linux 6.18) to the verdict."""

import struct

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.rank import Conclusion, conclude
from layerwalk.diagnosis.samples import limits
from layerwalk.probes.facts import NeighbourTable, Outcome, TraceKind
from layerwalk.probes.neighbour_room import read_table, since
from tests.unit.diagnosis.views import walk

ARP = bytes.fromhex(
    "020000000e0001006172705f63616368650000000c00080030750000000000000800020080000000080003000002"
    "000008000400000400002400050004005001420000003846d4029c7703001551e36cff0100000000000000000000"
    "5c000700704c0500000000002e4c0500000000000600000000000000c10c0000000000003375240000000000d7ff"
    "030000000000000000000000000000000000000000003c0c00000000000000000000000000000000000000000000"
    "b000060008000200010000000800100000400300080008006500000008000e0040000000080009000000000008000a"
    "000300000008000b000300000008001100000000000c00030090810000000000000c00040030750000000000000c00"
    "060060ea0000000000000c00070088130000000000000c000500e8030000000000000c000c00e8030000000000000c"
    "000d0020030000000000000c000f00e8030000000000000c0013008813000000000000"
)
NEIGHBOUR_DISCOVERY = (
    b"\x0a" + ARP[1:4] + b"\x10\x00\x01\x00ndisc_cache\0" + ARP[20:]
)  # a name of another length, and all else alike
MESSAGES = {4: ARP, 6: NEIGHBOUR_DISCOVERY}
GATEWAYS = {4: samples.GATEWAY, 6: "2001:db8::1"}
_ENTRIES, _LAST_COUNT = b"\x24\x00\x05\x00", b"\x5c\x00\x07\x00"


def message(version: int, entries: int, refused: int) -> bytes:
    """The message, with so many entries in the table and so many that were refused."""
    told = bytearray(MESSAGES[version])
    struct.pack_into("=I", told, told.index(_ENTRIES) + 8, entries)
    struct.pack_into("=Q", told, told.index(_LAST_COUNT) + 4 + 80, refused)
    return bytes(told)


def looked(version: int, entries: int, refused: int) -> Conclusion:
    """What a walk says to whose gateway the kernel gave no entry, and how the table moved."""
    before = read_table(message(version, entries, 40))
    now = read_table(message(version, entries, 40 + refused))
    near = limits.crowded(address=GATEWAYS[version], table=since(before, now))
    facts = (samples.links(), samples.echo(), samples.syn(), samples.connect(Outcome.SILENT))
    ways = (samples.trace(samples.tries(TraceKind.ICMP, 0)), samples.route(), near)
    return conclude(walk((*facts, *ways)))


@pytest.mark.parametrize("version", [4, 6])
def test_what_a_kernel_writes_is_read(version: int) -> None:
    assert read_table(MESSAGES[version]) == NeighbourTable(entries=66, limit=1024)
    assert read_table(message(version, 1024, 9)) == NeighbourTable(
        entries=1024, limit=1024, refused=9
    )


@pytest.mark.parametrize("version", [4, 6])
def test_a_full_table_is_why_the_gateway_is_out_of_reach(version: int) -> None:
    found = looked(version, 1024, 9)
    assert found.named[0].cause.id == "gateway-unreachable"
    assert "neighbour table is full (1024 of 1024 entries, 9 more were refused" in found.summary
    family = {4: "ipv4", 6: "ipv6"}[version]
    assert f"net.{family}.neigh.default.gc_thresh3" in found.named[0].advice[0].command


@pytest.mark.parametrize("version", [4, 6])
def test_a_table_that_was_full_once_is_not_blamed(version: int) -> None:
    assert "neighbour table" not in looked(version, 66, 0).summary
