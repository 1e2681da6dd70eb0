"""A neighbour on the client's link that sends it foreign and forged packets, again and again."""

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scapy.layers import inet, inet6
from scapy.layers.l2 import Ether
from scapy.packet import Raw

from layerwalk.lab.build import Lab
from layerwalk.lab.spec import FAMILIES, Family

PER_SECOND = 10_000
VARIETY = 1500
_EPHEMERAL = (32768, 60999)
_PORTS = (5432, 22, 80, 443, 49151, 33434)
_SENDING = """
import socket, sys, time
interface, per_second = sys.argv[1], int(sys.argv[2])
frames = [bytes.fromhex(line) for line in sys.stdin.read().split()]
sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
sock.bind((interface, 0))
batch, began, sent = 50, time.monotonic(), 0
while True:
    for place in range(sent, sent + batch):
        sock.send(frames[place % len(frames)])
    sent += batch
    if sent == 1000:
        print("flooding", flush=True)
    time.sleep(max(0.0, began + sent / per_second - time.monotonic()))
"""


@contextmanager
def flooded(lab: Lab, *, host: str = "dns", per_second: int = PER_SECOND) -> Iterator[None]:
    """Have a neighbour flood the client while this lasts."""
    frames = [frame for family in FAMILIES for frame in foreign(lab, family)]
    random.Random(3).shuffle(frames)  # noqa: S311  # a seed makes it repeatable
    command = [sys.executable, "-c", _SENDING, "eth0", str(per_second)]
    process = lab.popen(host, command, stdin=-1, stdout=-1, text=True)
    assert process.stdin
    assert process.stdout
    process.stdin.write("\n".join(frames))
    process.stdin.close()
    try:
        assert process.stdout.readline() == "flooding\n"
        yield
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def foreign(lab: Lab, family: Family, count: int = VARIETY) -> Iterator[str]:
    """Frames that are none of our answers, however much like them, in hexadecimal."""
    dice = random.Random(family)  # noqa: S311  # a seed makes it repeatable
    mac = lab.run("client", ["cat", "/sys/class/net/eth0/address"]).stdout.strip()
    own, target = (lab.network.address(host, family) for host in ("client", "server"))
    makers = (_reply, _segment, _datagram, _error, _error, _question)
    for number in range(count):
        layers = makers[number % len(makers)](dice, family, own, target)
        yield bytes(Ether(dst=mac, type=0x0800 if family == 4 else 0x86DD) / layers).hex()


def _ip(family: Family, source: str, destination: str) -> Any:
    if family == 4:
        return inet.IP(src=source, dst=destination, ttl=61)
    return inet6.IPv6(src=source, dst=destination, hlim=61)


def _port(dice: random.Random) -> int:
    return dice.randint(*_EPHEMERAL)


def _reply(dice: random.Random, family: Family, own: str, target: str) -> Any:
    kind = inet.ICMP(type=0) if family == 4 else inet6.ICMPv6EchoReply()
    kind.id, kind.seq = dice.randrange(65536), dice.randint(1, 9)
    return _ip(family, target, own) / kind / Raw(dice.randbytes(24))


def _segment(dice: random.Random, family: Family, own: str, target: str) -> Any:
    return _ip(family, target, own) / inet.TCP(
        sport=dice.choice(_PORTS),
        dport=_port(dice),
        flags=dice.choice(["SA", "RA", "A", "R", "S"]),
        seq=dice.randrange(1 << 32),
        ack=dice.randrange(1 << 32),
    )


def _datagram(dice: random.Random, family: Family, own: str, target: str) -> Any:
    ports = {"sport": dice.choice(_PORTS), "dport": _port(dice)}
    return _ip(family, target, own) / inet.UDP(**ports) / Raw(dice.randbytes(24))


def _error(dice: random.Random, family: Family, own: str, target: str) -> Any:
    """An error from the gateway about a packet to the target that was never sent."""
    quoted = dice.choice([_asked, _opened, _told])(dice, family, own, target)
    gateway = "198.51.100.1" if family == 4 else "2001:db8:1::1"
    if family == 4:
        error = dice.choice([inet.ICMP(type=11), inet.ICMP(type=3, code=1), inet.ICMP(type=3)])
    else:
        error = dice.choice([inet6.ICMPv6TimeExceeded(), inet6.ICMPv6DestUnreach(code=3)])
    return _ip(family, gateway, own) / error / Raw(bytes(quoted))


def _asked(dice: random.Random, family: Family, own: str, target: str) -> Any:
    kind = inet.ICMP(type=8) if family == 4 else inet6.ICMPv6EchoRequest()
    kind.id, kind.seq = dice.randrange(65536), dice.randint(1, 9)
    return _ip(family, own, target) / kind / Raw(bytes(24))


def _opened(dice: random.Random, family: Family, own: str, target: str) -> Any:
    ports = {"sport": _port(dice), "dport": dice.choice(_PORTS)}
    return _ip(family, own, target) / inet.TCP(flags="S", seq=dice.randrange(1 << 32), **ports)


def _told(dice: random.Random, family: Family, own: str, target: str) -> Any:
    ports = {"sport": _port(dice), "dport": 33434}
    return _ip(family, own, target) / inet.UDP(**ports) / Raw(dice.randbytes(24))


def _question(dice: random.Random, family: Family, own: str, target: str) -> Any:
    kind = inet.ICMP(type=8) if family == 4 else inet6.ICMPv6EchoRequest()
    kind.id, kind.seq = dice.randrange(65536), 1
    return _ip(family, target, own) / kind
