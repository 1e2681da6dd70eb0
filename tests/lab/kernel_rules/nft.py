"""Rule sets of nft, drawn so that the kernel takes them and that they matter to our packets.

Covered: the families ip, ip6, inet and netdev; base chains at every hook but forward, several at
one hook and at one priority, from raw to after the source translation; policies; jumps, gotos,
returns, verdict maps; addresses, ports, interfaces, marks, protocols, flags and states, compared
(==, !=, <, >=), as ranges, prefixes, wildcards, masks, anonymous and named sets, interval sets,
concatenations and maps; connection states, status, direction and mark; options of TCP; fib; marks
that are set, from maps too; notrack; dnat, redirect, snat and masquerade; rejects of every type;
whole host firewalls as people write them (established first, a list of what is allowed for whom, a
blocklist, the rest dropped or rejected), and such that let a client's SYN in and its ACK not;
limits, quotas, numgen, random and user ids, which nobody can decide.
"""

from hypothesis import strategies as st

from tests.lab.kernel_rules.nft_matches import matches
from tests.lab.kernel_rules.nft_words import (
    ADDRESSES,
    ICMP,
    KINDS,
    NAMES,
    OTHER_PROTOCOLS,
    PREFIXES,
    PRIORITIES,
)
from tests.lab.kernel_rules.trials import OWN, PORTS, THEIRS

_USUAL = "ct state vmap { established : accept, related : accept, invalid : drop }"
_FOR_THE_ACK = (
    "ct direction reply ct state established accept",
    "ct state established counter drop",
    "tcp flags & (syn | ack) == ack ct direction original counter drop",
    "tcp option maxseg exists accept",
)
"""What the ACK meets that ends a client's handshake, and its SYN does not."""


@st.composite
def host_firewalls(draw: st.DrawFn) -> str:
    """Draw a firewall as a person writes one for a host: in by a list, out but for a blocklist."""
    allowed = draw(st.lists(st.sampled_from(PORTS), min_size=1, max_size=3, unique=True))
    trusted = draw(st.sampled_from(("", f"ip saddr {PREFIXES[4][0]} ", "ip6 saddr @nets6 ")))
    rest = draw(st.sampled_from(("drop", "reject", "reject with icmpx type admin-prohibited", "")))
    policy = draw(st.sampled_from(("drop", "accept")))
    blocked = draw(st.sampled_from(("ip daddr @hosts4", "ip6 daddr @nets6", "tcp dport 80-443")))
    lines = [
        *_named((4, 6)),
        "chain allowed {",
        f"{trusted}tcp dport {{ {', '.join(map(str, allowed))} }} counter accept",
        draw(st.sampled_from(("", "ip saddr @gone4 counter drop", 'iifname "wan*" return'))),
        "}",
        "chain in {",
        f"type filter hook input priority 0; policy {policy};",
        draw(st.sampled_from((_USUAL, _USUAL, *_FOR_THE_ACK))),
        'iifname "lo" counter accept',
        "meta l4proto { icmp, ipv6-icmp } counter accept",
        "ct state new counter jump allowed",
        f"counter {rest}",
        "}",
        "chain out {",
        "type filter hook output priority 0; policy accept;",
        f"{blocked} counter {draw(st.sampled_from(('drop', 'reject', 'accept')))}",
        "}",
    ]
    return "table inet host {\n" + "\n".join(lines) + "\n}\n"


@st.composite
def rule_sets(draw: st.DrawFn) -> str:
    """Draw a whole rule set, one to three tables."""
    families = draw(
        st.lists(st.sampled_from(("inet", "inet", "ip", "ip6")), min_size=1, max_size=3)
    )
    tables = [draw(_table(family, f"t{at}")) for at, family in enumerate(families)]
    if draw(st.integers(0, 9)) == 0:
        tables.append(draw(_device_table()))
    return "\n".join(tables)


def _versions(family: str) -> tuple[int, ...]:
    return {"ip": (4,), "ip6": (6,)}.get(family, (4, 6))


@st.composite
def _table(draw: st.DrawFn, family: str, name: str) -> str:
    versions = _versions(family)
    subs = [f"sub{at}" for at in range(draw(st.integers(0, 2)))]
    bases = draw(st.lists(_base(), min_size=1, max_size=3))
    lines = [*_named(versions)]
    for at, sub in enumerate(subs):
        rules = draw(st.lists(_rule(versions, "", tuple(subs[:at])), max_size=3))
        lines += [f"chain {sub} {{", *rules, "}"]
    for at, (hook, priority, policy) in enumerate(bases):
        rules = draw(st.lists(_rule(versions, hook, tuple(subs), priority), max_size=5))
        head = f"type filter hook {hook} priority {priority}; policy {policy};"
        lines += [f"chain b{at} {{", head, *rules, "}"]
    if draw(st.integers(0, 4)) == 0:
        lines += draw(_translation(versions))
    return f"table {family} {name} {{\n" + "\n".join(lines) + "\n}\n"


@st.composite
def _base(draw: st.DrawFn) -> tuple[str, int, str]:
    hook = draw(
        st.sampled_from(("input", "input", "output", "output", "prerouting", "postrouting"))
    )
    policy = draw(st.sampled_from(("accept", "accept", "accept", "drop")))
    return hook, draw(st.sampled_from(PRIORITIES[hook])), policy


def _named(versions: tuple[int, ...]) -> list[str]:
    """Define the sets and maps that rules of the table may name."""
    lines = [
        "set ports { type inet_service; elements = { 22, 5432 }; }",
        "set spans { type inet_service; flags interval; elements = { 80-443, 5000-6000 }; }",
        "set names { type ifname; elements = { eth0, wan0 }; }",
        "set nobody { type inet_service; }",
        "map verdicts { type inet_service : verdict; elements = { 22 : accept, 443 : drop }; }",
        "map marks { type inet_service : mark; elements = { 22 : 5, 80 : 0x10 }; }",
    ]
    for version in versions:
        one, _, two, three, *_, other = ADDRESSES[version]
        narrow, wide = PREFIXES[version][:2]
        host, pair = KINDS[version], f"{KINDS[version]} . inet_service"
        sets = {
            "hosts": (host, "", f"{one}, {two}"),
            "nets": (host, "flags interval;", f"{wide}, {two}"),
            "pairs": (pair, "", f"{two} . 22, {one} . 5432"),
            "wide": (pair, "flags interval;", f"{narrow} . 80-443, {three} . 22"),
            "gone": (host, "flags timeout;", f"{other} timeout 1h"),
        }
        for name, (kind, flags, elements) in sets.items():
            body = f"type {kind}; {flags} elements = {{ {elements} }};"
            lines.append(f"set {name}{version} {{ {body} }}")
    return lines


@st.composite
def _rule(
    draw: st.DrawFn, versions: tuple[int, ...], hook: str, subs: tuple[str, ...], priority: int = 0
) -> str:
    count = draw(st.sampled_from((0, 1, 1, 1, 2, 2, 3)))
    if count == 0 and draw(st.booleans()):  # nothing of TCP may stand beside these
        return f"{draw(st.sampled_from(OTHER_PROTOCOLS))} counter drop"
    one = (draw(st.sampled_from(versions)),)
    words = [draw(matches(one, hook)) for _ in range(count)]
    wide = versions if not count else one
    plain = all(it.split()[0] not in {"ip", "ip6", "ct"} for it in words)
    ending = draw(_ending(versions if plain else wide, hook, subs, priority))
    return " ".join([*words, "counter", ending])


def _ending(
    versions: tuple[int, ...], hook: str, subs: tuple[str, ...], priority: int
) -> st.SearchStrategy[str]:
    accept, drop = st.just("accept"), st.just("drop")
    rest = st.sampled_from(("return", "continue", "", "accept"))
    choices = [accept, accept, drop, drop, rest, _verdict_map(subs), _change(hook, priority)]
    if hook in {"input", "output"}:
        choices.append(_reject(versions))
    if subs:
        choices.append(st.sampled_from([f"{way} {it}" for way in ("jump", "goto") for it in subs]))
    return st.one_of(choices)


@st.composite
def _reject(draw: st.DrawFn, versions: tuple[int, ...]) -> str:
    pick = st.sampled_from
    types = [f"icmp type {it}" for it in ICMP[4] if 4 in versions]
    types += [f"icmpv6 type {it}" for it in ICMP[6] if 6 in versions]
    if len(versions) > 1:
        types += [f"icmpx type {it}" for it in ("admin-prohibited", "no-route", "port-unreachable")]
    return draw(pick(("reject", "reject with tcp reset", f"reject with {draw(pick(types))}")))


@st.composite
def _verdict_map(draw: st.DrawFn, subs: tuple[str, ...]) -> str:
    verdicts = ["accept", "drop", "return", "continue", *(f"jump {it}" for it in subs)]
    one, two = draw(st.sampled_from(verdicts)), draw(st.sampled_from(verdicts))
    shapes = (
        f"tcp dport vmap {{ 22 : {one}, 80-443 : {two} }}",
        f"ct state vmap {{ new : {one}, established : {two}, invalid : drop }}",
        f'iifname vmap {{ "lo" : {one}, "eth0" : {two} }}',
        f"tcp dport vmap {{ 5432 : {one}, * : {two} }}",
        "tcp dport vmap @verdicts",
        f"meta mark . tcp dport vmap {{ 0 . 22 : {one}, 5 . 443 : {two} }}",
    )
    return draw(st.sampled_from(shapes))


@st.composite
def _change(draw: st.DrawFn, hook: str, priority: int) -> str:
    changes = [
        "meta mark set 5",
        "meta mark set meta mark | 0x10",
        "meta mark set meta mark & 0xffffffef",
        "meta mark set tcp dport map @marks",
        "meta mark set tcp dport map { 22 : 7, 5432 : 5 } accept",
        "meta mark set ct mark",
        "ct mark set 7",
        "ct mark set meta mark",
    ]
    if priority <= -300 and hook in {"prerouting", "output"}:
        changes += ["notrack", "notrack", "notrack"]
    return draw(st.sampled_from(changes))


@st.composite
def _translation(draw: st.DrawFn, versions: tuple[int, ...]) -> list[str]:
    """A chain that translates, at a hook and with a priority of its own."""
    hook = draw(st.sampled_from(("output", "prerouting", "postrouting", "input")))
    version = draw(st.sampled_from(versions))
    name = NAMES[version]
    word = f"{name} " if len(versions) > 1 else ""
    port = draw(st.sampled_from(PORTS))
    there = f"[{THEIRS[6][0]}]" if version == 6 else THEIRS[4][0]
    targets = {
        "output": [
            f"dnat {word}to {THEIRS[version][0]}",
            f"dnat {word}to {there}:22",
            "redirect to :5432",
            "redirect",
        ],
        "prerouting": [f"dnat {word}to {OWN[version][0]}", "redirect to :5432", "redirect to :22"],
        "postrouting": ["masquerade", f"snat {word}to {OWN[version][1]}"],
        "input": [f"snat {word}to {THEIRS[version][0]}"],
    }
    match = draw(st.sampled_from((f"tcp dport {port}", f"{name} protocol tcp tcp dport != {port}")))
    match = match.replace("ip6 protocol", "ip6 nexthdr")
    priority = draw(st.sampled_from((-100, -50, 0, 100)))
    head = f"type nat hook {hook} priority {priority}; policy accept;"
    target = draw(st.sampled_from(targets[hook]))
    return ["chain translating {", head, f"{match} counter {target}", "}"]


@st.composite
def _device_table(draw: st.DrawFn) -> str:
    """Rules at the device itself, before everything that comes in and after all that goes out."""
    hook = draw(st.sampled_from(("ingress", "egress")))
    matches = (
        "tcp dport 22",
        "ip saddr 198.51.100.0/24",
        "tcp sport 443",
        "tcp flags == syn",
        "ip6 nexthdr tcp",
    )
    rules = draw(st.lists(st.sampled_from(matches), min_size=1, max_size=2))
    device = draw(st.sampled_from(("eth0", "lo")))
    lines = "\n".join(f"{it} counter {draw(st.sampled_from(('accept', 'drop')))}" for it in rules)
    head = f'type filter hook {hook} device "{device}" priority 0; policy accept;'
    return f"table netdev gear {{\nchain d {{\n{head}\n{lines}\n}}\n}}\n"
