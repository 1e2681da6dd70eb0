"""What stands in capitals in commands is put in as far as it is known."""

import pytest

from layerwalk.diagnosis.model import Advice
from layerwalk.diagnosis.placeholders import filled
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import Evidence, Outcome, RouteFact, Target

V4, V6 = "192.0.2.10", "2001:db8::10"


def view(address: str, gateway: str = "") -> WalkView:
    source = "2001:db8::7" if ":" in address else "192.0.2.7"
    route = RouteFact(
        outcome=Outcome.ANSWERED,
        destination=address,
        gateway=gateway,
        interface="eth0",
        source=source,
    )
    return WalkView(
        target=Target(f"[{address}]:443" if ":" in address else f"{address}:443", address, 443),
        evidence=(Evidence(id="e1", fact=route),),
    )


def told(command: str, of: WalkView) -> str:
    return filled(Advice(on="client", action="", command=command), of.hosts[0], of).command


@pytest.mark.parametrize(
    ("command", "typed"),
    [
        ("ss -ltnp 'sport = :PORT'", "ss -ltnp 'sport = :443'"),
        ("ip route get SOURCE", "ip route get 192.0.2.7"),
        ("ip neigh replace NEXTHOP lladdr MAC", "ip neigh replace 192.0.2.1 lladdr MAC"),
        ("ip route add default via GATEWAY", "ip route add default via 192.0.2.1"),
        ("mtr TARGET; iptables -S", "mtr 192.0.2.10; iptables -S"),
        ("getent ahosts NAME", "getent ahosts 192.0.2.10"),
        ("ip rule del pref 7", "ip rule del pref 7"),
    ],
)
def test_what_is_known_is_put_in(command: str, typed: str) -> None:
    assert told(command, view(V4, "192.0.2.1")) == typed


@pytest.mark.parametrize(
    ("command", "typed"),
    [
        ("ip neigh replace NEXTHOP lladdr MAC", f"ip neigh replace {V6} lladdr MAC"),
        ("ip route add default via GATEWAY", "ip route add default via GATEWAY"),
        ("iptables -S; ip6tables -S", "ip6tables -S; ip6tables -S"),
        ("ip rule del pref 7", "ip -6 rule del pref 7"),
        ("ip route del blackhole default", "ip -6 route del blackhole default"),
        ("arping -c 3 -I eth0 NEXTHOP; ip neigh", f"ndisc6 -m {V6} eth0; ip neigh"),
    ],
)
def test_the_family_in_use_decides_how_it_is_written(command: str, typed: str) -> None:
    assert told(command, view(V6)) == typed


def test_without_an_address_the_target_alone_is_known() -> None:
    walk = view(V4)
    advice = Advice(on="client", action="", command="getent ahosts NAME; mtr TARGET; nc x PORT")
    assert filled(advice, None, walk).command == f"getent ahosts {V4}; mtr TARGET; nc x 443"
