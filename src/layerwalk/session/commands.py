"""Commands for a person to type, with the options by which each tool sends as a walk does."""

from __future__ import annotations

import shlex

from layerwalk.probes.origin import Origin

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


def typed(command: str, origin: Origin) -> str:
    """Write a command as somebody types it who asks for the same origin.

    Where the tool has no option for a part of it, a shell's remark at the end says so.
    """
    tool, blank, rest = command.partition(" ")
    if origin.plain or tool not in _OPTIONS:
        return command
    asked = (
        ("mark", str(origin.mark or "")),
        ("source", origin.address),
        ("interface", origin.interface),
    )
    wanted = [(name, how, it) for (name, it), how in zip(asked, _OPTIONS[tool], strict=True) if it]
    options = "".join(f" {how.format(shlex.quote(it))}" for _, how, it in wanted if how)
    lacking = [f"{name} {it}" for name, how, it in wanted if not how]
    remark = f"  # without {' and '.join(lacking)}, which {tool} can't set" if lacking else ""
    return f"{tool}{options}{blank}{rest}{remark}"
