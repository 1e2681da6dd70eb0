"""Whose timer, where the program's own socket was looked at."""

from dataclasses import replace

from layerwalk.diagnosis import samples
from layerwalk.diagnosis.complaint import Complaint
from layerwalk.diagnosis.whose_timer import Timer, whose_timer
from layerwalk.probes.facts import Fact, Outcome
from tests.unit.diagnosis.facts import own_sockets
from tests.unit.diagnosis.views import walk

SILENT = (samples.timers(), samples.connect(Outcome.SILENT))
ASKING = {"state": "SYN_SENT", "blocks": True}


def told(*facts: Fact, timeout_s: float | None = None, complaint: Complaint | None = None) -> Timer:
    view = replace(walk((*SILENT, *facts)), timeout_s=timeout_s, complaint=complaint)
    found = whose_timer(view)
    assert found is not None
    return found


def test_a_socket_that_has_what_the_system_has_changes_nothing() -> None:
    assert told(own_sockets(syn_count=6)).says == told().says
    assert told(own_sockets()).says == told().says
    assert told(own_sockets(state="SYN_SENT")).says == told().says


def test_its_own_count_goes_before_the_systems() -> None:
    found = told(own_sockets(**ASKING, syn_count=3))
    assert (found.whose, found.kernel_s, found.limit_s) == ("unknown", 19.0, None)
    assert found.says.endswith("; its socket has TCP_SYNCNT 3: 19 s.")
    assert told(own_sockets(**ASKING, syn_count=3), timeout_s=19.0).whose == "kernel"


def test_its_users_limit_bounds_the_kernel() -> None:
    found = told(own_sockets(**ASKING, syn_count=6, user_timeout_s=12.0))
    assert found.kernel_s == 12.0
    assert "its socket has TCP_USER_TIMEOUT: 12 s" in found.says


def test_a_write_limit_of_its_socket_is_the_programs_limit() -> None:
    found = told(own_sockets(**ASKING, syn_count=6, send_limit_s=5.0))
    assert (found.whose, found.limit_s) == ("program", 5.0)
    assert found.says.endswith("; SO_SNDTIMEO of its socket is 5 s.")
    other = told(own_sockets(**ASKING, syn_count=6, send_limit_s=5.0), timeout_s=9.0)
    assert other.limit_s == 9.0
    assert "SO_SNDTIMEO" not in other.says


def test_a_socket_that_does_not_block_knows_no_write_limit() -> None:
    found = told(own_sockets(state="SYN_SENT", blocks=False, syn_count=6, send_limit_s=5.0))
    assert (found.whose, found.limit_s) == ("unknown", None)


def test_sockets_of_others_say_nothing_of_the_program() -> None:
    other = replace(own_sockets(**ASKING, syn_count=2), pid=None)
    assert told(other).says == told().says


def test_limits_of_an_open_socket_are_told_by_name() -> None:
    read = Complaint(phase="read", timer="program", limit_s=30.5)
    held = own_sockets(syn_count=6, receive_limit_s=30.5, user_timeout_s=12.0)
    assert "its own limit (SO_RCVTIMEO of its socket);" in told(held, complaint=read).says
    assert "SO_RCVTIMEO" not in told(held, complaint=replace(read, limit_s=60.0)).says
    gone = told(held, complaint=replace(read, timer="kernel", limit_s=12.3))
    assert "TCP_USER_TIMEOUT of its socket: what was sent was not acknowledged" in gone.says


def test_keepalive_of_a_socket_is_a_limit_where_it_is_on() -> None:
    kept = {"keepalive_idle_s": 60, "keepalive_interval_s": 10, "keepalive_probes": 6}
    read = Complaint(phase="read", timer="kernel", errno="ETIMEDOUT", limit_s=120.4)
    on = told(own_sockets(syn_count=6, keepalive=True, **kept), complaint=read)
    assert "SO_KEEPALIVE 60 + 6 x 10 of its socket: the other end is gone (120 s)" in on.says
    off = told(own_sockets(syn_count=6, keepalive=False, **kept), complaint=read)
    assert "SO_KEEPALIVE" not in off.says
