"""Two machines and the packets between them: what the kernel makes of a rule set is seen here.

The client has the rules. Last in each of its hooks, and first at its peer, a table of our own notes
the SYNs and SYN-ACKs that got that far, by the port that is theirs alone. A frame of no IP that
goes to and fro after them has everybody wait until all of them are through.
"""

import json
import os
import socket
import struct
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

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

PORTS = (22, 80, 443, 5432, 8080)
OWN = {4: ("192.0.2.1", "192.0.2.11"), 6: ("2001:db8::1", "2001:db8::11")}
THEIRS = {
    4: ("192.0.2.2", "198.51.100.9", "203.0.113.5"),
    6: ("2001:db8::2", "2001:db8:1::9", "2001:db8:2::5"),
}
LOOPBACK = {4: "127.0.0.1", 6: "::1"}
MARKER = 0x88B5  # of IEEE 802's for local experiments
MARK_OPTION = 36  # SO_MARK
_TABLE = "zz_witness"
_SETS = ("sent_syn", "came_syn", "sent_answer", "came_answer")
_SYN = "tcp flags & (syn | ack | rst) == syn"
_ANSWER = "tcp flags & (syn | ack | rst) == syn | ack"
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


@dataclass(frozen=True)
class Case:
    """A connection: ``out`` to the peer, ``in`` from it, or on the ``lo`` interface.

    ``hides`` what the matcher is not told: the source's ``port``, or the whole ``client``.
    """

    way: str
    version: int
    source: str
    destination: str
    port: int
    mark: int = 0
    hides: str = ""


@dataclass(frozen=True)
class Found:
    """How far the kernel let a connection come, and what the matcher says of each stage."""

    case: Case
    truth: tuple[bool, ...]
    passages: tuple[Passage, ...]

    @property
    def said(self) -> tuple[bool | None, ...]:
        """For each packet that came into being: through, refused, or undecided."""
        return tuple(it.gets_through for it in self.passages[: len(self.truth)])

    @property
    def exact(self) -> bool:
        """Whether all was decided that the kernel decided."""
        return None not in self.said

    @property
    def differs(self) -> bool:
        """Whether something was said for sure that is not so."""
        return any(
            said is not None and said is not true
            for said, true in zip(self.said, self.truth, strict=True)
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
                _prepared(host, _mac(lab, "peer" if host == "client" else "client"))
        with lab.inside("peer"):
            _loaded(_witness())
            self._listen(self._stack)
            self._raw = _frames(self._stack)
        with lab.inside("client"):
            self._own_raw = _frames(self._stack)
        self._macs = {host: bytes.fromhex(_mac(lab, host).replace(":", "")) for host in _HOSTS}

    def close(self) -> None:
        """Let all sockets go."""
        self._stack.close()

    def found(
        self, commands: Sequence[tuple[Sequence[str], str]], cases: Sequence[Case]
    ) -> list[Found] | str:
        """Load rules on the client, make the connections, and compare; or why the rules fail."""
        with self._lab.inside("client"):
            if told := _given(commands):
                return told
            _loaded(_witness())
            ruleset = read_ruleset(Tools(patience_s=30)).ruleset
        with self._lab.inside("peer"):
            _loaded("".join(f"flush set inet {_TABLE} {name}\n" for name in _SETS))
        ports = [self._port() for _ in cases]
        with ExitStack() as stack:
            with self._lab.inside("client"):
                self._listen(stack)
                for case, port in zip(cases, ports, strict=True):
                    if case.way != "in":
                        _connect(case, port, stack)
            for case, port in zip(cases, ports, strict=True):
                if case.way == "in":
                    self._raw.send(self._syn(case, port))
            self._settle()
            with self._lab.inside("peer"):
                theirs = _noted()
            with self._lab.inside("client"):
                ours = _noted()
                met = [_followed(ruleset, *it) for it in zip(cases, ports, strict=True)]
            return [
                Found(case, _truth(case, port, ours, theirs, looped=len(way) > 2), way)
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

    def _syn(self, case: Case, port: int) -> bytes:
        kind = 0x0800 if case.version == 4 else 0x86DD
        frame = self._macs["client"] + self._macs["peer"] + struct.pack("!H", kind)
        return frame + _syn_packet(case, port)


_HOSTS = ("client", "peer")


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


def _mac(lab: Lab, host: str) -> str:
    return str(json.loads(lab.run(host, ["ip", "-j", "link", "show", "eth0"]).stdout)[0]["address"])


def _prepared(host: str, other: str) -> None:
    """Give addresses, routes and neighbours, so that nobody has to ask for them."""
    own, theirs = (OWN, THEIRS) if host == "client" else (THEIRS, OWN)
    lines = [f"addr replace {it}/128 dev eth0 nodad" for it in own[6]]
    lines += [f"addr replace {it}/32 dev eth0" for it in own[4] if host == "peer"]
    lines += [f"neigh replace {it} lladdr {other} dev eth0" for its in theirs.values() for it in its]
    if host == "client":
        lines += ["route replace default via 192.0.2.2 dev eth0"]
        lines += ["route replace 2001:db8::2 dev eth0", "route replace default via 2001:db8::2"]
    else:
        lines += [f"route replace {it} dev eth0" for it in OWN[6]]
    text = "\n".join(lines)
    subprocess.run(["ip", "-batch", "-"], input=text, text=True, check=True, capture_output=True)


def _frames(stack: ExitStack) -> socket.socket:
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(MARKER))
    stack.enter_context(closing(sock))
    sock.bind(("eth0", MARKER))
    sock.settimeout(10)
    return sock


def _loaded(text: str) -> None:
    subprocess.run(["nft", "-f", "-"], input=text, text=True, check=True, capture_output=True)


def _given(commands: Sequence[tuple[Sequence[str], str]]) -> str:
    """Take all rules away, then give those commands; what the first says that fails."""
    _loaded("flush ruleset\n")
    for tool in ("iptables-legacy", "ip6tables-legacy"):
        _emptied(tool)
    for command, text in commands:
        done = subprocess.run(command, input=text, text=True, check=False, capture_output=True)
        if done.returncode:
            return f"{' '.join(command)}: {done.stderr}"
    return ""


def _emptied(tool: str) -> None:
    names = Path(f"/proc/thread-self/net/{tool.partition('tables')[0]}_tables_names")
    try:
        tables = names.read_text("ascii").split()
    except OSError:
        return
    hooks = {
        "raw": "PREROUTING OUTPUT",
        "mangle": "PREROUTING INPUT FORWARD OUTPUT POSTROUTING",
        "nat": "PREROUTING INPUT OUTPUT POSTROUTING",
    }
    for table in tables:
        chains = hooks.get(table, "INPUT FORWARD OUTPUT").split()
        text = f"*{table}\n" + "".join(f":{it} ACCEPT [0:0]\n" for it in chains) + "COMMIT\n"
        subprocess.run([f"{tool}-restore"], input=text, text=True, check=True, capture_output=True)


def _witness() -> str:
    sets = "".join(f"set {name} {{ type inet_service; size 65535; flags dynamic; }}\n" for name in _SETS)
    last = 2147483646
    return f"""
    table inet {_TABLE} {{
      {sets}
      chain came {{
        type filter hook input priority {last}
        {_SYN} add @came_syn {{ tcp sport }}
        {_ANSWER} add @came_answer {{ tcp dport }}
      }}
      chain sent {{
        type filter hook postrouting priority {last}
        {_SYN} add @sent_syn {{ tcp sport }}
        {_ANSWER} add @sent_answer {{ tcp dport }}
      }}
    }}
    """


def _noted() -> dict[str, set[int]]:
    done = subprocess.run(
        ["nft", "-j", "list", "table", "inet", _TABLE], check=True, capture_output=True
    )
    listed = [it["set"] for it in json.loads(done.stdout)["nftables"] if "set" in it]
    return {it["name"]: set(it.get("elem", ())) for it in listed}


def _connect(case: Case, port: int, stack: ExitStack) -> None:
    family = socket.AF_INET if case.version == 4 else socket.AF_INET6
    sock = stack.enter_context(closing(socket.socket(family)))
    sock.setblocking(False)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.setsockopt(socket.SOL_SOCKET, MARK_OPTION, case.mark)
    sock.bind((case.source, port))
    sock.connect_ex((case.destination, case.port))


def _syn_packet(case: Case, port: int) -> bytes:
    family = socket.AF_INET if case.version == 4 else socket.AF_INET6
    ends = b"".join(socket.inet_pton(family, it) for it in (case.source, case.destination))
    options = b"\x02\x04\x05\xb4\x04\x02\x08\x0a\0\0\0\1\0\0\0\0\x01\x03\x03\x07"
    segment = struct.pack("!HHIIBBHHH", port, case.port, 1, 0, 0xA0, 2, 64240, 0, 0) + options
    pseudo = ends + struct.pack("!IHBB", len(segment), 0, 0, 6)
    segment = segment[:16] + _checksum(pseudo + segment) + segment[18:]
    if case.version == 6:
        return struct.pack("!IHBB", 6 << 28, len(segment), 6, 64) + ends + segment
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), 1, 0x4000, 64, 6, 0) + ends
    return header[:10] + _checksum(header) + header[12:] + segment


def _checksum(data: bytes) -> bytes:
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack("!H", ~total & 0xFFFF)


def _truth(
    case: Case, port: int, ours: dict[str, set[int]], theirs: dict[str, set[int]], *, looped: bool
) -> tuple[bool, ...]:
    """Say stage by stage whether the packet got through, up to the first that did not."""
    if case.way == "in":
        stages = [port in ours["came_syn"], port in theirs["came_answer"]]
    elif looped:
        stages = [port in ours[name] for name in _SETS]
    else:
        stages = [port in theirs["came_syn"], port in ours["came_answer"]]
    end = stages.index(False) + 1 if False in stages else len(stages)
    return tuple(stages[:end])


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
        traits={} if inward else own_traits(),
        reverse="eth0" if inward else "",
    )
    course = arrivals if inward else passages
    return tuple(course(ruleset, ends, around))
