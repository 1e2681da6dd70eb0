"""The kernel's settings for SYNs, as files show them."""

from pathlib import Path

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Outcome
from layerwalk.probes.timers import timers


def settings(folder: Path, **values: str) -> Path:
    for name, text in values.items():
        (folder / name).write_text(text + "\n", encoding="ascii")
    return folder


def test_all_settings_are_read(tmp_path: Path) -> None:
    folder = settings(
        tmp_path, tcp_syn_retries="3", tcp_syn_linear_timeouts="4", tcp_rto_max_ms="60000"
    )
    fact = timers(ProbeContext(), folder)
    assert (fact.syn_retries, fact.linear_timeouts, fact.longest_s) == (3, 4, 60.0)
    assert fact.finding == "tcp_syn_retries 3, tcp_syn_linear_timeouts 4"
    assert "tcp_syn_retries" in fact.command


def test_an_older_kernel_has_fewer_of_them(tmp_path: Path) -> None:
    fact = timers(ProbeContext(), settings(tmp_path, tcp_syn_retries="6"))
    assert (fact.outcome, fact.linear_timeouts, fact.longest_s) == (Outcome.ANSWERED, 0, 120.0)


def test_what_can_not_be_read_is_not_measured(tmp_path: Path) -> None:
    assert timers(ProbeContext(), tmp_path).outcome is Outcome.FAILED
    fact = timers(ProbeContext(), settings(tmp_path, tcp_syn_retries="six"))
    assert fact.outcome is Outcome.FAILED
    assert "six" in fact.finding


def test_this_machine_has_them() -> None:
    fact = timers(ProbeContext())
    assert fact.outcome is Outcome.ANSWERED
    assert 1 <= fact.syn_retries <= 127


def test_what_tracking_remembers_is_read_where_it_is_loaded(tmp_path: Path) -> None:
    folder = settings(tmp_path, tcp_syn_retries="6", tcp_retries2="8")
    assert timers(ProbeContext(), folder, tmp_path / "none").tracked_s == {}
    settings(
        tmp_path,
        nf_conntrack_tcp_timeout_established="86400",
        nf_conntrack_generic_timeout="600",
        nf_conntrack_tcp_timeout_close="odd",
    )
    fact = timers(ProbeContext(), folder, tmp_path)
    assert fact.tracked_s == {"established": 86400.0, "generic": 600.0}
    assert fact.tcp
    assert fact.tcp.retries2 == 8
