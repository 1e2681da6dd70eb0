"""What may be walked to where this machine is the server, and what is refused in one line."""

import pytest

from layerwalk.probes.facts.standpoint import AS_CLIENT, Role, Standpoint
from layerwalk.probes.facts.target import Family, Target
from layerwalk.probes.origin import HERE
from layerwalk.session.own_targets import as_own, own_target, standpoint_of
from layerwalk.session.targets import BadInput


@pytest.mark.parametrize(
    ("text", "family", "target"),
    [
        (":5432", None, Target(":5432", "", 5432)),
        ("*:5432", None, Target("*:5432", "", 5432)),
        ("[::]:5432", None, Target("[::]:5432", "", 5432)),
        ("0.0.0.0:5432", None, Target("0.0.0.0:5432", "", 5432, family=4)),
        ("http://:8080", 6, Target("http://:8080", "", 8080, "http", 6)),
        ("127.0.0.1:80", None, Target("127.0.0.1:80", "127.0.0.1", 80)),
        ("[::1]:80", 6, Target("[::1]:80", "::1", 80, family=6)),
    ],
)
def test_an_own_target_is_understood(text: str, family: Family | None, target: Target) -> None:
    assert own_target(text, family, "", HERE) == target


def test_a_name_keeps_what_is_this_machines_own() -> None:
    found = own_target("localhost:80", 4, "", HERE)
    assert (found.host, found.addresses) == ("localhost", ("127.0.0.1",))


@pytest.mark.parametrize(
    ("text", "family", "client", "why"),
    [
        ("192.0.2.77:80", None, "", "it is an address of this machine itself, and this is none"),
        ("127.0.0.1", None, "", "asks about a port; give :PORT"),
        (":0", None, "", "its port is not a number"),
        (":http", None, "", "its port is not a number"),
        ("0.0.0.0:80", 6, "", "-6 asks for the other"),
        ("127.0.0.1:80", None, "2001:db8::1", "it has no IPv6 address"),
        ("a b", None, "", "a blank"),
    ],
)
def test_another_target_is_refused(text: str, family: Family | None, client: str, why: str) -> None:
    with pytest.raises(BadInput, match=why) as refusal:
        own_target(text, family, client, HERE)
    assert "\n" not in str(refusal.value)


def test_a_name_that_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object) -> None:
        raise OSError(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    with pytest.raises(BadInput, match=r"the name has no address here .* give :80"):
        as_own(Target("db.invalid:80", "db.invalid", 80), "", HERE)


def test_a_client_is_an_address() -> None:
    assert standpoint_of("client", None, None) == AS_CLIENT
    assert standpoint_of("server", None, None) == Standpoint(role=Role.SERVER)
    mapped = standpoint_of("server", "::ffff:192.0.2.7", 4)
    assert mapped == Standpoint(role=Role.SERVER, client="192.0.2.7")
    assert mapped.words == ("--role", "server", "--client", "192.0.2.7")


@pytest.mark.parametrize(
    ("role", "client", "family", "why"),
    [
        ("client", "192.0.2.7", None, "it goes with --role server"),
        ("server", "db", None, "'db' is no address"),
        ("server", "0.0.0.0", None, "no machine has the address"),
        ("server", "224.0.0.1", None, "no machine has the address"),
        ("server", "192.0.2.7", 6, "-6 and --client 192.0.2.7"),
    ],
)
def test_another_client_is_refused(role: str, client: str, family: Family | None, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        standpoint_of(role, client, family)
