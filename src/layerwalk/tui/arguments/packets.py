"""The option that keeps every packet."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from layerwalk.session.targets import BadInput
from layerwalk.tui.arguments import values
from layerwalk.tui.arguments.parser import Parser

if TYPE_CHECKING:
    from layerwalk.session.pcap.file import PacketFile


def add_packets(parser: Parser) -> None:
    """Add the option."""
    words = "save every packet sent and heard, too (pcapng; needs raw sockets)"
    parser.add_argument("--pcap", metavar="FILE", type=values.place, help=words)


def packets(asked: argparse.Namespace) -> PacketFile | None:
    """Make the file that takes packets in, where it is asked for; it is loaded only then.

    Raises:
        BadInput: packets can't be kept, or not along with what else is asked for.
    """
    if asked.pcap is None:
        return None
    if asked.redact:
        raise BadInput("--redact and --pcap: packets can't be redacted; leave one of them out")
    if asked.unprivileged:
        raise BadInput("--unprivileged and --pcap: it needs raw sockets; leave one of them out")
    if asked.output and asked.output.absolute() == asked.pcap.absolute():
        raise BadInput("-o and --pcap name the same file; give each its own")
    from layerwalk.session.pcap.file import PacketFile, check_right

    check_right()
    return PacketFile(asked.pcap)
