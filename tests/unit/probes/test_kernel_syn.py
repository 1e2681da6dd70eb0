"""What this machine's kernel puts on its SYNs, as files show it."""

from pathlib import Path

import pytest

from layerwalk.probes.facts import LINUX, SynOption
from layerwalk.probes.kernel_syn import kernels_options


def test_what_can_not_be_read_has_the_kernels_default(tmp_path: Path) -> None:
    assert kernels_options(tmp_path) == LINUX
    (tmp_path / "tcp_sack").write_text("odd\n", encoding="ascii")
    assert kernels_options(tmp_path) == LINUX


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("tcp_sack", SynOption.SACK),
        ("tcp_timestamps", SynOption.TIMESTAMPS),
        ("tcp_window_scaling", SynOption.WINDOW_SCALE),
    ],
)
def test_what_is_switched_off_is_not_sent(tmp_path: Path, name: str, gone: SynOption) -> None:
    (tmp_path / name).write_text("0\n", encoding="ascii")
    assert kernels_options(tmp_path) == tuple(option for option in LINUX if option is not gone)


@pytest.mark.parametrize(
    ("value", "flags"),
    [("0", ()), ("1", (SynOption.ECN,)), ("2", ()), ("3", (SynOption.ACCURATE_ECN,)), ("5", ())],
)
def test_ecn_is_asked_for_by_some_values(
    tmp_path: Path, value: str, flags: tuple[SynOption, ...]
) -> None:
    (tmp_path / "tcp_ecn").write_text(value, encoding="ascii")
    assert kernels_options(tmp_path) == (*LINUX, *flags)
