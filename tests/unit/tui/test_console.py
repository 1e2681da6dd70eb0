import io
import os
import sys

import pytest

from layerwalk.tui import console


def test_an_encoding_that_lacks_a_letter_gets_its_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding="ascii"))
    console.prepare()
    console.say("Bücher \u2026\n")
    assert out.getvalue() == b"B\\xfccher \\u2026\n"


def test_bytes_pass_whatever_the_encoding(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding="ascii"))
    console.say("first\n")
    console.hand_out(["Bücher\n".encode()])
    assert out.getvalue() == "first\nBücher\n".encode()


def test_a_reader_that_has_gone_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        console.say("nobody\n")
        console.hand_out([b"hears\n"])
        console.say("it\n")


def test_no_output_at_all_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    console.prepare()
    console.say("x")
    console.hand_out([b"x"])
    console.complain("x")


def test_a_complaint_is_one_harmless_line(capsys: pytest.CaptureFixture[str]) -> None:
    console.complain("what\nis \x1b[31mthis")
    assert capsys.readouterr().err == "layerwalk: what\\nis \\x1b[31mthis\n"
