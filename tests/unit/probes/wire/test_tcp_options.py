"""TCP options, orderly and not."""

from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.inet import TCP

from layerwalk.probes.wire.tcp_options import Options, read_options


def made(*options: tuple[str, object]) -> bytes:
    return bytes(TCP(options=list(options)))[20:]


def test_a_kernels_options_are_read_in_their_order() -> None:
    data = made(("MSS", 1460), ("SAckOK", b""), ("Timestamp", (5, 0)), ("NOP", None), ("WScale", 7))
    names = ("mss", "sack-permitted", "timestamps", "window-scale")
    assert read_options(data) == Options(names, 1460, None)


def test_the_first_sack_block_is_read() -> None:
    assert read_options(made(("SAck", (100, 200, 300, 400)))).sack == (100, 200)


def test_an_unknown_option_goes_by_its_number() -> None:
    assert read_options(b"\xfd\x04ab\x02\x04\x05\xb4") == Options(("253", "mss"), 1460, None)


def test_reading_ends_at_the_end_and_at_nonsense() -> None:
    assert read_options(b"\x00\x02\x04\x05\xb4") == Options()
    assert read_options(b"\x02\x04\x05\xb4\x03\x00") == Options(("mss",), 1460)
    assert read_options(b"\x02\x04\x05") == Options()
    assert read_options(b"\x02") == Options()
    assert read_options(b"\x02\x03\x05") == Options(("mss",))
    assert read_options(b"\x05\x02") == Options(("sack",))


@given(st.binary(max_size=40))
def test_no_bytes_upset_it(data: bytes) -> None:
    options = read_options(data)
    assert len(options.names) <= len(data) // 2
