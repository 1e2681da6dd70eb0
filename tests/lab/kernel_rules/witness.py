"""What the kernel did, told by a table of our own that notes who came how far."""

import json
import subprocess
from collections.abc import Mapping

from layerwalk.probes.firewall.ruleset import Rule, Ruleset
from tests.lab.kernel_rules.trials import Case, Named

TABLE = "zz_witness"
SETS = ("sent_syn", "came_syn", "sent_answer", "came_answer")
_EVERY = (*SETS, "came_ack")
_SYN = "tcp flags & (syn | ack | rst) == syn"
_ANSWER = "tcp flags & (syn | ack | rst) == syn | ack"
_ACK = "tcp flags & (syn | ack | rst | fin) == ack"


def load(text: str) -> None:
    """Give nft rules, which it must take."""
    subprocess.run(["nft", "-f", "-"], input=text, text=True, check=True, capture_output=True)


def witness(*, mute: bool = False) -> str:
    """Define the table: last in every hook, so it sees what nobody refused.

    Who is ``mute`` does not reset connections that it knows nothing of.
    """
    resets = "tcp flags & rst == rst drop" if mute else ""
    sets = "".join(
        f"set {name} {{ type inet_service; size 65535; flags dynamic; }}\n" for name in _EVERY
    )
    last = 2147483646
    return f"""
    table inet {TABLE} {{
      {sets}
      chain came {{
        type filter hook input priority {last}
        {_SYN} add @came_syn {{ tcp sport }}
        {_ANSWER} add @came_answer {{ tcp dport }}
        {_ACK} add @came_ack {{ tcp sport }}
      }}
      chain sent {{
        type filter hook postrouting priority {last}
        {resets}
        {_SYN} add @sent_syn {{ tcp sport }}
        {_ANSWER} add @sent_answer {{ tcp dport }}
      }}
    }}
    """


def noted() -> dict[str, set[int]]:
    """Read which ports came how far."""
    done = subprocess.run(
        ["nft", "-j", "list", "table", "inet", TABLE], check=True, capture_output=True
    )
    listed = [it["set"] for it in json.loads(done.stdout)["nftables"] if "set" in it]
    return {it["name"]: set(it.get("elem", ())) for it in listed}


def counts_of(ruleset: Ruleset) -> dict[Named, int | None]:
    """Read how many packets each rule has counted; rules without handles may be alike."""
    counts: dict[Named, int | None] = {}
    for rule in ruleset.rules:
        name = (rule.table, rule.place[2], rule.handle, _text(rule))
        known = [it for it in (counts.get(name), rule.packets) if it is not None]
        counts[name] = sum(known) if known else None
    return counts


def _text(rule: Rule) -> str:
    return rule.text or f"rule {rule.handle} of table {rule.table} chain {rule.place[2]}"


def truth_of(
    case: Case,
    port: int,
    ours: Mapping[str, set[int]],
    theirs: Mapping[str, set[int]],
    *,
    looped: bool,
) -> tuple[bool, ...]:
    """Say stage by stage whether the packet got through, up to the first that did not."""
    if case.way == "in":
        stages = [port in ours["came_syn"], port in theirs["came_answer"]]
        stages.append(port in ours["came_ack"])
    elif looped:
        stages = [port in ours[name] for name in SETS]
    else:
        stages = [port in theirs["came_syn"], port in ours["came_answer"]]
    end = stages.index(False) + 1 if False in stages else len(stages)
    return tuple(stages[:end])
