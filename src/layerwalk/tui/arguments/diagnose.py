"""``layerwalk diagnose TARGET...``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

from layerwalk.probes.facts.target import Target
from layerwalk.session.targets import BadInput
from layerwalk.tui.arguments.from_error import walked_from
from layerwalk.tui.arguments.parser import Parser
from layerwalk.tui.arguments.walking import (
    HOST_FORMS,
    add_walking,
    options,
    target,
    walking_parsed,
)
from layerwalk.tui.requests import Diagnose

NOT_GUIDED = "--guided asks a person before each step, so it needs the app"


def read_diagnose(words: Sequence[str]) -> Diagnose:
    """Understand the words behind ``diagnose``.

    Raises:
        BadInput: they can't be used.
    """
    parser = Parser(
        prog="layerwalk diagnose", description="Walk to each target and print the verdict."
    )
    parser.add_argument("targets", metavar="TARGET", nargs="*", help=HOST_FORMS)
    parser.add_argument("--guided", action="store_true", help=argparse.SUPPRESS)
    add_walking(parser)
    asked = walking_parsed(parser, words)
    if asked.guided:
        raise BadInput(f"{NOT_GUIDED}; say layerwalk --guided TARGET")
    if asked.from_error is not None:
        return from_error_request(asked)
    if not asked.targets:
        raise BadInput("diagnose needs a TARGET: host, host:port or a URL")
    return diagnose_request(asked, tuple(target(asked, text) for text in asked.targets))


def from_error_request(asked: argparse.Namespace) -> Diagnose:
    """Make the request of a walk without the app that starts from an error line.

    Raises:
        BadInput: nothing in it says where to walk to.
    """
    aim, how, told = walked_from(asked)
    return replace(diagnose_request(asked, (aim,)), options=how, told=told)


def diagnose_request(asked: argparse.Namespace, targets: tuple[Target, ...]) -> Diagnose:
    """Make the request of a walk without the app."""
    return Diagnose(
        targets=targets,
        options=options(asked),
        json=asked.json,
        output=asked.output,
        detail=asked.detail,
    )
