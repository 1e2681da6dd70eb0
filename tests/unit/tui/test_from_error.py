"""``--from-error``: where is walked to, with which limit, and what is said before."""

import io

import pytest

from layerwalk.session.options import Options
from layerwalk.session.targets import BadInput
from layerwalk.tui.arguments import parse
from layerwalk.tui.diagnose import diagnose
from layerwalk.tui.requests import Diagnose
from tests.unit.session.reports import faulty
from tests.unit.tui.walks import playing

LINE = "curl: (28) Failed to connect to db port 443 after 5001 ms: Timeout was reached"
TWO = "dial tcp 192.0.2.5:80: i/o timeout\ndial tcp 192.0.2.6:80: i/o timeout"
BARE = "Connection timed out: getsockopt"


def asked(*words: str) -> Diagnose:
    request = parse(["diagnose", *words])
    assert isinstance(request, Diagnose)
    return request


def options(*words: str) -> Options:
    return asked(*words).options


def test_the_line_gives_target_limit_and_phase() -> None:
    request = asked("--from-error", LINE)
    (target,) = request.targets
    assert (target.host, target.port, target.scheme) == ("db", 443, "tcp")
    assert request.options.timeout_s == 5.0
    assert request.options.error_line is not None
    assert request.options.error_line.phase == "connect"


def test_a_limit_that_is_given_goes_first() -> None:
    request = asked("--from-error", LINE, "--timeout", "3")
    assert request.options.timeout_s == 3.0
    assert any("--timeout 3 goes before the line's 5 s" in it for it in request.told)


def test_the_budget_follows_the_limit_unless_it_is_given() -> None:
    slow = LINE.replace("5001", "60001")
    assert options("--from-error", slow).budget_s == 130.0
    assert options("--from-error", slow, "--budget", "7").budget_s == 7.0


def test_the_last_target_is_walked_to_and_the_others_are_told() -> None:
    request = asked("--from-error", TWO)
    assert [it.host for it in request.targets] == ["192.0.2.6"]
    assert request.options.other_targets == ("192.0.2.5:80",)
    assert any("several targets; walking to the last, 192.0.2.6:80" in it for it in request.told)


def test_a_target_beside_the_line_goes_first() -> None:
    request = asked("--from-error", TWO, "db:5432")
    assert [it.host for it in request.targets] == ["db"]
    assert request.options.other_targets == ()
    assert any("as asked for, not to the line's 192.0.2.6:80" in it for it in request.told)


def test_of_several_failures_that_of_the_given_target_counts() -> None:
    text = f"{TWO}\nconnect ECONNREFUSED 192.0.2.7:5432"
    line = options("--from-error", text, "192.0.2.5:80").error_line
    assert line is not None
    assert line.timer == "program"


def test_a_target_completes_a_line_without_one() -> None:
    request = asked("--from-error", BARE, "db:5432")
    assert [it.host for it in request.targets] == ["db"]
    assert request.options.error_line is not None
    assert request.options.error_line.errno == "ETIMEDOUT"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([BARE], "the line names no host to walk to; add it"),
        (["hello"], "--from-error: this is no error line that is understood"),
        ([" "], "--from-error: it is empty"),
        ([TWO, "a:1", "b:2"], "--from-error takes one TARGET beside it"),
        ([TWO, "-6"], "IPv4 address, and -6 asks for the other"),
    ],
)
def test_what_leads_nowhere_is_refused(words: list[str], why: str) -> None:
    with pytest.raises(BadInput, match=why):
        asked("--from-error", *words)


def test_a_dash_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff " + TWO.encode())))
    assert [it.host for it in asked("--from-error", "-").targets] == ["192.0.2.6"]


def test_what_it_means_is_said_before_and_not_among_the_json(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    request = asked("--from-error", LINE, "--json")
    assert diagnose(request, playing(faulty())) == 1
    said = capsysbinary.readouterr()
    assert said.out.startswith(b"{")
    lines = said.err.decode().splitlines()
    assert lines[0].startswith("layerwalk: the error line: The program's own limit of 5 s ran out")
    assert lines[1] == "layerwalk: its time limit, 5 s, counts as --timeout"
    assert lines[2] == "layerwalk: walking to db:443"


def test_less_says_nothing_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    diagnose(asked("--from-error", LINE, "-q"), playing(faulty()))
    assert capsys.readouterr().err == ""


def test_the_app_is_not_needed_for_it() -> None:
    request = parse(["--json", "--from-error", LINE])
    assert isinstance(request, Diagnose)
    assert [it.host for it in request.targets] == ["db"]


def test_redacted_it_names_nobody() -> None:
    request = asked("--redact", "--from-error", TWO.replace("192.0.2.5", "db.internal"))
    assert not any("db.internal" in it or "192.0.2.6" in it for it in request.told)
    assert request.options.other_targets == ("1 more",)
