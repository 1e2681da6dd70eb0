import io
import json
import sys
from pathlib import Path

import pytest

from layerwalk.probes.wire.recording import Recording
from layerwalk.session.options import Options
from layerwalk.session.pcap.file import PacketFile
from layerwalk.session.redaction.structures import Redaction
from layerwalk.session.report import Report, Verdict
from layerwalk.session.targets import parse_target
from layerwalk.tui.diagnose import diagnose
from layerwalk.tui.requests import Detail, Diagnose
from layerwalk.tui.walking import Begin, Walking
from tests.unit.session.reports import faulty, healthy
from tests.unit.tui.walks import playing

DB = (parse_target("db.internal:5432"),)
TWO = (*DB, parse_target("other:80"))


def inconclusive() -> Report:
    report = healthy()
    verdict = Verdict(outcome="inconclusive", summary="Nothing could be asked.")
    return Report(
        tool=report.tool, host=report.host, target=report.target, started="", seconds=0.0,
        verdict=verdict,
    )  # fmt: skip


def broken() -> Begin:
    def begin(_target: object, _listen: object) -> Walking:
        raise RuntimeError("no\nsuch \x1b[31mthing")

    return begin


@pytest.mark.parametrize(
    ("report", "status"), [(healthy(), 0), (faulty(), 1), (inconclusive(), 3)], ids=[0, 1, 3]
)
def test_the_status_is_the_verdicts(report: Report, status: int) -> None:
    assert diagnose(Diagnose(targets=DB), playing(report)) == status


def test_the_verdict_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    diagnose(Diagnose(targets=DB), playing(faulty()))
    said = capsys.readouterr()
    assert said.out.startswith("FAULT: A firewall behind 203.0.113.1")
    assert said.err == ""


def test_less_is_the_answer_alone(capsys: pytest.CaptureFixture[str]) -> None:
    diagnose(Diagnose(targets=DB, detail=Detail.LITTLE), playing(faulty()))
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_more_has_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    diagnose(Diagnose(targets=DB, detail=Detail.ALL), playing(faulty()))
    assert "$ by-hand e1" in capsys.readouterr().out


def test_json_is_the_report_and_nothing_else(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert diagnose(Diagnose(targets=DB, json=True), playing(faulty())) == 1
    said = capsysbinary.readouterr()
    assert json.loads(said.out)["schema"] == "layerwalk.report/1"
    assert said.err == b""


def test_several_targets_make_an_array(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    reports = (healthy(), faulty())
    assert diagnose(Diagnose(targets=TWO, json=True), playing(*reports)) == 1
    found = json.loads(capsysbinary.readouterr().out)
    assert [it["target"]["host"] for it in found] == ["db.internal", "other"]


def test_the_session_is_saved_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    request = Diagnose(targets=DB, output=tmp_path / "a.json")
    assert diagnose(request, playing(faulty())) == 1
    assert json.loads((tmp_path / "a.json").read_bytes())["verdict"]["outcome"] == "fault"
    assert capsys.readouterr().out.startswith("FAULT")


def test_what_can_not_be_saved_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    request = Diagnose(targets=DB, output=tmp_path / "gone/a.json")
    assert diagnose(request, playing(faulty())) == 2
    said = capsys.readouterr()
    assert said.out.startswith("FAULT")
    assert said.err.endswith("not saved: No such file or directory\n")


class Full(io.StringIO):
    """An output that takes no more."""

    def write(self, _text: str) -> int:
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", Full())
    assert diagnose(Diagnose(targets=DB), playing(faulty())) == 2
    assert capsys.readouterr().err == "layerwalk: standard output: No space left on device\n"


def test_a_defect_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert diagnose(Diagnose(targets=DB), broken()) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "layerwalk: the walk to db.internal:5432 broke off, a defect:"
        " RuntimeError: no\\nsuch \\x1b[31mthing\n"
    )


def test_a_defect_in_one_walk_leaves_the_others(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    left = [broken(), playing(healthy())]

    def begin(target: object, listen: object) -> Walking:
        return left.pop(0)(target, listen)  # type: ignore[arg-type]  # passed on as it came

    assert diagnose(Diagnose(targets=TWO, json=True), begin) == 3
    assert [it["target"]["host"] for it in json.loads(capsysbinary.readouterr().out)] == ["other"]


def test_a_defect_is_redacted_where_all_is(capsys: pytest.CaptureFixture[str]) -> None:
    options = Options(redact=Redaction())
    assert diagnose(Diagnose(targets=DB, options=options), broken()) == 3
    assert "the walk to name-1.name-2:5432 broke off" in capsys.readouterr().err


def test_packets_are_saved_whatever_becomes_of_the_walk(tmp_path: Path) -> None:
    kept = PacketFile(tmp_path / "a.pcapng")
    kept.add(Recording(), [], DB[0])
    assert diagnose(Diagnose(targets=DB, options=Options(packets=kept)), broken()) == 3
    assert (tmp_path / "a.pcapng").read_bytes()


def test_packets_that_can_not_be_saved_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = PacketFile(tmp_path / "gone/a.pcapng")
    kept.add(Recording(), [], DB[0])
    options = Options(packets=kept)
    assert diagnose(Diagnose(targets=DB, options=options), playing(healthy())) == 2
    assert capsys.readouterr().err.endswith("a.pcapng: not saved: No such file or directory\n")
