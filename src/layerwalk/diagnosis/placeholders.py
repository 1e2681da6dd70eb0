"""What stands in capitals in a cause's commands, put in as far as a walk knows it.

So that a command can be copied and typed as it is. What nobody knows (a unit, a MAC) stays.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import replace

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.model import Advice
from layerwalk.diagnosis.walk_view import WalkView

_TOKEN = re.compile(r"\b(TARGET|NEXTHOP|GATEWAY|SOURCE|PORT|NAME)\b")
_ARPING = re.compile(r"\barping -c 3 -I (\S+) ([^\s;]+)")
"""ARP is IPv4's. ndisc6(8) asks the same of a neighbour of IPv6, and with -m hears all answers."""


def filled(advice: Advice, host: AddressView | None, view: WalkView) -> Advice:
    """Put addresses, the port and the name into a command; write it for the family in use."""
    return replace(advice, command=typed(advice.command, host, view))


def typed(command: str, host: AddressView | None, view: WalkView) -> str:
    """Write a command as somebody types it who has this host in mind."""
    known = {**_of_target(view), **(_of_host(host) if host else {})}
    command = _TOKEN.sub(lambda found: known.get(found[0]) or found[0], command)
    if host and ":" in host.address:
        command = re.sub(r"\biptables\b", "ip6tables", command)
        command = re.sub(r"\bip (rule|route) del\b", r"ip -6 \1 del", command)
        command = _ARPING.sub(r"ndisc6 -m \2 \1", command)
    return command


def _of_target(view: WalkView) -> Mapping[str, str]:
    target = view.target
    return {"NAME": shlex.quote(target.host), "PORT": str(target.port or "")}


def _of_host(host: AddressView) -> Mapping[str, str]:
    route = host.route
    gateway, source = (route.gateway, route.source) if route else ("", "")
    return {
        "TARGET": host.bare,
        "GATEWAY": gateway,
        "NEXTHOP": gateway or host.bare,
        "SOURCE": source,
        "PORT": str(host.port or ""),
    }
