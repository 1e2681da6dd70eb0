"""Reports into the file that a command names, or one line that says why not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from layerwalk.session.report import Report
from layerwalk.session.saving import save_report
from layerwalk.tui import statuses
from layerwalk.tui.console import complain

if TYPE_CHECKING:
    from layerwalk.session.pcap.file import PacketFile


def save(whole: Report | tuple[Report, ...], output: Path) -> int:
    """Save what was walked, whole or not at all; give the exit status of that alone."""
    try:
        save_report(whole, output)
    except OSError as error:
        complain(f"-o {output}: not saved: {error.strerror or error}")
        return statuses.BAD_USAGE
    return statuses.HEALTHY


def save_packets(packets: PacketFile | None) -> int:
    """Save the packets of all walks, where they were kept; give the exit status of that alone."""
    if packets is None:
        return statuses.HEALTHY
    try:
        packets.save()
    except OSError as error:
        complain(f"--pcap {packets.path}: not saved: {error.strerror or error}")
        return statuses.BAD_USAGE
    return statuses.HEALTHY
