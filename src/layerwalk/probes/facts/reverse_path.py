"""What the reverse path filter of this machine drops of the answers to a burst of our own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from layerwalk.probes.facts.fact import Fact

_NAMES = {0: "off", 1: "strict", 2: "loose"}


@dataclass(frozen=True, kw_only=True)
class ReversePathFact(Fact):
    """The counter ``IPReversePathFilter`` around bursts of ``sent`` packets (RFC 3704).

    ``dropped`` is what it rose by in the burst that it rose least by, ``quiet`` the most in an
    equally long time without one. ``interface`` is the one that the answers come in by, empty
    where that does not show; ``filter_all`` and ``filter_own`` are rp_filter for all interfaces and
    for that one (0 off, 1 strict, 2 loose; the larger counts, kernel's ip-sysctl), ``None`` unread.
    """

    probe: ClassVar[str] = "reverse-path"
    layer: ClassVar[int] = 3

    address: str
    sent: int = 0
    dropped: int = 0
    quiet: int = 0
    interface: str = ""
    filter_all: int | None = None
    filter_own: int | None = None

    @property
    def drops_answers(self) -> bool:
        """Whether it drops what answers us: a part of each burst, and far less without one.

        ``dropped`` is a lower bound: what other probes sent meanwhile is already taken off it.
        """
        return 0 < self.sent <= 4 * (self.dropped - self.quiet)

    @property
    def mode(self) -> str:
        """How the filter is set where the answers come in, in a word; empty where unknown."""
        known = [it for it in (self.filter_all, self.filter_own) if it is not None]
        return _NAMES.get(max(known), "") if known else ""

    @property
    def settings(self) -> str:
        """Both settings, as sysctl names them."""
        own = f", {self.interface}.rp_filter={self.filter_own}" if self.interface else ""
        return f"all.rp_filter={self.filter_all}{own}"

    @property
    def finding(self) -> str:
        """What of the burst the filter dropped."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        by = f", whose answers come in by {self.interface}" if self.interface else ""
        return (
            f"of {self.sent} packets to {self.address}{by}, the reverse path filter dropped "
            f"{self.dropped} answers ({self.quiet} in a quiet time as long; {self.settings})"
        )

    @property
    def command(self) -> str:
        """The counter and the settings by hand."""
        own = f" net.ipv4.conf.{self.interface}.rp_filter" if self.interface else ""
        return f"nstat -az TcpExtIPReversePathFilter; sysctl net.ipv4.conf.all.rp_filter{own}"
