"""The server's own end in the lab: its process by number, its names, its answers, its user."""

from collections.abc import Iterator

import pytest

from layerwalk.lab.build import Lab, build
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.serving import listening, service
from layerwalk.lab.shapes import Shape
from layerwalk.lab.spec import Manner
from tests.lab.ordinary import NOBODY
from tests.lab.walks import Walked, Walker

pytestmark = pytest.mark.netns

SHAPE = Shape(0, 1)
OWN = "198.51.100.80"
STATUS = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """A server whose port greets whoever comes, as no web server would but as clients read it."""
    with build(listening(SHAPE, service(SHAPE, Manner.BANNER, text=STATUS))) as found:
        yield found


def walked(walker: Walker, lab: Lab, *words: str, user: int = 0) -> Walked:
    return walker.walk(lab, "server", "--role", "server", *words, user=user)


def evidence(found: Walked, probe: str) -> list[dict[str, object]]:
    return [it["data"] for it in found.report["evidence"] if it["probe"] == probe]


def test_a_process_that_listens_on_another_port_is_named(lab: Lab, walker: Walker) -> None:
    pid = lab.pid("server")
    found = walked(walker, lab, "--pid", str(pid), f"{OWN}:9999")
    assert found.first["id"] == "listens-elsewhere"
    assert found.first["where"]["listens"] == "0.0.0.0:5432"
    assert found.first["where"]["pid"] == pid
    assert found.first["confidence"] == "certain"


def test_an_http_target_is_asked_and_its_status_read(lab: Lab, walker: Walker) -> None:
    found = walked(walker, lab, f"http://{OWN}:5432/x")
    (intake,) = evidence(found, "intake")
    assert (found.status, intake["asked"], intake["status"]) == (0, "http", 200)
    assert "HTTP 200" in found.report["verdict"]["summary"]


def test_a_name_of_this_machine_stands_for_its_addresses(lab: Lab, walker: Walker) -> None:
    found = walked(walker, lab, "localhost:5432", "-4")
    assert (found.status, found.report["target"]["addresses"]) == (0, ["127.0.0.1"])
    assert found.report["role"] == "server"
    assert "path" not in found.report or found.report["path"] == []


def test_the_report_says_which_client_was_meant(lab: Lab, walker: Walker) -> None:
    found = walked(walker, lab, "--client", "198.51.100.10", ":5432")
    assert found.report["client"] == "198.51.100.10"
    assert found.report["target"]["addresses"] == [OWN]
    assert "client" not in walked(walker, lab, ":5432").report


@pytest.mark.parametrize("rule", ["ct state established drop", "tcp flags ack drop"])
def test_a_rule_that_only_the_ack_of_a_client_meets_is_named(rule: str, walker: Walker) -> None:
    """To the client the connection is made, and then nothing comes."""
    network = listening(SHAPE, service(SHAPE))
    network = network.with_host("server", firewall=ruleset(input=[rule]))
    with build(network) as found:
        drop = walked(walker, found, f"{OWN}:5432").first
    assert (drop["id"], drop["confidence"]) == ("firewall-drop", "certain")
    assert drop["where"]["rule"] == rule
    assert "the ACK that would make the client's connection" in drop["explanation"]


def test_an_ordinary_user_is_told_what_can_not_be_seen(lab: Lab, walker: Walker) -> None:
    found = walked(walker, lab, f"{OWN}:5432", user=NOBODY)
    verdict = found.report["verdict"]
    assert (verdict["outcome"], verdict["causes"]) == ("healthy", [])
    left = {it["id"]: it["unlock"] for it in verdict["not_checked"]}
    assert "nft" in left["firewall-drop"]
    assert all(left.values())
    (fact,) = evidence(found, "listeners")
    assert fact["unseen"] is True
