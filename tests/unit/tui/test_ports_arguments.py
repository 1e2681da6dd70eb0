"""``--ports`` and ``--rate``: lists that are understood, and those that are refused in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.probes.facts import PortsAsked
from layerwalk.session.targets import BadInput
from layerwalk.tui.arguments import parse
from layerwalk.tui.requests import Diagnose, Open


def asked(*words: str) -> PortsAsked | None:
    request = parse(["diagnose", "192.0.2.10", *words])
    assert isinstance(request, Diagnose)
    return request.options.ports


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("22", (22,)),
        ("22,80,8000-8003", (22, 80, 8000, 8001, 8002, 8003)),
        ("80,22,80,20-23", (80, 22, 20, 21, 23)),
        ("1-65535", tuple(range(1, 65536))),
        ("7-7", (7,)),
        (" 22 , 80 ", (22, 80)),
        ("00022", (22,)),
    ],
)
def test_a_list_is_read_in_its_order_each_port_once(text: str, ports: tuple[int, ...]) -> None:
    assert asked("--ports", text) == PortsAsked.of(ports, 1000)


@given(st.lists(st.integers(1, 65535), min_size=1, max_size=50))
def test_what_is_written_is_read(ports: list[int]) -> None:
    found = asked("--ports", ",".join(map(str, ports)))
    assert found == PortsAsked.of(ports, 1000)
    assert found is not None
    assert list(found) == list(dict.fromkeys(ports))
    assert found.count == len(set(ports))


def test_nobody_scans_by_itself() -> None:
    assert asked() is None


def test_the_app_takes_them_too() -> None:
    request = parse(["192.0.2.10:5432", "--ports", "22", "--rate", "50"])
    assert isinstance(request, Open)
    assert request.options.ports == PortsAsked.of((22,), 50)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "'' is no port or range; write ports as 22,80,8000-8100"),
        ("22,", "'' is no port or range"),
        ("ssh", "'ssh' is no port or range"),
        ("22;80", "'22;80' is no port or range"),
        ("22-", "'22-' is no port or range"),
        ("-22", "'-22' is no port or range"),
        ("1-2-3", "'1-2-3' is no port or range"),
        ("0", "'0' is no port: they go from 1 to 65535"),
        ("65536", "'65536' is no port: they go from 1 to 65535"),
        ("1-99999999999999999999999", "is no port"),
        ("90-80", "'90-80' runs backwards; write it as 80-90"),
        ("٢٢", "is no port or range"),
        ("+22", "'.22' is no port or range"),
        ("2" * 500, r"2\.\.\.2.* is no port: they go"),
    ],
)
def test_what_is_no_list_is_refused_in_a_line(text: str, why: str) -> None:
    with pytest.raises(BadInput, match=f"--ports: .*{why}") as refusal:
        parse(["diagnose", "192.0.2.10", f"--ports={text}"])
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 200


@pytest.mark.parametrize("text", ["0", "-1", "ten", "1.5", "", "1e3", "10000001", "9" * 99, "٣"])
def test_what_is_no_rate_is_refused_in_a_line(text: str) -> None:
    with pytest.raises(BadInput, match=r"--rate: '.*' is no number of packets a second from 1"):
        parse(["diagnose", "192.0.2.10", "--ports", "22", f"--rate={text}"])


@pytest.mark.parametrize("command", [["diagnose"], []])
def test_a_rate_alone_is_refused(command: list[str]) -> None:
    with pytest.raises(BadInput, match="--rate is for --ports alone; add --ports LIST"):
        parse([*command, "192.0.2.10", "--rate", "50"])
