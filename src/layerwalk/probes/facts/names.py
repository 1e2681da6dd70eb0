"""What the name turned into: nameservers, hosts file, and the system's own resolver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from layerwalk.probes.facts.fact import Fact
from layerwalk.probes.facts.outcome import Outcome


@dataclass(frozen=True, kw_only=True)
class NameserverAnswer:
    """What one nameserver said. ``rcode`` is the RFC 1035 word, empty where none answered.

    ``unanswered`` are the kinds of question (``A``, ``AAAA``) that it let drop, ``failed`` those
    that it answered with an error although it knew an address of the other kind. An
    answer that can't be used (cut off, garbled, a referral) has no ``rcode``, and ``detail`` says
    what it is.
    """

    server: str
    outcome: Outcome
    rcode: str = ""
    addresses: tuple[str, ...] = ()
    other_family: bool = False
    seconds: float = 0.0
    detail: str = ""
    unanswered: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()

    @property
    def fails(self) -> bool:
        """It answered, and neither knows an address nor denies that there is one."""
        return self.outcome is Outcome.ANSWERED and not self.addresses and not self.denies

    @property
    def word(self) -> str:
        """What it said, as short as can be."""
        told = self.fails or (self.detail and not self.outcome.measured)
        return self.rcode or (self.detail if told else str(self.outcome))

    @property
    def denies(self) -> bool:
        """It answered that there is no such name, or no address of the family asked for."""
        answered = self.outcome is Outcome.ANSWERED
        return answered and self.rcode in {"NXDOMAIN", "NOERROR"} and not self.addresses


@dataclass(frozen=True, kw_only=True)
class HostsEntry:
    """A line of the hosts file that names the host."""

    address: str
    file: str
    line: int


@dataclass(frozen=True, kw_only=True)
class ResolveFact(Fact):
    """How a name was resolved.

    ``addresses`` are those that a program would try, in the system's order (RFC 6724), and
    ``sources`` the services of nsswitch's ``hosts`` line. ``system_error`` is what getaddrinfo
    said where it failed; ``system_pending`` that it had not come back when listening ended;
    ``system_s`` how long it took, or was waited for. ``timeout_s`` and ``attempts`` are what
    resolv.conf grants a nameserver that stays silent.
    """

    probe: ClassVar[str] = "resolve"
    layer: ClassVar[int] = 7

    name: str
    family: int | None = None
    addresses: tuple[str, ...] = ()
    nameservers: tuple[NameserverAnswer, ...] = ()
    asked_names: tuple[str, ...] = ()
    hosts: tuple[HostsEntry, ...] = ()
    sources: tuple[str, ...] = ("files", "dns")
    nsswitch_file: str = "/etc/nsswitch.conf"
    defaulted: bool = False
    system_error: str = ""
    system_pending: bool = False
    system_s: float = 0.0
    timeout_s: float = 5.0
    attempts: int = 2

    @property
    def dns_addresses(self) -> tuple[str, ...]:
        """The addresses that DNS has: those of the first nameserver that knows any."""
        return next((server.addresses for server in self.nameservers if server.addresses), ())

    @property
    def overriding(self) -> tuple[HostsEntry, ...]:
        """The lines of the hosts file whose address programs get, and DNS does not have.

        Empty where DNS has no address at all: a line that adds a name overrides nothing.
        """
        known = self.dns_addresses
        used = (entry for entry in self.hosts if entry.address in self.addresses)
        return tuple(entry for entry in used if known and entry.address not in known)

    @property
    def asks_dns(self) -> bool:
        """Whether programs on this machine ask nameservers at all."""
        return bool({"dns", "resolve"} & {*self.sources})

    @property
    def finding(self) -> str:
        """The addresses and who gave them, or who was asked in vain."""
        if self.addresses:
            source = "hosts file" if self.hosts else "DNS"
            failing = [f"{n.server}: {n.word}" for n in self.nameservers if n.fails]
            failing += [f"{n.server} {n.detail}" for n in self.nameservers if n.failed]
            remark = f"; {'; '.join(failing)}" if failing else ""
            return f"{self.name} is {', '.join(self.addresses)} ({source}){remark}"
        if not self.nameservers:
            return f"{self.name}: {self.system_error or 'no address'}"
        said = "; ".join(f"{n.server} {n.word}" for n in self.nameservers)
        return f"{self.name}: no address ({said})"

    @property
    def command(self) -> str:
        """A dig to the first nameserver, or the system's own look-up."""
        if not self.nameservers:
            return f"getent ahosts {self.name}"
        kind = "AAAA" if self.family == 6 else "A"
        return f"dig @{self.nameservers[0].server} {self.name} {kind}"
