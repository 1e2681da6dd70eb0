"""Two machines and the packets between them: what the kernel makes of a rule set is seen here.

The client has the rules. Last in each of its hooks, and first at its peer, a table of our own notes
the SYNs and SYN-ACKs that got that far, by the port that is theirs alone. A frame of no IP that
goes there and back after them has everybody wait until all of them are through.
"""

import os
import select
import socket
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager

from layerwalk.lab.build import Lab, build
from layerwalk.lab.spec import End, Host, Link, Network
from layerwalk.probes.firewall.course import arrivals, passages
from layerwalk.probes.firewall.evaluation import Passage
from layerwalk.probes.firewall.handshakes import Circumstances
from layerwalk.probes.firewall.packet import Endpoints
from layerwalk.probes.firewall.reading import read_ruleset
from layerwalk.probes.firewall.ruleset import Ruleset
from layerwalk.probes.firewall.surroundings import own_addresses, own_traits
from layerwalk.probes.firewall.tools import Tools
from layerwalk.probes.firewall.values import Span
from tests.lab.kernel_rules.segments import ack_packet, answered_to, syn_packet
from tests.lab.kernel_rules.settings import MARKER, everything, frames, give, mac_of, prepare
from tests.lab.kernel_rules.trials import OWN, PORTS, Case, Commands, Found
from tests.lab.kernel_rules.witness import SETS, TABLE, counts_of, load, noted, truth_of, witness

_HEADER = 14
"""How long an Ethernet header is."""

MARK_OPTION = 36  # SO_MARK
_HOSTS = ("client", "peer")
NETWORK = Network(
    hosts=(Host("client"), Host("peer")),
    links=(
        Link(
            ends=(
                End("client", "eth0", tuple(f"{it}/24" for it in OWN[4])),
                End("peer", "eth0", ("192.0.2.2/24",)),
            )
        ),
    ),
)


class Ground:
    """The two machines, with what listens and what sends."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._next_port = 20000
        self._stack = ExitStack()
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # one queue for all packets
        for host in ("client", "peer"):
            with lab.inside(host):
                prepare(host, mac_of(lab, "peer" if host == "client" else "client"))
        with lab.inside("peer"):
            load(witness(mute=True))
            self._raw = frames(self._stack)
            self._ear = everything(self._stack)
        with lab.inside("client"):
            self._own_raw = frames(self._stack)
        self._macs = {host: bytes.fromhex(mac_of(lab, host).replace(":", "")) for host in _HOSTS}

    def close(self) -> None:
        """Let all sockets go."""
        self._stack.close()

    def found(self, commands: Commands, cases: Sequence[Case]) -> list[Found] | str:
        """Load rules on the client, make the connections, and compare; or why the rules fail."""
        with self._lab.inside("client"):
            if told := give(commands):
                return told
            load(witness())
            ruleset = read_ruleset(Tools(patience_s=30)).ruleset
        ports = [self._port() for _ in cases]
        with ExitStack() as stack:
            with self._lab.inside("peer"):
                load("".join(f"flush set inet {TABLE} {name}\n" for name in SETS))
                self._listen(stack)
            with self._lab.inside("client"):
                self._listen(stack)
                for case, port in zip(cases, ports, strict=True):
                    if case.way != "in":
                        _connect(case, port, stack)
            for case, port in zip(cases, ports, strict=True):
                if case.way == "in":
                    self._raw.send(self._framed(case, syn_packet(case, port)))
            self._settle()
            self._acknowledge(dict(zip(ports, cases, strict=True)))
            self._settle()
            with self._lab.inside("peer"):
                theirs = noted()
            with self._lab.inside("client"):
                ours = noted()
                counts = counts_of(read_ruleset(Tools(patience_s=30)).ruleset)
                met = [_followed(ruleset, *it) for it in zip(cases, ports, strict=True)]
            return [
                Found(case, truth_of(case, port, ours, theirs, looped=len(way) > 2), way, counts)
                for case, port, way in zip(cases, ports, met, strict=True)
            ]

    def _port(self) -> int:
        self._next_port = 20000 + (self._next_port - 19999) % 40000
        return self._next_port

    def _listen(self, stack: ExitStack) -> None:
        for port in PORTS:
            sock = stack.enter_context(closing(socket.socket(socket.AF_INET6)))
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("::", port))
            sock.listen(256)

    def _settle(self) -> None:
        """Send a frame there, back and there again: what was sent before it has arrived."""
        for sender, receiver in ((0, 1), (1, 0), (0, 1)):
            own, other = (self._own_raw, self._raw) if sender == 0 else (self._raw, self._own_raw)
            source, target = _HOSTS[sender], _HOSTS[receiver]
            frame = self._macs[target] + self._macs[source] + struct.pack("!H", MARKER)
            own.send(frame + bytes(46))
            other.recv(100)

    def _acknowledge(self, cases: Mapping[int, Case]) -> None:
        """Send the ACK for each SYN-ACK that has come to who came in."""
        while select.select([self._ear], [], [], 0)[0]:
            packet = self._ear.recv(2048)[_HEADER:]
            for port, case in cases.items():
                number = answered_to(case, port, packet) if case.way == "in" else None
                if number is not None:
                    self._raw.send(self._framed(case, ack_packet(case, port, number)))

    def _framed(self, case: Case, packet: bytes) -> bytes:
        kind = 0x0800 if case.version == 4 else 0x86DD
        return self._macs["client"] + self._macs["peer"] + struct.pack("!H", kind) + packet


@contextmanager
def ground() -> Iterator[Ground]:
    """Build the two machines, and take them down again."""
    allowed = os.sched_getaffinity(0)
    with build(NETWORK) as lab:
        made = Ground(lab)
        try:
            yield made
        finally:
            made.close()
            os.sched_setaffinity(0, allowed)


def _connect(case: Case, port: int, stack: ExitStack) -> None:
    family = socket.AF_INET if case.version == 4 else socket.AF_INET6
    sock = stack.enter_context(closing(socket.socket(family)))
    sock.setblocking(False)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.setsockopt(socket.SOL_SOCKET, MARK_OPTION, case.mark)
    sock.bind((case.source, port))
    sock.connect_ex((case.destination, case.port))


def _followed(ruleset: Ruleset, case: Case, port: int) -> tuple[Passage, ...]:
    source_port = Span(1024, 65535) if case.hides else port
    inward = case.way == "in"
    ends = Endpoints(
        source="" if case.hides == "client" and inward else case.source,
        source_port=source_port,
        destination=case.destination,
        destination_port=case.port,
    )
    interface = "lo" if case.way == "lo" else "eth0"
    around = Circumstances(
        interface=interface,
        mark=case.mark,
        own=own_addresses(case.version),
        traits=own_traits(interface),
        reverse="eth0" if inward else "",
    )
    course = arrivals if inward else passages
    return tuple(course(ruleset, ends, around))
