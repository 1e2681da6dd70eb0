"""``--from-error``: a target, a phase and a time limit out of a pasted error line."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from layerwalk.probes.facts.error_line import listed
from layerwalk.probes.facts.target import Target
from layerwalk.session.options import Options
from layerwalk.session.targets import BadInput
from layerwalk.tui.arguments.walking import options, target

if TYPE_CHECKING:
    from layerwalk.session.error_lines import ErrorLine

FLAG = "--from-error"


def errors_of(asked: argparse.Namespace) -> tuple[ErrorLine, ...]:
    """Read what the text behind the option says.

    Raises:
        BadInput: nothing in it is understood.
    """
    from layerwalk.session.error_lines import read_errors  # its rules take a moment to compile

    try:
        return read_errors(asked.from_error, asked.family)
    except BadInput as refusal:
        raise BadInput(f"{FLAG}: {refusal}") from refusal


def walked_from(asked: argparse.Namespace) -> tuple[Target, Options, tuple[str, ...]]:
    """Give what is walked to, how, and what a person is told before.

    A TARGET beside the line goes before the line's own; then the line gives all but the target.

    Raises:
        BadInput: the line is not understood, or nothing says where to walk to.
    """
    errors = errors_of(asked)
    given = _given(asked)
    line = _line_for(given, errors)
    aim = given or line.target
    if aim is None:
        raise BadInput(
            f"{FLAG}: the line names no host to walk to; add it:"
            " layerwalk diagnose --from-error 'LINE' host:port"
        )
    if line.target is not None and line.target.host == aim.host and not aim.addresses:
        aim = replace(aim, addresses=line.target.addresses)
    if asked.standpoint.serves and given is None:
        aim = _as_own(aim, asked)
    others = tuple(it.target.input for it in errors if it.target and it.target.host != aim.host)
    others = others if given is None else ()
    how = options(asked).from_line(line.entry, others)
    how = replace(how, budget_s=asked.budget or how.budget_s)
    told = _told(aim, line, how, others, asked.timeout)
    return aim, how, tuple(told[:1] if how.redact else told)


def _as_own(aim: Target, asked: argparse.Namespace) -> Target:
    """The line's target, where this machine is it."""
    from layerwalk.session.own_targets import as_own

    try:
        return as_own(aim, asked.standpoint.client, asked.origin)
    except BadInput as refusal:
        raise BadInput(f"{FLAG}: {refusal}") from refusal


def _given(asked: argparse.Namespace) -> Target | None:
    if len(asked.targets) > 1:
        raise BadInput(f"{FLAG} takes one TARGET beside it, to walk to instead of the line's own")
    return target(asked, asked.targets[0]) if asked.targets else None


def _line_for(given: Target | None, errors: tuple[ErrorLine, ...]) -> ErrorLine:
    """Choose the last failure of that target; of any, where none is of it or none is given."""
    own = [it for it in errors if given and it.target and it.target.host == given.host]
    return (own or list(errors))[-1]


def _told(
    aim: Target, line: ErrorLine, how: Options, others: tuple[str, ...], timeout_s: float | None
) -> list[str]:
    told = [f"the error line: {line.meaning}"]
    limit_s = line.entry.limit_s
    if limit_s is not None and timeout_s is None:
        told.append(f"its time limit, {limit_s:g} s, counts as --timeout")
    elif limit_s is not None and timeout_s != limit_s:
        told.append(f"--timeout {how.timeout_s:g} goes before the line's {limit_s:g} s")
    if line.target is not None and line.target.host != aim.host:
        told.append(f"walking to {aim.input}, as asked for, not to the line's {line.target.input}")
    elif others:
        told.append(f"the text has several targets; walking to the last, {aim.input}, not to:")
        told[-1] += f" {listed(others)}"
    else:
        told.append(f"walking to {aim.input}")
    return told
