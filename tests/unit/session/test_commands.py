"""Commands that a person types to see what the walk saw, from where the walk came."""

import pytest

from layerwalk.probes.origin import HERE, Origin
from layerwalk.probes.quarters import Quarters
from layerwalk.session.commands import typed

MARKED = Origin(mark=5)
UNMARKED = "without mark 5, which nc can't set; without mark 5, which dig can't set"
SOURCED = Origin(address="192.0.2.10")
BOUND = Origin(interface="eth1")


@pytest.mark.parametrize(
    ("command", "origin", "written"),
    [
        ("ping -c 3 198.51.100.9", HERE, "ping -c 3 198.51.100.9"),
        ("ping -c 3 198.51.100.9", MARKED, "ping -m 5 -c 3 198.51.100.9"),
        ("ping -c 3 198.51.100.9", BOUND, "ping -I eth1 -c 3 198.51.100.9"),
        ("nc -vz 198.51.100.9 80", SOURCED, "nc -s 192.0.2.10 -vz 198.51.100.9 80"),
        ("dig @192.0.2.53 db A", SOURCED, "dig -b 192.0.2.10 @192.0.2.53 db A"),
        ("traceroute -n -I db", Origin(mark=5, interface="eth1"), None),
        ("nft list ruleset", MARKED, "nft list ruleset"),
        ("", MARKED, ""),
        (
            "nc -vz db 80",
            Origin(mark=5, interface="eth1"),
            "nc -vz db 80  # without mark 5 and interface eth1, which nc can't set",
        ),
    ],
)
def test_a_tool_gets_its_own_options(command: str, origin: Origin, written: str | None) -> None:
    expected = "traceroute --fwmark=5 -i eth1 -n -I db" if written is None else written
    assert typed(command, origin) == expected


@pytest.mark.parametrize(
    ("command", "written"),
    [
        ("ip -br addr; ip -br link", "nsenter -t 7 -n ip -br addr; nsenter -t 7 -n ip -br link"),
        ("getent ahosts db", "nsenter -t 7 -n -m getent ahosts db"),
        ("systemctl status SERVICE", "systemctl status SERVICE"),
        (
            "nc -z db 80; dig db",
            "nsenter -t 7 -n nc -z db 80; nsenter -t 7 -n dig db  # " + UNMARKED,
        ),
    ],
)
def test_in_another_network_it_is_run_there(command: str, written: str) -> None:
    there = Quarters(pid=7, network=3, foreign=True)
    mark = 5 if "#" in written else 0
    assert typed(command, Origin(quarters=there, mark=mark)) == written
    assert typed("ping db", Origin(quarters=Quarters(pid=7))) == "ping db"


def test_an_odd_interface_stays_one_word() -> None:
    assert typed("ping db", Origin(interface="a b;c")) == "ping -I 'a b;c' db"
