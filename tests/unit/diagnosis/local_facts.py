"""What this machine's kernel says of its own rules and drops, as walks are put together from."""

from layerwalk.diagnosis import samples
from layerwalk.probes.facts import DropReason, DropReasonsFact, Outcome, RuleMatch, RuleTraceFact


def rule_trace(*matches: RuleMatch, **changes: object) -> RuleTraceFact:
    fields: dict[str, object] = {
        "outcome": Outcome.ANSWERED,
        "address": samples.TARGET,
        "port": samples.PORT,
        "left": True,
        "matches": matches,
    }
    return RuleTraceFact(**{**fields, **changes})  # type: ignore[arg-type]


def drop_reasons(*names: str, **changes: object) -> DropReasonsFact:
    fields: dict[str, object] = {
        "outcome": Outcome.ANSWERED,
        "address": samples.TARGET,
        "port": samples.PORT,
        "sent": (7, 11),
        "reasons": tuple(DropReason(reason=it, place="f", counts=(7, 11)) for it in names),
    }
    return DropReasonsFact(**{**fields, **changes})  # type: ignore[arg-type]
