"""What the manual procedure is pointed at."""

import pytest

from benchmarks.by_hand import command

CASES = {
    "192.0.2.1:80": (4, ["192.0.2.1", "80", "", ""]),
    "[2001:db8::1]:443": (6, ["2001:db8::1", "443", "-6", ""]),
    "server.lab.test:5432": (6, ["server.lab.test", "5432", "-6", "AAAA"]),
    "tcp://server.lab.test:22": (4, ["server.lab.test", "22", "", "A"]),
}


@pytest.mark.parametrize("target", CASES)
def test_a_target_becomes_the_scripts_words(target: str) -> None:
    family, words = CASES[target]
    found = command(target, family)
    assert found is not None
    assert found[-4:] == words


@pytest.mark.parametrize("target", ["http://192.0.2.1/", ":80", "192.0.2.1"])
def test_what_the_tools_cannot_do_is_left_out(target: str) -> None:
    assert command(target, 4) is None
