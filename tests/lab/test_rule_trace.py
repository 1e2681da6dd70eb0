"""The kernel's own trace in labs: it names the rule that refuses, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from layerwalk.lab.build import Lab, build
from layerwalk.lab.faults import ALL
from layerwalk.lab.firewall import ruleset
from layerwalk.lab.shapes import Shape, base, target_address
from layerwalk.lab.spec import FAMILIES, Crowd, Family
from layerwalk.probes.rule_trace.leftovers import PREFIX
from tests.lab.person import guided
from tests.lab.recorded import Walking
from tests.lab.walks import Walker

pytestmark = pytest.mark.netns

SHAPE = Shape(1, 0)
JUMP = """table inet lab {
  set bad { type inet_service; elements = { 5432 } }
  chain sub { tcp dport @bad counter drop comment "INC-42"; }
  chain output { type filter hook output priority 5; policy accept; jump sub; }
}
"""
ODD = "numgen inc mod 1 == 0"
RULES = {
    "jump": (JUMP, "firewall-drop", 'comment "INC-42"'),
    "policy": (
        ruleset("drop", output=["tcp dport != 5432 accept", "meta l4proto != tcp accept"]),
        "firewall-drop",
        "table inet lab chain output policy drop",
    ),
    "in": (
        ruleset(input=["tcp sport 5432 tcp flags syn / syn,fin counter drop"]),
        "firewall-drop",
        "tcp sport 5432",
    ),
    "reject": (ruleset(output=["tcp dport 5432 reject"]), "firewall-reject", "reject"),
    "undecidable": (
        ruleset(output=[f"tcp dport 5432 {ODD} drop"]),
        "firewall-drop",
        "numgen",
    ),
}
SILENT = ruleset(input=["tcp dport 5432 drop"])


def tables(lab: Lab) -> str:
    return lab.run("client", ["nft", "list", "tables"]).stdout


def traced(lab: Lab) -> bool:
    return PREFIX in tables(lab)


@pytest.fixture
def silent() -> Iterator[Lab]:
    """A lab whose server says nothing on the port, so that a trace has time."""
    network = base(SHAPE).with_host("server", firewall=SILENT)
    with build(network) as lab:
        yield lab


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("name", RULES)
def test_the_rule_is_named_and_certain(name: str, family: Family, walker: Walker) -> None:
    rules, cause, text = RULES[name]
    shape = Shape(1, 0, family)
    network = base(shape).with_host("client", firewall=rules)
    with build(network) as lab:
        before = lab.run("client", ["nft", "-s", "list", "ruleset"]).stdout
        walked = walker.walk(lab, "client", "--trace-firewall", target_address(network, shape))
        assert lab.run("client", ["nft", "-s", "list", "ruleset"]).stdout == before
    first = walked.first
    assert (first["id"], first["confidence"], first["where"]["kind"]) == (cause, "certain", "local")
    assert text in first["where"]["rule"]
    (entry,) = [it for it in walked.report["evidence"] if it["probe"] == "rule-trace"]
    assert entry["id"] in first["evidence"]
    assert text in entry["finding"]


@pytest.mark.parametrize(
    ("tool", "family"),
    [(f"ip{six}tables-{kind}", 6 if six else 4) for six in ("", "6") for kind in ("nft", "legacy")],
)
def test_rules_of_iptables_are_named_too(tool: str, family: Family, walker: Walker) -> None:
    shape = Shape(1, 0, family)
    network = base(shape)
    with build(network) as lab:
        for words in ("-N BLK", "-A OUTPUT -j BLK", "-A BLK -p tcp --dport 5432 -j DROP"):
            done = lab.run("client", [tool, *words.split()])
            if "legacy" in tool and done.returncode and "does not exist" in done.stderr:
                pytest.skip("this kernel has no tables for iptables-legacy")
            assert done.returncode == 0, done.stderr
        walked = walker.walk(lab, "client", "--trace-firewall", target_address(network, shape))
    (entry,) = [it for it in walked.report["evidence"] if it["probe"] == "rule-trace"]
    (match,) = entry["data"]["matches"]
    assert (match["direction"], match["verdict"], match["chain"]) == ("out", "drop", "BLK")
    assert (walked.first["id"], walked.first["where"]["kind"]) == ("firewall-drop", "local")


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("named", [False, True])
def test_a_server_waits_for_a_clients_syn(family: Family, walker: Walker, *, named: bool) -> None:
    shape = Shape(1, 0, family)
    network = base(shape)
    crowd = Crowd(network.address("server", family), shape.port, 3)
    network = network.with_host("dns", crowds=(crowd,))
    rules = ruleset(input=[f"iifname != lo tcp dport 5432 {ODD} drop"])
    network = network.with_host("server", firewall=rules)
    words = ("--client", network.address("dns", family)) if named else ()
    with build(network) as lab:
        walked = walker.walk(
            lab,
            "server",
            *("--role", "server", "--trace-firewall", *words),
            target_address(network, shape),
        )
        assert PREFIX not in lab.run("server", ["nft", "list", "tables"]).stdout
    first = walked.first
    assert (first["id"], first["confidence"], first["where"]["kind"]) == (
        "firewall-drop",
        "certain",
        "local",
    )
    assert "numgen" in first["where"]["rule"]


def test_without_consent_no_rule_is_added(walker: Walker) -> None:
    scenario = ALL["firewall-drop-client-out"].apply(SHAPE)
    watch = ["timeout", "60", "nft", "monitor", "tables"]
    with build(scenario.network) as lab:
        watching = lab.popen("client", watch, stdout=subprocess.PIPE, text=True)
        walked = walker.walk(lab, "client", scenario.target)
        added = lab.run("client", ["nft", "add", "table", "ip", "last"])
        assert added.returncode == 0
        assert watching.stdout
        assert watching.stdout.readline().strip() == "add table ip last"
        watching.terminate()
        watching.communicate()
    assert all(it["probe"] != "rule-trace" for it in walked.report["evidence"])


def test_without_the_right_it_says_so(walker: Walker) -> None:
    scenario = ALL["firewall-drop-client-out"].apply(SHAPE)
    with build(scenario.network) as lab:
        walked = walker.walk(lab, "client", "--trace-firewall", scenario.target, user=65534)
    (entry,) = [it for it in walked.report["evidence"] if it["probe"] == "rule-trace"]
    assert entry["status"] == "not_permitted"
    assert "CAP_NET_ADMIN" in entry["finding"]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_the_table_goes_however_the_walk_ends(number: int, silent: Lab, tmp_path: Path) -> None:
    target = target_address(silent.network, SHAPE)
    walking = Walking(silent, "client", ("diagnose", "--trace-firewall", target), tmp_path)
    walking.until_true(lambda: traced(silent))
    walking.end(number)
    gone = ["sh", "-c", f"while nft list tables | grep -q {PREFIX}; do :; done"]
    assert silent.run("client", gone, timeout_s=20).returncode == 0


def test_a_guided_walk_leaves_nothing(silent: Lab) -> None:
    target = target_address(silent.network, SHAPE)
    walked = guided(silent, "client", target=target, trace=True)
    assert any(step.startswith("rule-trace") for step in walked["offered"])
    statuses = [it["status"] for it in walked["report"]["evidence"] if it["probe"] == "rule-trace"]
    assert statuses == ["answered"]
    assert not traced(silent)


def test_what_the_dead_left_goes_with_the_next_walk(silent: Lab, walker: Walker) -> None:
    program = "from layerwalk.probes.rule_trace.leftovers import own_name; print(own_name())"
    dead = silent.run("client", [sys.executable, "-c", program]).stdout.strip()
    alive = dead.replace(dead.split("_")[3], str(os.getpid()))
    began = Path(f"/proc/{os.getpid()}/stat").read_text(encoding="ascii").rpartition(")")[2]
    alive = alive.replace(dead.split("_")[4], began.split()[19])
    for name in (dead, alive, "layerwalk_trace_of_others"):
        assert silent.run("client", ["nft", "add", "table", "inet", name]).returncode == 0
    walker.walk(silent, "client", target_address(silent.network, SHAPE))
    left = json.loads(silent.run("client", ["nft", "-j", "list", "tables"]).stdout)["nftables"]
    names = {it["table"]["name"] for it in left if "table" in it}
    assert names == {alive, "layerwalk_trace_of_others"}
