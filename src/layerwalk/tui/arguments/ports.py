"""The options that ask for the state of more ports."""

from __future__ import annotations

import argparse

from layerwalk.probes.facts.ports import PortsAsked
from layerwalk.session.plain import shortened
from layerwalk.session.targets import BadInput
from layerwalk.tui.arguments.parser import Parser

RATE = 1000
FASTEST = 10_000_000
_LAST = 65_535
_FORM = "write ports as 22,80,8000-8100"


def add_ports(parser: Parser) -> None:
    """Add the options."""
    add = parser.add_argument
    words = "also the state of these ports of the target: 22,80,8000-8100"
    add("--ports", metavar="LIST", type=port_list, help=words)
    words = f"packets a second at most for --ports (default: {RATE})"
    add("--rate", metavar="N", type=rate, help=words)


def ports(asked: argparse.Namespace) -> PortsAsked | None:
    """Give what is asked for.

    Raises:
        BadInput: there is a rate and nothing that it is for.
    """
    if asked.ports is None and asked.rate is not None:
        raise BadInput("--rate is for --ports alone; add --ports LIST, or leave --rate out")
    return None if asked.ports is None else PortsAsked.of(asked.ports, asked.rate or RATE)


def port_list(text: str) -> tuple[int, ...]:
    """Read ports and ranges of them, in the order in which they are named.

    Raises:
        argparse.ArgumentTypeError: something in it is no port.
    """
    return tuple(port for part in text.split(",") for port in _range(part.strip()))


def _range(part: str) -> range:
    first, dash, last = part.partition("-")
    low = _port(first, part)
    high = _port(last, part) if dash else low
    if high < low:
        raise argparse.ArgumentTypeError(f"'{part}' runs backwards; write it as {high}-{low}")
    return range(low, high + 1)


def _port(digits: str, part: str) -> int:
    if not (digits.isascii() and digits.isdecimal()):
        raise argparse.ArgumentTypeError(f"'{shortened(part)}' is no port or range; {_FORM}")
    port = int(digits[:20])
    if not 1 <= port <= _LAST:
        why = f"'{shortened(digits)}' is no port: they go from 1 to {_LAST}"
        raise argparse.ArgumentTypeError(why)
    return port


def rate(text: str) -> int:
    """Read a number of packets a second.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    if text.isascii() and text.isdecimal() and 1 <= int(text[:20]) <= FASTEST:
        return int(text)
    raise argparse.ArgumentTypeError(
        f"'{shortened(text)}' is no number of packets a second from 1 to {FASTEST}"
    )
