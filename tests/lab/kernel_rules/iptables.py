"""Rule sets of iptables and ip6tables, of both backends, one family at once or both.

Covered: the tables raw, mangle, nat, filter and security; policies, chains of the user's own, -j
and -g, RETURN; addresses with prefixes and masks, interfaces with +, protocols, ports, multiport,
flags and options of TCP, conntrack and state (states, SNAT, DNAT, direction, status, original
ends), mark, connmark, addrtype, iprange, pkttype, ttl, hl, dscp, rpfilter, comments that look like
options; all of them negated where they can be; MARK, CONNMARK, CT --notrack, DNAT, REDIRECT, SNAT,
MASQUERADE, REJECT of every type, LOG; limit, statistic, owner, recent, connlimit and hashlimit,
which nobody can decide.
"""

from collections.abc import Sequence

from hypothesis import strategies as st

from tests.lab.kernel_rules.nft_words import ADDRESSES
from tests.lab.kernel_rules.trials import OWN, PORTS, THEIRS, Commands

_TOOLS = {4: "iptables", 6: "ip6tables"}
_TABLES = {
    "raw": ("PREROUTING", "OUTPUT"),
    "mangle": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
    "filter": ("INPUT", "OUTPUT"),
    "security": ("INPUT", "OUTPUT"),
}
_PREFIXES = {
    4: ("192.0.2.0/24", "198.51.100.0/24", "10.0.0.0/8", "192.0.2.0/255.255.255.248"),
    6: ("2001:db8::/64", "2001:db8:1::/48", "fd00::/8", "2001:db8::/ffff:ffff::ffff"),
}
_RANGES = {4: "192.0.2.1-192.0.2.9", 6: "2001:db8::1-2001:db8::9"}
_REJECTS = {
    4: ("icmp-port-unreachable", "icmp-admin-prohibited", "icmp-host-unreachable", "tcp-reset"),
    6: ("icmp6-port-unreachable", "icmp6-adm-prohibited", "icmp6-no-route", "tcp-reset"),
}
_COMMON = (
    "-m conntrack --ctstate RELATED,ESTABLISHED",
    "-m conntrack --ctstate NEW",
    "-m conntrack ! --ctstate NEW",
    "-m conntrack --ctstate INVALID",
    "-m conntrack --ctstate UNTRACKED,NEW",
    "-m conntrack --ctstate DNAT",
    "-m conntrack --ctstate SNAT,ESTABLISHED",
    "-m conntrack ! --ctstate DNAT",
    "-m conntrack --ctdir ORIGINAL",
    "-m conntrack --ctstate NEW --ctdir REPLY",
    "-m conntrack --ctstatus SEEN_REPLY",
    "-m conntrack ! --ctstatus ASSURED",
    "-m conntrack -p tcp --ctorigdstport 22",
    "-m conntrack -p tcp --ctproto 6 --ctorigdstport 22:443",
    "-m state --state NEW",
    "-m state --state ESTABLISHED",
    "-m mark --mark 5",
    "-m mark ! --mark 5",
    "-m mark --mark 0x10/0x10",
    "-m mark --mark 0/0x4",
    "-m connmark --mark 7",
    "-m connmark ! --mark 7/0xff",
    "-m connmark --mark 0",
    "-m pkttype --pkt-type unicast",
    "-m pkttype ! --pkt-type unicast",
    "-p tcp -m tcp --syn",
    "-p tcp -m tcp ! --syn",
    "-p tcp -m tcp --tcp-flags SYN,ACK SYN,ACK",
    "-p tcp -m tcp --tcp-flags ALL SYN",
    "-p tcp -m tcp --tcp-flags ACK NONE",
    "-p tcp -m tcp --tcp-option 2",
    "-p tcp",
    "! -p tcp",
    "-p udp -m udp --dport 22",
    '-m comment --comment "-j ACCEPT"',
)
_OF_FAMILY = {
    4: (
        "-m dscp --dscp 0",
        "-m ttl --ttl-eq 64",
        "-m ttl --ttl-lt 5",
        "-p icmp -m icmp --icmp-type 8",
        "! -f",
    ),
    6: (
        "-m dscp ! --dscp 0x2e",
        "-m hl --hl-gt 5",
        "-m hl --hl-eq 255",
        "-p icmpv6 -m icmp6 --icmpv6-type 128",
    ),
}
_UNDECIDABLE = (
    "-m limit --limit 1000/sec",
    "-m statistic --mode random --probability 0.5",
    "-m statistic --mode nth --every 2 --packet 0",
    "-p tcp -m connlimit --connlimit-above 100",
    "-m hashlimit --hashlimit-upto 1000/sec --hashlimit-name x",
    "-m recent --name x --rcheck --seconds 60",
)
_MARKS = (
    "-j MARK --set-mark 5",
    "-j MARK --or-mark 0x10",
    "-j MARK --and-mark 0xffffffef",
    "-j MARK --xor-mark 0x14",
    "-j CONNMARK --set-mark 7",
    "-j CONNMARK --save-mark",
    "-j CONNMARK --restore-mark",
)
_TYPES = ("LOCAL", "UNICAST", "MULTICAST")
_DEVICES = ("eth0", "lo", "eth+", "wan0", "+")


@st.composite
def rule_sets(draw: st.DrawFn, backend: str) -> Commands:
    """Draw what iptables-restore, ip6tables-restore, or both take, for one of the backends."""
    versions = draw(st.sampled_from(((4,), (6,), (4, 6))))
    return [
        ([f"{_TOOLS[version]}-{backend}-restore"], "".join(draw(_tables(version))))
        for version in versions
    ]


@st.composite
def _tables(draw: st.DrawFn, version: int) -> list[str]:
    names = draw(
        st.lists(st.sampled_from(("filter", *_TABLES)), min_size=1, max_size=3, unique=True)
    )
    texts = [draw(_table(version, name)) for name in names]
    if draw(st.integers(0, 4)) == 0:
        texts.append(draw(_translating(version)))
    return texts


@st.composite
def _table(draw: st.DrawFn, version: int, table: str) -> str:
    hooks = _TABLES[table]
    subs = [f"sub{at}" for at in range(draw(st.integers(0, 2)))]
    policies = {it: draw(st.sampled_from(("ACCEPT", "ACCEPT", "ACCEPT", "DROP"))) for it in hooks}
    if table != "filter":
        policies = dict.fromkeys(hooks, "ACCEPT")
    lines = [f"*{table}", *(f":{it} {policy} [0:0]" for it, policy in policies.items())]
    lines += [f":{it} - [0:0]" for it in subs]
    for at, sub in enumerate(subs):
        for _ in range(draw(st.integers(0, 3))):
            lines.append(f"-A {sub} {draw(_rule(version, table, '', subs[:at]))}")
    for hook in hooks:
        for _ in range(draw(st.integers(0, 4))):
            lines.append(f"-A {hook} {draw(_rule(version, table, hook, subs))}")
    return "\n".join([*lines, "COMMIT", ""])


@st.composite
def _rule(draw: st.DrawFn, version: int, table: str, hook: str, subs: Sequence[str]) -> str:
    """Basic options once each, then a module or two."""
    words = draw(
        st.lists(st.sampled_from(("-s", "-d", "device", "ports")), max_size=2, unique=True)
    )
    basics = [draw(_basic(it, version, hook)) for it in words]
    modules = draw(
        st.lists(_module(version, table, hook), max_size=2 - len(words) // 2, unique=True)
    )
    if sum("-p " in it for it in (*basics, *modules)) > 1:
        modules = []
    target = draw(_target(version, table, hook, subs, [*basics, *modules]))
    return " ".join([*basics, *modules, target])


@st.composite
def _basic(draw: st.DrawFn, option: str, version: int, hook: str) -> str:
    negated = draw(st.sampled_from(("", "", "! ")))
    if option == "device":
        side = {"PREROUTING": "-i", "INPUT": "-i", "OUTPUT": "-o", "POSTROUTING": "-o"}.get(hook)
        device = draw(st.sampled_from(_DEVICES))
        negated = "" if device == "+" else negated  # iptables-save leaves "! -i +" out
        return f"{negated}{side} {device}" if side else ""
    if option == "ports":
        return draw(_ports(negated))
    return f"{negated}{option} {draw(st.sampled_from((*ADDRESSES[version], *_PREFIXES[version])))}"


@st.composite
def _ports(draw: st.DrawFn, negated: str) -> str:
    one, other = draw(st.sampled_from(PORTS)), draw(st.sampled_from(PORTS))
    low, high = sorted((one, other))
    shapes = (
        f"-p tcp -m tcp {negated}--dport {one}",
        f"-p tcp -m tcp {negated}--sport {one}",
        f"-p tcp -m tcp {negated}--dport {low}:{high}",
        "-p tcp -m tcp --sport 1024:",
        f"-p tcp -m multiport {negated}--dports {one},{other},5000:6000",
        f"-p tcp -m multiport {negated}--sports {one},{low}:{high}",
        f"-p tcp -m multiport {negated}--ports {one},9999",
    )
    return draw(st.sampled_from(shapes))


def _module(version: int, table: str, hook: str) -> st.SearchStrategy[str]:
    common, own = st.sampled_from(_COMMON), st.sampled_from(_OF_FAMILY[version])
    choices = [common, common, common, common, own, _of_types(), _of_ends(version)]
    if table in {"raw", "mangle"} and hook == "PREROUTING":
        choices.append(st.sampled_from(("-m rpfilter --invert", "-m rpfilter")))
    if hook in {"OUTPUT", "POSTROUTING"}:
        choices.append(st.sampled_from((*_COMMON, "-m owner --uid-owner 0")))
    choices.append(st.sampled_from((*_COMMON, *_UNDECIDABLE)))
    return st.one_of(choices)


@st.composite
def _of_types(draw: st.DrawFn) -> str:
    side, negated = draw(st.sampled_from(("src", "dst"))), draw(st.sampled_from(("", "! ")))
    types = draw(st.sampled_from((*_TYPES, "LOCAL,UNICAST")))
    return f"-m addrtype {negated}--{side}-type {types}"


@st.composite
def _of_ends(draw: st.DrawFn, version: int) -> str:
    side, negated = draw(st.sampled_from(("src", "dst"))), draw(st.sampled_from(("", "! ")))
    end = draw(st.sampled_from(ADDRESSES[version]))
    shapes = (
        f"-m iprange {negated}--{side}-range {_RANGES[version]}",
        f"-m conntrack {negated}--ctorigdst {end}",
    )
    return draw(st.sampled_from(shapes))


def _target(
    version: int, table: str, hook: str, subs: Sequence[str], words: Sequence[str]
) -> st.SearchStrategy[str]:
    accept, drop = st.just("-j ACCEPT"), st.just("-j DROP")
    choices = [accept, accept, drop, drop, st.sampled_from(("-j RETURN", "-j LOG", ""))]
    if subs:
        choices.append(st.sampled_from([f"{way} {it}" for way in ("-j", "-g") for it in subs]))
    if table == "filter" and hook:
        types = [it for it in _REJECTS[version] if it != "tcp-reset" or _is_tcp(words)]
        choices.append(st.sampled_from([f"-j REJECT --reject-with {it}" for it in types]))
    if table == "mangle":
        choices += [st.sampled_from(_MARKS)] * 2
    if table == "raw":
        choices.append(st.just("-j CT --notrack"))
    return st.one_of(choices)


def _is_tcp(words: Sequence[str]) -> bool:
    return any("-p tcp" in it and "! -p" not in it for it in words)


@st.composite
def _translating(draw: st.DrawFn, version: int) -> str:
    there = THEIRS[version][0]
    bracketed = f"[{there}]" if version == 6 else there
    port = draw(st.sampled_from(PORTS))
    rules = (
        f"-A OUTPUT -p tcp -m tcp --dport {port} -j DNAT --to-destination {there}",
        f"-A OUTPUT -p tcp -m tcp --dport {port} -j DNAT --to-destination {bracketed}:22",
        f"-A OUTPUT -p tcp -m tcp --dport {port} -j REDIRECT --to-ports 5432",
        f"-A PREROUTING -p tcp -m tcp --dport {port} -j REDIRECT --to-ports 22",
        f"-A PREROUTING -p tcp -j DNAT --to-destination {OWN[version][0]}",
        "-A POSTROUTING -o eth0 -j MASQUERADE",
        f"-A POSTROUTING -j SNAT --to-source {OWN[version][1]}",
        f"-A INPUT -p tcp -j SNAT --to-source {there}",
    )
    chosen = draw(st.lists(st.sampled_from(rules), min_size=1, max_size=2, unique=True))
    hooks = ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING")
    return "\n".join(["*nat", *(f":{it} ACCEPT [0:0]" for it in hooks), *chosen, "COMMIT", ""])
