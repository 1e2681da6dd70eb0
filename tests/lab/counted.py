"""Counting what a router carries to a target and to nameservers: no packet escapes its rules."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from layerwalk.lab.build import Lab

TABLE = "inet counted"


@contextmanager
def passing(lab: Lab, router: str, *addresses: str) -> Iterator[Callable[[], int]]:
    """Count the packets that a router takes in for these addresses, from now on."""
    rules = "\n".join(
        f"{'ip6' if ':' in address else 'ip'} daddr {address} counter" for address in addresses
    )
    hook = "type filter hook prerouting priority -300; policy accept;"
    text = f"table {TABLE} {{\nchain came {{\n{hook}\n{rules}\n}}\n}}\n"
    loaded = lab.run(router, ["nft", "-f", "-"], input=text)
    assert loaded.returncode == 0, loaded.stderr
    yield lambda: _counted(lab, router)


def _counted(lab: Lab, router: str) -> int:
    listed = json.loads(lab.run(router, ["nft", "-j", "list", "table", *TABLE.split()]).stdout)
    rules = [entry["rule"]["expr"] for entry in listed["nftables"] if "rule" in entry]
    counters = [part["counter"] for rule in rules for part in rule if "counter" in part]
    return sum(counter["packets"] for counter in counters)
