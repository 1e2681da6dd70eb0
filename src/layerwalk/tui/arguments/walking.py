"""The options that all walking commands share."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from layerwalk.probes.facts.target import Target
from layerwalk.session.options import Options, budget_for
from layerwalk.session.targets import BadInput, parse_target
from layerwalk.tui.arguments import values
from layerwalk.tui.arguments.origin import add_origin, check_target, settle_origin
from layerwalk.tui.arguments.packets import add_packets, packets
from layerwalk.tui.arguments.parser import Later, Parser, parsed
from layerwalk.tui.arguments.ports import add_ports, ports
from layerwalk.tui.arguments.redacting import add_redact, redaction
from layerwalk.tui.arguments.standpoint import add_standpoint, own_target, settle_standpoint
from layerwalk.tui.requests import Detail

HOST_FORMS = "host, host:port, [v6]:port or a URL (tcp:// tls:// http:// https://)"
_TRACE = "let the kernel name the rule that refuses; adds a rule of its own meanwhile"
LATER_OPTIONS = ("--config", "--count")


def add_walking(parser: Parser) -> None:
    """Add the options that all walking commands share."""
    add = parser.add_argument
    add("--json", action="store_true", help="print the report as JSON, and nothing else")
    _add_output(parser)
    add("--timeout", metavar="S", type=values.seconds, help="how long the failing program waits")
    add(
        "--from-error",
        metavar="LINE",
        type=values.error_text,
        help="an error line, or the log around it, to take the target from (- reads it)",
    )
    add("--budget", metavar="S", type=values.seconds, help="longest walk, seconds (default: 30)")
    families = parser.add_mutually_exclusive_group()
    families.add_argument("-4", action="store_const", const=4, dest="family", help="IPv4 only")
    families.add_argument("-6", action="store_const", const=6, dest="family", help="IPv6 only")
    add_rights(parser)
    add_origin(parser)
    add_redact(parser)
    add_packets(parser)
    add_ports(parser)
    add_standpoint(parser)
    add("--trace-firewall", action="store_true", help=_TRACE)
    add_detail(parser)
    for name in LATER_OPTIONS:
        add(name, action=Later, nargs="?", help=argparse.SUPPRESS)


def walking_parsed(parser: Parser, words: Sequence[str]) -> argparse.Namespace:
    """Parse the words of a walking command.

    Raises:
        BadInput: they can't be used.
    """
    asked = parsed(parser, words)
    settle_origin(asked)
    settle_standpoint(asked)
    if asked.trace_firewall and asked.unprivileged:
        raise BadInput(
            "--unprivileged and --trace-firewall: the trace takes rights; leave one of them out"
        )
    return asked


def add_rights(parser: Parser) -> None:
    """Add the option to do without rights."""
    words = "behave as without raw-socket rights"
    parser.add_argument("--unprivileged", action="store_true", help=words)


def _add_output(parser: Parser) -> None:
    parser.add_argument(
        "-o",
        metavar="FILE",
        type=values.destination,
        dest="output",
        help="save it, too: .json .md .txt",
    )


def add_detail(parser: Parser) -> None:
    """Add how much is said."""
    how = parser.add_mutually_exclusive_group()
    for flag, detail, words in (("-q", Detail.LITTLE, "say less"), ("-v", Detail.ALL, "say all")):
        how.add_argument(
            flag,
            action="store_const",
            const=detail,
            default=Detail.USUAL,
            dest="detail",
            help=words,
        )


def target(asked: argparse.Namespace, text: str) -> Target:
    """Read a target with what the options say of it.

    Raises:
        BadInput: it is none.
    """
    if asked.standpoint.serves:
        return own_target(text, asked.family, asked.standpoint.client, asked.origin)
    check_target(asked, text)
    return parse_target(text, asked.family)


def options(asked: argparse.Namespace) -> Options:
    """Give the options of the walk."""
    return Options(
        budget_s=asked.budget or budget_for(asked.timeout),
        unprivileged=asked.unprivileged,
        timeout_s=asked.timeout,
        redact=redaction(asked),
        packets=packets(asked),
        origin=asked.origin,
        ports=ports(asked),
        standpoint=asked.standpoint,
        trace_firewall=asked.trace_firewall,
    )
