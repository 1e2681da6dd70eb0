"""Commands for a person to type, with the options by which each tool sends as a walk does."""

from __future__ import annotations

import shlex

from layerwalk.probes.origin import Origin
from layerwalk.probes.quarters import Quarters

_OPTIONS: dict[str, tuple[str, str, str]] = {
    "curl": ("", "--interface {}", "--interface {}"),
    "dig": ("", "-b {}", ""),
    "mtr": ("--mark {}", "-a {}", "-I {}"),
    "nc": ("", "-s {}", ""),
    "nmap": ("", "-S {}", "-e {}"),
    "nping": ("", "-S {}", "-e {}"),
    "ping": ("-m {}", "-I {}", "-I {}"),
    "tracepath": ("", "", ""),
    "traceroute": ("--fwmark={}", "-s {}", "-i {}"),
}
"""By tool: what sets the mark, the source address, and the interface; empty for none.

From the manuals: ping(8) and tracepath(8) of iputils, traceroute(8), mtr(8), nmap(1), dig(1), nc(1)
of OpenBSD, nping(1), curl(1).
"""


_OTHERS = {
    *("arping", "conntrack", "ethtool", "ip", "ip6tables", "iptables", "ndisc6", "nft", "nstat"),
    *("ss", "sysctl", "tc", "tcpdump"),
}
_BY_FILES = {"cat", "getent", "grep", "sed"}
"""What else asks or changes a network, and what reads the files of its names."""


def typed(command: str, origin: Origin) -> str:
    """Write commands as somebody types them who asks for the same origin.

    Where a tool has no option for a part of it, a shell's remark at the end says so. In another
    process's network it is run by nsenter(1).
    """
    parts = [_steered(part, origin) for part in command.split("; ")]
    written = "; ".join(_inside(part, origin.quarters) for part, _ in parts)
    remarks = dict.fromkeys(remark for _, remark in parts if remark)
    return f"{written}  # {'; '.join(remarks)}" if remarks else written


def _steered(command: str, origin: Origin) -> tuple[str, str]:
    """Add the options that a tool has, and name what it has none for."""
    tool, blank, rest = command.partition(" ")
    if tool not in _OPTIONS:
        return command, ""
    asked = (
        ("mark", str(origin.mark or "")),
        ("source", origin.address),
        ("interface", origin.interface),
    )
    wanted = [(name, how, it) for (name, it), how in zip(asked, _OPTIONS[tool], strict=True) if it]
    options = "".join(f" {how.format(shlex.quote(it))}" for _, how, it in wanted if how)
    lacking = [f"{name} {it}" for name, how, it in wanted if not how]
    remark = f"without {' and '.join(lacking)}, which {tool} can't set" if lacking else ""
    return f"{tool}{options}{blank}{rest}", remark


def _inside(command: str, process: Quarters | None) -> str:
    tool = command.partition(" ")[0]
    if process is None or not process.foreign or tool not in {*_OPTIONS, *_OTHERS, *_BY_FILES}:
        return command
    files = " -m" if tool in _BY_FILES else ""
    return f"nsenter -t {process.pid} -n{files} {command}"
