"""Whose timer: the settings against the seconds in the error line, or ``--timeout``."""

from dataclasses import replace

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.complaint import Complaint
from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.time_figures import figures
from layerwalk.diagnosis.whose_timer import Timer, whose_timer
from layerwalk.probes.facts import EnvironmentFact, Fact, Outcome, TimersFact, TimeSetting
from layerwalk.probes.facts.tcp_settings import TcpSettings
from tests.unit.diagnosis.views import walk

NOW = samples.timers()
OLDER = samples.timers(linear_timeouts=0)
SILENT = (samples.links(), samples.route(), samples.connect(Outcome.SILENT))
KERNEL, PROGRAM = Complaint(timer="kernel"), Complaint(timer="program")


def told(
    *facts: Fact, timeout_s: float | None = None, complaint: Complaint | None = None
) -> Timer | None:
    return whose_timer(replace(walk(facts), timeout_s=timeout_s, complaint=complaint))


def whose(timer: Timer | None) -> str:
    return timer.whose if timer else ""


def says(timer: Timer | None) -> str:
    return timer.says if timer else ""


def test_nothing_is_said_where_nobody_asked_and_nothing_timed_out() -> None:
    assert told(NOW, *samples.healthy()) is None
    assert told(NOW, complaint=Complaint(timer="none", errno="ECONNREFUSED")) is None


def test_a_silent_connection_tells_how_long_the_kernel_tries() -> None:
    found = told(NOW, *SILENT)
    assert found == Timer(whose="unknown", kernel_s=131.0, says=says(found))
    assert "kernel gives up after 131 s (ETIMEDOUT)" in says(found)
    assert conclude(walk((NOW, *SILENT))).timer == found


def test_a_limit_below_the_kernels_is_the_programs() -> None:
    found = told(NOW, timeout_s=5.0)
    assert found == Timer(whose="program", kernel_s=131.0, limit_s=5.0, says=says(found))
    assert "gives up after 5 s, its own limit; the kernel would go on until 131 s" in says(found)
    line = told(NOW, complaint=replace(PROGRAM, limit_s=0.25))
    assert "gave up after 0.25 s, its own limit; the kernel would have gone on" in says(line)


def test_an_option_goes_before_the_line() -> None:
    found = told(NOW, timeout_s=10.0, complaint=replace(PROGRAM, limit_s=5.0))
    assert found
    assert found.limit_s == 10.0


@pytest.mark.parametrize("seconds", [130.5, 131.0, 131.07, 134.0])
def test_the_kernels_figure_points_at_the_kernel(seconds: float) -> None:
    found = told(NOW, complaint=Complaint(limit_s=seconds))
    assert whose(found) == "kernel"
    assert "is the kernel's figure here (131 s)" in says(found)


def test_the_kernels_figure_of_another_machine_is_known() -> None:
    found = told(NOW, complaint=Complaint(limit_s=127.2))
    assert whose(found) == "kernel"
    assert "tcp_syn_retries 6, tcp_syn_linear_timeouts 0); here it would be 131 s" in says(found)
    assert whose(told(OLDER, complaint=Complaint(limit_s=127.2))) == "kernel"
    assert whose(told(NOW, complaint=Complaint(limit_s=7.0))) == "program"


def test_a_line_that_names_the_kernel_is_believed() -> None:
    assert "after 131 s with this machine's settings" in says(told(NOW, complaint=KERNEL))
    odd = told(NOW, complaint=replace(KERNEL, limit_s=42.0))
    assert whose(odd) == "kernel"
    assert "42 s is a kernel's figure, under other settings" in says(odd)
    assert says(told(complaint=replace(KERNEL, limit_s=42.0))).endswith("this machine's.")


def test_a_line_that_names_the_program_is_believed() -> None:
    found = told(NOW, complaint=PROGRAM)
    assert whose(found) == "program"
    assert "a limit of its own; the kernel would have gone on until 131 s" in says(found)
    assert whose(told(NOW, complaint=replace(PROGRAM, limit_s=200.0))) == "program"


def test_a_limit_beyond_the_kernels_never_comes_to_bear() -> None:
    found = told(NOW, timeout_s=200.0)
    assert whose(found) == "kernel"
    assert "after 131 s, before the program's own limit of 200 s" in says(found)


def test_without_the_settings_only_the_limit_is_known() -> None:
    missing = TimersFact(outcome=Outcome.FAILED)
    found = told(missing, timeout_s=5.0)
    assert found
    assert (found.whose, found.kernel_s) == ("program", None)
    assert "how long the kernel goes on is not known here" in says(found)
    assert "is not known" in says(told(missing, *SILENT))
    assert says(told(complaint=KERNEL)) == "The kernel gave up, as the error says."


def test_a_failure_while_reading_has_nothing_to_do_with_the_syn() -> None:
    read = Complaint(phase="read", timer="program", limit_s=30.0)
    assert says(told(NOW, complaint=read)).startswith("The program gave up after 30 s, its own")
    found = told(NOW, complaint=replace(read, timer="unknown", limit_s=None))
    assert whose(found) == "unknown"
    assert says(found).startswith("The failure came, but not while connecting")


FULL = samples.timers(
    tcp=TcpSettings(linear_timeouts=4), tracked_s={"established": 432_000.0, "max_retrans": 300.0}
)
READ = Complaint(phase="read", timer="unknown")


def test_a_read_that_failed_like_data_sent_in_vain_says_so() -> None:
    found = told(FULL, complaint=replace(READ, timer="kernel", errno="ETIMEDOUT", limit_s=927.3))
    assert whose(found) == "kernel"
    assert "fits tcp_retries2 15: what was sent was repeated in vain" in says(found)
    assert "(924.6 s to 1045 s)" in says(found)


def test_a_dead_peer_is_told_by_keepalive_after_two_hours() -> None:
    found = told(FULL, complaint=replace(READ, timer="kernel", limit_s=7876.0))
    assert "tcp_keepalive_time 7200 + 9 x 75" in says(found)


def test_a_kernels_error_after_another_time_points_at_the_socket() -> None:
    found = told(FULL, complaint=replace(READ, timer="kernel", limit_s=42.0))
    assert whose(found) == "kernel"
    assert "none of its limits here (tcp_retries2 15 (924.6 s to 1045 s)" in says(found)
    assert "TCP_USER_TIMEOUT" in says(found)
    bare = told(FULL, complaint=replace(READ, timer="kernel"))
    assert "by one of its limits here: tcp_retries2 15" in says(bare)


def test_an_idle_limit_is_never_more_than_possible() -> None:
    found = told(FULL, complaint=replace(READ, timer="none", errno="ECONNRESET", limit_s=350.0))
    assert whose(found) == "unknown"
    assert "350 s fits the idle limit of some cloud NAT gateways" in says(found)
    assert "it may as well be a limit of the program's own" in says(found)
    own = told(FULL, complaint=replace(READ, limit_s=300.0))
    assert "nf_conntrack_tcp_timeout_max_retrans 300" in says(own)
    assert "idle" not in says(told(FULL, complaint=replace(READ, limit_s=17.0)))


def test_a_time_of_no_named_phase_may_fit_an_open_connection() -> None:
    assert "also fits tcp_retries2 15" in says(told(FULL, timeout_s=930.0))
    assert "fits" not in says(told(FULL, timeout_s=300.0))
    assert "fits" not in says(told(FULL, complaint=Complaint(phase="connect", limit_s=930.0)))


def test_every_limit_of_the_kernels_is_given_with_the_timer() -> None:
    found = told(FULL, timeout_s=63.0)
    assert found
    by_name = {one.name: one for one in found.figures}
    assert by_name["tcp_synack_retries 5"].fits(63.0)
    assert by_name["tcp_fin_timeout 60"].after_s == 60.0
    assert by_name["tcp_orphan_retries 0"].after_s == 102.2
    assert by_name["nf_conntrack_tcp_timeout_established 432000"].phases == ("idle",)
    assert by_name["tcp_syn_retries 6"].after_s == 131.0
    assert len(by_name) == 8


@pytest.mark.parametrize(
    ("retries", "after_s"), [(3, 3.0), (8, 102.2), (9, 204.6), (10, 324.6), (15, 924.6)]
)
def test_repeats_of_data_take_as_long_as_the_kernels_documents_say(
    retries: int, after_s: float
) -> None:
    fact = samples.timers(tcp=TcpSettings(retries2=retries))
    (one,) = (it for it in figures(fact) if it.name == f"tcp_retries2 {retries}")
    assert one.after_s == after_s
    assert after_s < one.until_s <= after_s + 120


def test_a_variable_that_sets_the_programs_limit_is_named() -> None:
    five = TimeSetting(variable="PGCONNECT_TIMEOUT", value="5", seconds=5.0)
    told_so = EnvironmentFact(outcome=Outcome.ANSWERED, pid=7, times=(five,))
    assert "; PGCONNECT_TIMEOUT in its environment says so" in says(
        told(NOW, told_so, timeout_s=5.0)
    )
    assert "environment" not in says(told(NOW, told_so, timeout_s=9.0))


def test_an_environment_that_may_not_be_read_is_named_as_open() -> None:
    barred = EnvironmentFact(outcome=Outcome.NOT_PERMITTED, pid=7, detail="it takes its user")
    (one,) = (it for it in conclude(walk((*samples.healthy(), barred))).open if "user" in it.why)
    assert one.id == "proxy-misrouted"
    assert one.unlock.startswith("sudo layerwalk diagnose")
