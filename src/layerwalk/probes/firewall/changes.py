"""What rules change of a packet: its marks, its tracking, its ends. Pure."""

from __future__ import annotations

from typing import Any

from layerwalk.probes.firewall.effects import Action, Effect, Verdict
from layerwalk.probes.firewall.expressions import Scene, datum_of, number_of
from layerwalk.probes.firewall.kinds import ADDRESS4, ADDRESS6, KINDS, NUMBER, PORT, Kind
from layerwalk.probes.firewall.packet import LOCAL, Packet, Tracking
from layerwalk.probes.firewall.values import Missing, Value

_LOOPBACK = {4: 0x7F000001, 6: 1}
_ACCEPTED = ((True, Verdict(Action.ACCEPT)),)
_FAMILIES = {"ip": 4, "ip6": 6}


def changed(body: Any, scene: Scene) -> Effect:
    """Set a field anew (``mangle``); a map without the key ends the rule."""
    left = body.get("key") if isinstance(body, dict) else None
    if not isinstance(left, dict) or len(left) != 1:
        return Effect()
    words, inner = next(iter(left.items()))
    if not isinstance(inner, dict) or words not in {"meta", "ct", "payload"}:
        return Effect()
    header = inner.get("protocol") if words == "payload" else words
    name = f"{header} {inner.get('field') or inner.get('key')}"
    value = number_of(body.get("value"), KINDS.get(name, NUMBER), scene)
    if value is Missing.ABSENT:
        return Effect(False)
    return Effect(changes={name: value})


def retracked(packet: Packet) -> Effect:
    """Take a packet out of connection tracking, unless that has met it (nft(8), "notrack")."""
    if packet.tracking in {Tracking.TRACKED, Tracking.UNSURE}:
        return Effect()
    return Effect(tracking=Tracking.UNTRACKED)


def translated(kind: str, body: Any, scene: Scene) -> Effect:
    """Give a connection another end; its packets go on from there with it."""
    given = body if isinstance(body, dict) else {}
    packet = scene.packet
    if _FAMILIES.get(str(given.get("family")), packet.version) != packet.version:
        return Effect(False)
    address, port = _target(given, scene)
    if Missing.ABSENT in (address, port):
        return Effect(False)
    if kind in {"snat", "masquerade"}:
        changes = _from(address, packet)
    else:
        changes = _to(kind, address, port, packet)
    return Effect(changes=changes, verdicts=_ACCEPTED, translates=True)


def _from(address: Value | None, packet: Packet) -> dict[str, Value]:
    """Change the source: its port is kept only where it is free (nft(8), "NAT statements")."""
    return {
        f"{packet.header} saddr": Missing.UNKNOWN if address is None else address,
        "tcp sport": Missing.UNKNOWN,
    }


def _to(kind: str, address: Value | None, port: Value | None, packet: Packet) -> dict[str, Value]:
    """Change the destination: where it then goes is for the routing table to say."""
    changes: dict[str, Value] = {}
    if port is not None:
        changes["tcp dport"] = port
    leaving = packet.get("meta", "oifname") != ""
    if kind == "redirect":
        address = _LOOPBACK[packet.version] if leaving else Missing.UNKNOWN
    name = f"{packet.header} daddr"
    if address is None or address == packet.get(*name.split()):
        return changes
    changes[name] = address
    here = kind == "redirect" or address == _LOOPBACK[packet.version]
    changes["fib daddr"] = LOCAL if here else Missing.UNKNOWN
    if leaving:
        way: Value = "lo" if here else Missing.UNKNOWN
        changes |= {"meta oif": way, "meta oifname": way, "meta oifgroup": Missing.UNKNOWN}
    return changes


def _target(given: dict[str, Any], scene: Scene) -> tuple[Value | None, Value | None]:
    """Read where to: an address and a port, of which ``None`` is not changed."""
    kind = ADDRESS4 if scene.packet.version == 4 else ADDRESS6
    address = given.get("addr")
    if isinstance(address, dict) and "map" in address:
        found = datum_of(address["map"], scene)
        if isinstance(found, dict) and isinstance(found.get("concat"), list):
            return _read(found["concat"][0], kind, scene), _read(found["concat"][1], PORT, scene)
        return (found if isinstance(found, Missing) else _read(found, kind, scene)), None
    return _read(address, kind, scene), _read(given.get("port"), PORT, scene)


def _read(word: Any, kind: Kind, scene: Scene) -> Value | None:
    if word is None:
        return None
    return number_of(word, kind, scene)
