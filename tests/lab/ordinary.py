"""What an ordinary user's walk may say where root's says more: a table, one line a fault.

Every other fault must be told as root tells it. A key of ``where`` that stands in ``untold`` is not
expected; ``also`` are causes that may be named instead, ``None`` for none at all. Where a walk is
``barred`` it may send nothing, so that it need not come to any verdict.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from layerwalk.lab.shapes import Scenario

NOBODY = 65534


@dataclass(frozen=True)
class Less:
    """What need not be told, and why it can't be."""

    why: str
    untold: frozenset[str] = frozenset()
    also: tuple[str | None, ...] = ()
    barred: bool = False


_RULES = Less(
    "only root may read the rules; that one of this machine's own is to blame shows all the same, "
    "by the kernel's answer or its counters",
    untold=frozenset({"rule"}),
)

_CARD = Less(
    "only root may read the rules, and what is dropped at the card on the way in is in no counter "
    "of packets that came",
    untold=frozenset({"rule", "kind"}),
)

_UNREAD = Less(
    "only root may read the rules, and no connection of the server's own meets them",
    also=(None,),
)

_TWO = Less(
    "both are true; a router's word that the host is gone ends the walk before the counters, which "
    "alone show the local rule, are watched",
    untold=frozenset({"rule"}),
    also=("host-down", "gateway-unreachable"),
)

_OPTIONS = Less(
    "the kernel puts its options on every SYN that it sends; to leave some off takes raw sockets",
    also=("firewall-drop", "path-blackhole"),
)

_RESET = Less("as above; a reset is then the port's own", also=("port-closed",))

_MARKED = Less("only with rights may packets be marked", also=(None,), barred=True)
_QUEUE = Less(
    "ACKs of no connection, and a look at handshakes, take raw sockets; and what is made fills the "
    "queue further",
    also=("firewall-drop", None),
)

_PLACELESS = Less(
    "whether a router's large reply comes whole or in pieces shows only to a packet socket",
    untold=frozenset({"after", "before", "kind"}),
)

_UNSEEN = Less(
    "only packet sockets see that a second machine answers; the kernel shows it by chance, where "
    "its entry changes at the right moment, and else the wrong one's silence or reset",
    also=(
        None,
        "firewall-drop",
        "firewall-reject",
        "gateway-unreachable",
        "high-latency",
        "host-down",
        "packet-loss",
        "path-blackhole",
        "port-closed",
    ),
)

_OWNER = Less(
    "only root may see which process another user's socket belongs to, and what that has left",
    also=(None,),
)

_HURRIED = Less(
    "only root may see whose the socket is, and so in which group it stands still",
    also=(None, "accept-queue-full"),
)

_PUBLISHED = Less(
    "only root may read the rules of NAT; nobody listens, so far as this user sees",
    also=("service-not-running",),
)

LESS: Mapping[str, Less] = {
    "descriptors-exhausted": _OWNER,
    "processes-exhausted": _OWNER,
    "disk-exhausted": _OWNER,
    "disk-exhausted-inodes": _OWNER,
    "cpu-saturated": _OWNER,
    "cpu-saturated-queue": _HURRIED,
    "memory-exhausted": _OWNER,
    "healthy-server-published": _PUBLISHED,
    "duplicate-address": _UNSEEN,
    "duplicate-address-first": _UNSEEN,
    "duplicate-address-mute": _UNSEEN,
    "duplicate-address-mute-first": _UNSEEN,
    "duplicate-address-alike": _UNSEEN,
    "firewall-drop-client-and-host-down": _TWO,
    "firewall-drop-client-and-gateway": _TWO,
    "firewall-drop-client-out": _RULES,
    "firewall-drop-client-device": _CARD,
    "firewall-drop-client-in": _RULES,
    "firewall-drop-client-tracking": _RULES,
    "firewall-drop-client-reverse": _RULES,
    "firewall-drop-client-strict": _RULES,
    "firewall-reject-client": _RULES,
    "firewall-reject-client-reset": _RULES,
    "firewall-drop-client-ufw": _RULES,
    "firewall-drop-client-second-table": _RULES,
    "firewall-reject-client-firewalld": _RULES,
    "firewall-drop-server-ufw": _UNREAD,
    "firewall-drop-server-answers": _UNREAD,
    "firewall-reject-server-firewalld": _UNREAD,
    "firewall-reject-server-banned": _UNREAD,
    "gateway-unreachable-marked": _MARKED,
    "firewall-drop-client-marked": _MARKED,
    "healthy-marked": _MARKED,
    "reverse-path-filter-marked": _MARKED,
    "reverse-path-filter-loose": _MARKED,
    "accept-queue-full": _QUEUE,
    "pmtu-blackhole-back": _PLACELESS,
    "pmtu-blackhole-back-filtered": _PLACELESS,
    "pmtu-blackhole-back-beside": _PLACELESS,
    "syn-option-dropped": _OPTIONS,
    "syn-option-dropped-target": _OPTIONS,
    "syn-option-dropped-only-port": _OPTIONS,
    "syn-option-dropped-reset": _RESET,
}


def expected(fault: str, scenario: Scenario) -> Scenario:
    """The scenario with what an ordinary user's walk must say of it."""
    less = LESS.get(fault, Less(""))
    kept = {key: value for key, value in scenario.where.items() if key not in less.untold}
    any_of = () if "after" in less.untold else scenario.after_any
    return replace(scenario, where=kept, after_any=any_of)
