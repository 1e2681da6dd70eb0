"""Whether the kernel's own trace would tell more than a walk did: for whoever asks a person."""

from __future__ import annotations

from layerwalk.session.state import WalkState

_BY_RULES = {"firewall-drop", "firewall-reject"}
_PROBE = "rule-trace"


def would_name_the_rule(state: WalkState) -> bool:
    """Whether a rule of this machine is to blame, and a trace that nobody made may name it.

    The consent is ``Options.trace_firewall`` of another walk.
    """
    if not (state.verdict and state.host and state.host.privileges.admin):
        return False
    if any(entry.probe == _PROBE for entry in state.evidence):
        return False
    found = (cause for cause in state.verdict.causes if cause.id in _BY_RULES)
    return any(cause.where.get("kind") == "local" for cause in found)
