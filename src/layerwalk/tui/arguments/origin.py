"""The options that say where packets come from."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from layerwalk.session.origins import check_reach, mark_of, origin_of, pid_of
from layerwalk.session.targets import BadInput, parse_target
from layerwalk.tui.arguments.parser import Parser


def add_origin(parser: Parser) -> None:
    """Add the options."""
    add = parser.add_argument
    add("--source", metavar="ADDR|IFACE", help="probe from this address, or by this interface")
    add("--mark", metavar="N", type=_mark, help="probe with this firewall mark (decimal or 0x...)")
    add(
        "--pid",
        metavar="PID",
        type=_pid,
        help="probe in that process's network, by its resolver's files",
    )
    parser.set_defaults(origin=None)


def settle_origin(asked: argparse.Namespace) -> None:
    """Understand them; a source address leaves its own family only.

    Raises:
        BadInput: they can't be used, or not together with what else is asked for.
    """
    asked.origin = origin_of(asked.mark, asked.source, asked.pid)
    version = asked.origin.version
    if version and asked.family not in {None, version}:
        raise BadInput(
            f"-{asked.family} and --source {asked.origin.address}: that is an IPv{version} address;"
            " leave one of them out"
        )
    asked.family = version or asked.family


def check_target(asked: argparse.Namespace, text: str) -> None:
    """Refuse a target that no packet from the source can get to.

    Raises:
        BadInput: it is one, or no target at all.
    """
    if asked.origin.address:
        check_reach(asked.origin, parse_target(text).host)


def _mark(text: str) -> int:
    return _read(mark_of, text)


def _pid(text: str) -> int:
    return _read(pid_of, text)


def _read(reader: Callable[[str], int], text: str) -> int:
    try:
        return reader(text)
    except BadInput as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from refusal
