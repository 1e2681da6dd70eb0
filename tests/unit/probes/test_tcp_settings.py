"""The system's settings for TCP, from files as kernels of several ages have them."""

from pathlib import Path

from layerwalk.probes.facts.tcp_settings import TcpSettings
from layerwalk.probes.tcp_settings import tcp_settings


def test_the_settings_are_read_in_seconds(tmp_path: Path) -> None:
    for name, text in {
        "tcp_syn_retries": "3",
        "tcp_syn_linear_timeouts": "4",
        "tcp_retries2": "8",
        "tcp_keepalive_time": "600",
        "tcp_rto_min_us": "5000",
        "tcp_rto_max_ms": "60000",
    }.items():
        (tmp_path / name).write_text(f"{text}\n", encoding="ascii")
    assert tcp_settings(tmp_path) == TcpSettings(
        syn_retries=3,
        linear_timeouts=4,
        retries2=8,
        keepalive_idle_s=600,
        least_pause_s=0.005,
        longest_pause_s=60.0,
    )


def test_an_old_kernel_does_what_it_does(tmp_path: Path) -> None:
    (tmp_path / "tcp_syn_retries").write_text("6\n", encoding="ascii")
    (tmp_path / "tcp_retries2").write_text("nonsense\n", encoding="ascii")
    assert tcp_settings(tmp_path) == TcpSettings()


def test_what_can_t_be_read_is_not_known(tmp_path: Path) -> None:
    assert tcp_settings(tmp_path) is None


def test_this_kernel_has_them() -> None:
    found = tcp_settings()
    assert found is not None
    assert found.syn_retries == int(Path("/proc/sys/net/ipv4/tcp_syn_retries").read_text("ascii"))
