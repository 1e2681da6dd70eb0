"""Stand-ins for names: hosts and domains label by label, interfaces, users, secrets."""

from __future__ import annotations

import re
from ipaddress import ip_address

from layerwalk.session.redaction.numbering import Numbering

HOST_NAME = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63})*\.?")
_STAND_IN = re.compile(r"(?P<kind>name|if|user|secret)-(?P<number>[0-9]{1,9})", re.IGNORECASE)
_KEPT_NAMES = {"localhost", "localhost.localdomain", "ip6-localhost", "(none)"}
_USUAL_INTERFACE = re.compile(
    r"(?:lo|any|default|all"
    r"|(?:eth|wlan|ww?an|en[ospx]|wl[opsx]|ww[ops]|ib|bond|team|br|tun|tap|wg|ppp|sit|dummy|docker"
    r"|virbr|vnet|veth|vlan|gre|ip6?tnl|vxlan|geneve|cni|flannel|cilium|cali|lxc|ifb|macvlan)"
    r"[0-9]*(?:[sfdpn.@v][0-9]+)*"
    r"|(?:veth|cali|lxc|br-)[0-9a-f]+)(?:@.*)?"
)
_NAMED_BY_MAC = re.compile("[ew][nlw]x[0-9a-f]{12}")
_EVERYDAY = (
    "address an and any answer answered answers api app at auth backend by cache client cluster com"
    " connect connection corp database db default dev dns domain down example external for from"
    " frontend gateway home host http https if in internal internet intranet ip is lan link local"
    " localdomain localhost login mail main name net network no node not of office on one or org"
    " packet path ping port primary private prod production proxy public refused resolver root"
    " route router rule secret server service silent site stage staging static svc syn tcp test the"
    " this tls to udp unreachable up user vpn wan web with www"
)
_GENERIC = frozenset(_EVERYDAY.split())


class Words:
    """Numbered stand-ins of one kind: ``user-1``."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._numbers = Numbering()

    def stand_in(self, text: str) -> str:
        """Write the stand-in of a word; upper and lower case are the same."""
        mine = _STAND_IN.fullmatch(text)
        if mine and mine["kind"].lower() == self._kind:
            self._numbers.keep(int(mine["number"]))
            return text.lower()
        return f"{self._kind}-{self._numbers.of(text.lower())}"


class Names:
    """What is known to be a name, and the stand-ins of names.

    A whole name is looked for in every text, and so are the domains that it is in and the labels
    that are no everyday words.
    """

    def __init__(self) -> None:
        self._labels = Words("name")
        self._interfaces = Words("if")
        self.known: set[str] = set()
        self.interfaces: set[str] = set()
        self.lines: set[str] = set()
        """Lines of logs: whatever may be in them, they are left out whole."""

    def learn(self, name: str) -> None:
        """Take note of a host's or domain's name; an address or a number is none."""
        name = name.lower().rstrip(".")
        labels = name.split(".")
        if not HOST_NAME.fullmatch(name) or name in _KEPT_NAMES or _is_address(labels):
            return
        people = [_unicode(label) for label in labels]
        for spelling in (labels, people):
            self.known |= set(_wholes(spelling)) | {it for it in spelling[:-1] if _telling(it)}
        for label in labels:
            if _STAND_IN.fullmatch(label):
                self._labels.stand_in(label)  # it is met, and its number is passed over

    def learn_word(self, word: str) -> None:
        """Take note of a word that is part of a path or a program's name."""
        if _STAND_IN.fullmatch(word):
            self._labels.stand_in(word)
        elif _telling(word.lower()):
            self.known.add(word.lower())

    def learn_interface(self, name: str) -> None:
        """Take note of an interface whose name somebody thought of, or that has a MAC in it."""
        if _STAND_IN.fullmatch(name):
            self._interfaces.stand_in(name)
        elif name and (not _USUAL_INTERFACE.fullmatch(name) or _NAMED_BY_MAC.fullmatch(name)):
            self.interfaces.add(name)

    def stand_in(self, name: str) -> str:
        """Write the stand-in of a host's or domain's name; a dot at its end stays."""
        return ".".join(self._labels.stand_in(_ascii(it)) if it else it for it in name.split("."))

    def stand_in_interface(self, name: str) -> str:
        """Write the stand-in of an interface's name; a usual one stays."""
        return self._interfaces.stand_in(name) if name in self.interfaces else name


def is_address(text: str) -> bool:
    """Whether a text is an address and nothing else."""
    try:
        ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


def _is_address(labels: list[str]) -> bool:
    """Whether this is an address, or one backwards: those are found without being known."""
    return labels[-1] == "arpa" or _is_number(labels[-1])


def _is_number(label: str) -> bool:
    return label.isdecimal() or label.startswith("0x")


def _wholes(labels: list[str]) -> list[str]:
    """A name and the domains that it is in, but none that is of stand-ins only."""
    most = max(len(labels) - 1, 1)
    found = [labels[n:] for n in range(most)]
    return [".".join(it) for it in found if not all(map(_STAND_IN.fullmatch, it))]


def _telling(label: str) -> bool:
    """Whether a label by itself may be looked for in texts."""
    plain = len(label) == 1 or label in _GENERIC or _is_number(label)
    return not plain and not _STAND_IN.fullmatch(label)


def _unicode(label: str) -> str:
    """A label as people write it, where it is one in disguise (RFC 3490)."""
    if not label.startswith("xn--"):
        return label
    try:
        return label.encode("ascii").decode("idna")
    except UnicodeError:
        return label


def _ascii(label: str) -> str:
    """A label as the DNS has it, so that both spellings have one stand-in."""
    if label.isascii():
        return label
    try:
        return label.encode("idna").decode("ascii")
    except UnicodeError:
        return label
