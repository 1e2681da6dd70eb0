"""Whose timer: the settings against the seconds in the error line, or ``--timeout``."""

from dataclasses import replace

import pytest

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.complaint import Complaint
from layerwalk.diagnosis.rank import conclude
from layerwalk.diagnosis.whose_timer import Timer, whose_timer
from layerwalk.probes.facts import Fact, Outcome, TimersFact
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
