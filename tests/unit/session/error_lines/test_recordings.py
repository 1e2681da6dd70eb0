"""What programs really print is understood: each line says what it is to say."""

import pytest

from layerwalk.probes.facts import Target
from layerwalk.session.error_lines import read_errors
from layerwalk.session.targets import BadInput
from tests.unit.session.error_lines.recordings import Recording, recordings

ALL = tuple(recordings())
UNDERSTOOD = [it for it in ALL if it.understood]


def written(target: Target) -> str:
    port = "" if target.port is None else f" {target.port}"
    return f"{target.scheme} {target.host}{port}"


@pytest.mark.parametrize("line", UNDERSTOOD, ids=lambda line: line.name)
def test_a_line_is_understood(line: Recording) -> None:
    found = read_errors(line.text)
    last = found[-1]
    said = last.entry
    assert tuple(written(it.target) for it in found if it.target) == line.targets
    assert (last.target.addresses if last.target else ()) == line.addresses
    assert (said.phase, said.errno, said.runtime) == (line.phase, line.errno, line.runtime)
    assert (said.timer, said.limit_s) == (line.timer, line.limit_s)
    assert last.meaning.endswith(".")


@pytest.mark.parametrize(
    "line", [it for it in ALL if not it.understood], ids=lambda line: line.name
)
def test_what_says_nothing_is_refused(line: Recording) -> None:
    with pytest.raises(BadInput, match="no error line that is understood"):
        read_errors(line.text)


def test_enough_programs_have_spoken_for_themselves() -> None:
    recorded = {it.program.split()[0] for it in ALL if it.source == "recorded"}
    assert len(recorded) >= 25
    assert {it.source for it in ALL} == {"recorded", "documented"}
