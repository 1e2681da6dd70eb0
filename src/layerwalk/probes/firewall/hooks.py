"""A hook's chains in the order that packets meet them, and what happens between them. Pure.

Within a hook chains go by priority. Connection tracking stands at -200; whoever comes before it
sees no connection. Translations are made at a place of their own, whatever the priority of the
chains that say so (include/uapi/linux/netfilter_ipv4.h).
"""

from __future__ import annotations

from dataclasses import replace

from layerwalk.probes.firewall.evaluation import Passage
from layerwalk.probes.firewall.handshakes import Turn, field_of
from layerwalk.probes.firewall.kinds import STATE, STATUS
from layerwalk.probes.firewall.packet import Packet, Tracking
from layerwalk.probes.firewall.ruleset import Chain, Ruleset
from layerwalk.probes.firewall.values import Bits, Missing

_CONNTRACK = -200
_TRACKING_HOOKS = frozenset({"prerouting", "output"})
_TRANSLATION = {"prerouting": -100, "output": -100, "input": 100, "postrouting": 100}
_DEVICE_HOOKS = frozenset({"ingress", "egress"})
_FAMILIES = {4: frozenset({"ip", "inet"}), 6: frozenset({"ip6", "inet"})}


def go(
    passage: Passage, hooks: tuple[str, ...], *, new: bool = False, turns: tuple[Turn, ...] = ()
) -> None:
    """Send a packet through hooks; a new connection's may be translated there."""
    for hook in hooks:
        passage.translated = False
        turn = next((it.changes for it in turns if it.hook == hook), {})
        for step in _steps(passage.ruleset, hook, passage.packet.version):
            if not passage.open:
                return
            if isinstance(step, Chain):
                _meet(passage, step, new=new)
            elif step == _CONNTRACK:
                passage.packet = _tracked(passage.packet)
            elif turn:
                passage.change(turn)


def _steps(ruleset: Ruleset, hook: str, version: int) -> list[Chain | int]:
    """Order a hook's chains, and the places of tracking and translation among them.

    Of chains of one priority the kernel asks the youngest first.
    """
    families = _FAMILIES[version] | ({"netdev"} if hook in _DEVICE_HOOKS else frozenset())
    chains = list(reversed(ruleset.at(hook, families)))
    place = _TRANSLATION.get(hook, 0)
    ordered: list[tuple[int, int, Chain | int]] = [
        (place, chain.priority, chain) if chain.kind == "nat" else (chain.priority, 0, chain)
        for chain in chains
    ]
    if hook in _TRACKING_HOOKS:
        ordered.append((_CONNTRACK, 0, _CONNTRACK))
    if hook in _TRANSLATION:
        ordered.append((place, -(1 << 31), place))
    return [it for *_, it in sorted(ordered, key=lambda step: step[:2])]


def _meet(passage: Passage, chain: Chain, *, new: bool) -> None:
    if _elsewhere(passage.packet, chain):
        return
    # The device is not in every nft's listing: then it may be another one.
    maybe = chain.hook in _DEVICE_HOOKS and not chain.devices
    if chain.kind == "nat":
        tracking = passage.packet.tracking
        if not new or passage.translated or tracking in {Tracking.UNTRACKED, Tracking.INVALID}:
            return
        maybe = maybe or passage.translated is None or tracking is Tracking.UNSURE
    before = passage.packet
    passage.through(chain, maybe=maybe)
    passage.packet = _with_status(before, passage.packet, chain)


def _with_status(before: Packet, packet: Packet, chain: Chain) -> Packet:
    """Note in a connection's status that an end of it was changed."""
    status = packet.fields.get("ct status")
    if chain.kind != "nat" or before is packet or not isinstance(status, Bits):
        return packet
    for bit, names in (("dnat", ("daddr", "dport")), ("snat", ("saddr", "sport"))):
        mask = STATUS.symbols[bit]
        pairs = [
            (before.fields[field_of(packet, it)], packet.fields[field_of(packet, it)])
            for it in names
        ]
        if any(one != other and other is Missing.UNKNOWN for one, other in pairs):
            status = Bits(status.value & ~mask, status.known & ~mask)
        elif any(one != other for one, other in pairs):
            status = Bits(status.value | mask, status.known | mask)
    return packet.having({"ct status": status})


def _elsewhere(packet: Packet, chain: Chain) -> bool:
    device = packet.get("meta", "iifname") or packet.get("meta", "oifname")
    return bool(chain.devices) and device not in {*chain.devices, Missing.UNKNOWN}


def _tracked(packet: Packet) -> Packet:
    """Let connection tracking look at a packet that it has not met."""
    if packet.tracking is not Tracking.BEFORE:
        return packet
    state = packet.fields["ct state"]
    if state is Missing.UNKNOWN:
        return replace(packet, tracking=Tracking.UNSURE)
    invalid = state == STATE.symbols["invalid"]
    return replace(packet, tracking=Tracking.INVALID if invalid else Tracking.TRACKED)
