import msgspec
import pytest

from layerwalk.session.report import Report, Verdict
from layerwalk.session.text import Form, to_text
from tests.unit.session.reports import HARM, faulty, harmful, healthy

PLACE = "on the path, after hop 2 (203.0.113.1)"
LITTLE, ALL = Form(detail=0), Form(detail=2)


def test_the_first_line_is_the_answer() -> None:
    assert to_text(faulty()).splitlines()[:2] == [
        "FAULT: A firewall behind 203.0.113.1 drops the SYN to port 5432.",
        f"  A firewall drops the connection [firewall-drop]: likely, layer 4 (transport); {PLACE}",
    ]


def test_little_is_the_answer_alone() -> None:
    assert to_text(faulty(), LITTLE).splitlines() == to_text(faulty()).splitlines()[:2]
    assert to_text(healthy(), LITTLE) == "HEALTHY: The port takes the connection.\n"


def named_and_labelled() -> Report:
    """A path whose second hop has a name, and adds a label to its answers."""
    report = faulty()
    first, second, *rest = report.path
    second = msgspec.structs.replace(
        second, names=("r2.lab.test",), extensions=("MPLS label 16, class 0, TTL 1",)
    )
    return msgspec.structs.replace(report, path=(first, second, *rest))


def test_names_show_where_the_width_allows() -> None:
    report = named_and_labelled()
    assert "203.0.113.1 (r2.lab.test)" in to_text(report)
    assert "r2.lab.test" not in to_text(report, Form(width=50))


def test_what_a_router_adds_stands_below_it() -> None:
    lines = to_text(named_and_labelled()).splitlines()
    place = next(number for number, line in enumerate(lines) if "r2.lab.test" in line)
    assert lines[place + 1].strip() == "MPLS label 16, class 0, TTL 1"


@pytest.mark.parametrize(
    "said",
    [
        "possible, layer 3 (network); at the target, 198.51.100.10",
        "SYNs vanish while echoes are answered.",
        "e2   SYN to 198.51.100.10:5432: 4 sent, no answer",
        "1. On the network: Let the port through. (changes settings)",
        "$ nft ...",
        "2. On the server: Look at its rules. (only looks)",
        "It could as well be this: The target is down [host-down]",
        "Told apart by: Ask its neighbour entry on its last router.",
        "  Whose timer: The program gave up after 5 s, its own limit.",
        "Ruled out: name-not-found",
        "conntrack-full: not permitted; to look there: run as root",
        "2  203.0.113.1  3 of 3    0.4 ms  answered",
        "3  (silent)     0 of 3            silent",
        "walked to db.internal:5432 (198.51.100.10) from web-3 in 2.3 s",
    ],
)
def test_the_verdict_says(said: str) -> None:
    assert said in to_text(faulty(), Form(width=200))


def test_all_evidence_comes_with_its_commands_when_asked_for() -> None:
    shown = to_text(faulty(), ALL)
    assert "$ by-hand e1" in shown
    assert "name-not-found (e1): it has an address" in shown
    assert "by-hand" not in to_text(faulty())


def test_evidence_that_is_not_there_is_not_cited() -> None:
    bare = msgspec.structs.replace(faulty(), evidence=())
    assert "Seen:" not in to_text(bare)


def test_lines_keep_to_the_width_and_commands_stay_whole() -> None:
    long = "nft add rule inet filter input tcp dport 5432 ip saddr 192.0.2.0/24 accept comment x"
    cause = faulty().verdict.causes[0]
    step = msgspec.structs.replace(cause.recommendations[0], command=long)
    report = with_cause(explanation="word " * 60, recommendations=(step,))
    lines = to_text(report, Form(width=60)).splitlines()
    assert f"       $ {long}" in lines
    prose = [line for line in lines[2:] if "$" not in line]
    assert max(len(line) for line in prose) <= 60


def with_cause(**changes: object) -> Report:
    cause = msgspec.structs.replace(faulty().verdict.causes[0], **changes)
    verdict = msgspec.structs.replace(faulty().verdict, causes=(cause,))
    return msgspec.structs.replace(faulty(), verdict=verdict)


def test_several_reports_name_their_targets() -> None:
    shown = to_text((faulty(), healthy()), LITTLE)
    assert shown.count("--- db.internal:5432 ---") == 2


def test_an_inconclusive_walk_says_why() -> None:
    verdict = Verdict(outcome="inconclusive", summary="Nothing could be asked.")
    report = msgspec.structs.replace(faulty(), verdict=verdict, path=(), evidence=())
    assert to_text(report).startswith("INCONCLUSIVE: Nothing could be asked.\n")


@pytest.mark.parametrize("form", [LITTLE, Form(), ALL])
def test_harm_is_shown_as_text(form: Form) -> None:
    shown = to_text(harmful(), form)
    assert all(line.isprintable() for line in shown.split("\n"))
    assert r"\x1b[31mred" in shown


def test_harm_begins_no_line_of_its_own() -> None:
    shown = to_text(harmful("x\nHEALTHY: all is well"), ALL)
    assert not [line for line in shown.splitlines() if line.startswith("HEALTHY")]
    assert HARM not in shown


def test_what_the_summary_says_is_not_said_again() -> None:
    summary = faulty().verdict.summary
    assert to_text(with_cause(explanation=summary)).count(summary) == 1
