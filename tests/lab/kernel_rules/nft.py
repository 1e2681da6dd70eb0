"""Rule sets of nft, drawn so that the kernel takes them and that they matter to our packets.

Covered: the families ip, ip6, inet and netdev; base chains at every hook but forward, several at
one hook and at one priority, from raw to after the source translation; policies; jumps, gotos,
returns, verdict maps; addresses, ports, interfaces, marks, protocols, flags and states, compared
(==, !=, <, >=), as ranges, prefixes, wildcards, masks, anonymous and named sets, interval sets,
concatenations and maps; connection states, status, direction and mark; options of TCP; fib; marks
that are set, from maps too; notrack; dnat, redirect, snat and masquerade; rejects of every type;
limits, quotas, numgen, random and user ids, which nobody can decide.
"""

from hypothesis import strategies as st

from tests.lab.kernel_rules.ground import LOOPBACK, OWN, PORTS, THEIRS

_OTHERS = {4: ("198.51.100.200", "192.0.2.77"), 6: ("2001:db8:1::77", "2001:db8::77")}
_PREFIXES = {
    4: ("192.0.2.0/24", "198.51.100.0/24", "192.0.2.0/29", "0.0.0.0/0", "10.0.0.0/8", "127.0.0.0/8"),
    6: ("2001:db8::/64", "2001:db8:1::/48", "2001:db8::/32", "::/0", "fd00::/8", "::1/128"),
}
_RANGES = {
    4: ("192.0.2.1-192.0.2.9", "198.51.100.0-203.0.113.255", "1.0.0.0-126.255.255.255"),
    6: ("2001:db8::1-2001:db8::9", "2001:db8:1::-2001:db8:2::ffff"),
}
_MASKS = {4: ("255.255.255.0", "0.0.0.255", "255.0.255.0"), 6: ("ffff:ffff:ffff:ffff::", "::ffff")}
_NAMES = {4: "ip", 6: "ip6"}
_KINDS = {4: "ipv4_addr", 6: "ipv6_addr"}
ADDRESSES = {it: (*OWN[it], *THEIRS[it], LOOPBACK[it], *_OTHERS[it]) for it in (4, 6)}
_ICMP = {
    4: ("host-unreachable", "net-unreachable", "port-unreachable", "admin-prohibited"),
    6: ("no-route", "admin-prohibited", "addr-unreachable", "port-unreachable", "policy-fail"),
}
_PRIORITIES = {
    "prerouting": (-300, -250, -150, -50, 0, 10),
    "input": (-300, -10, 0, 0, 0, 10, 50),
    "output": (-300, -250, -150, -50, 0, 0, 0, 10),
    "postrouting": (-150, 0, 50, 90),
}
_COMMON = (
    "ct state established,related",
    "ct state new",
    "ct state invalid",
    "ct state != new",
    "ct state { new, untracked }",
    "ct state ! established",
    "ct state untracked",
    "ct state & (new | established) == new",
    "ct direction reply",
    "ct direction original",
    "ct status dnat",
    "ct status snat,dnat",
    "ct status & seen-reply != 0",
    "ct mark 0",
    "ct mark 7",
    "ct mark & 0x7 == 0x7",
    "ct mark != 7",
    "meta mark 0",
    "meta mark 5",
    "meta mark != 5",
    "meta mark & 0x10 == 0x10",
    "meta mark { 5, 0x10 }",
    "meta mark 1-10",
    "meta mark > 4",
    "meta l4proto tcp",
    "meta l4proto { tcp, udp }",
    "meta pkttype host",
    "meta pkttype { broadcast, multicast }",
    "tcp flags syn",
    "tcp flags == syn",
    "tcp flags != syn",
    "tcp flags syn / fin,syn,rst,ack",
    "tcp flags & (syn | ack) == syn | ack",
    "tcp flags & ack != 0",
    "tcp flags ! ack",
    "tcp flags { syn, ack }",
    "tcp option maxseg exists",
    "tcp option maxseg missing",
    "ip protocol tcp",
    "ip ttl 64",
    "ip ttl < 5",
    "ip dscp cs0",
    "ip6 nexthdr tcp",
    "ip version 4",
    "ip frag-off & 0x1fff != 0",
)
_UNDECIDABLE = (
    "limit rate 10000/second",
    "limit rate over 100000/second",
    "meta random >= 2147483648",
    "numgen inc mod 2 0",
    "quota over 100 mbytes",
    "meta skuid 0",
    "meta cgroup 0",
    "tcp window > 5",
)
_OTHER_PROTOCOLS = (
    "udp dport != 1",
    "icmp type echo-request",
    "meta l4proto { udp, icmp, ipv6-icmp }",
    "meta l4proto != tcp",
)
_SPORTS = ("1-65535", "20000-40000", "40001-65535", "25")
_DEVICES = ("eth0", "lo", "eth*", "wan0", "*0")


@st.composite
def rule_sets(draw: st.DrawFn) -> str:
    """Draw a whole rule set, one to three tables."""
    families = draw(st.lists(st.sampled_from(("inet", "inet", "ip", "ip6")), min_size=1, max_size=3))
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
    hook = draw(st.sampled_from(("input", "input", "output", "output", "prerouting", "postrouting")))
    policy = draw(st.sampled_from(("accept", "accept", "accept", "drop")))
    return hook, draw(st.sampled_from(_PRIORITIES[hook])), policy


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
        kind, addresses = _KINDS[version], ADDRESSES[version]
        lines += [
            f"set hosts{version} {{ type {kind}; elements = {{ {addresses[2]}, {addresses[0]} }}; }}",
            f"set nets{version} {{ type {kind}; flags interval; "
            f"elements = {{ {_PREFIXES[version][1]}, {addresses[2]} }}; }}",
            f"set pairs{version} {{ type {kind} . inet_service; "
            f"elements = {{ {addresses[2]} . 22, {addresses[0]} . 5432 }}; }}",
            f"set wide{version} {{ type {kind} . inet_service; flags interval; "
            f"elements = {{ {_PREFIXES[version][0]} . 80-443, {addresses[3]} . 22 }}; }}",
            f"set gone{version} {{ type {kind}; flags timeout; "
            f"elements = {{ {addresses[-1]} timeout 1h }}; }}",
        ]
    return lines


@st.composite
def _rule(
    draw: st.DrawFn, versions: tuple[int, ...], hook: str, subs: tuple[str, ...], priority: int = 0
) -> str:
    count = draw(st.sampled_from((0, 1, 1, 1, 2, 2, 3)))
    if count == 0 and draw(st.booleans()):  # nothing of TCP may stand beside these
        return f"{draw(st.sampled_from(_OTHER_PROTOCOLS))} counter drop"
    one = (draw(st.sampled_from(versions)),)
    matches = [draw(_match(one, hook)) for _ in range(count)]
    wide = versions if not count else one
    plain = all(it.split()[0] not in {"ip", "ip6", "ct"} for it in matches)
    ending = draw(_ending(versions if plain else wide, hook, subs, priority))
    return " ".join([*matches, "counter", ending])


@st.composite
def _match(draw: st.DrawFn, versions: tuple[int, ...], hook: str) -> str:
    kind = draw(st.integers(0, 19))
    if kind < 6:
        return draw(_of_address(draw(st.sampled_from(versions))))
    if kind < 11:
        return draw(_of_ports())
    if kind < 13:
        return draw(_of_devices(hook))
    if kind < 14:
        return draw(_of_fib(hook))
    if kind == 14 and draw(st.booleans()):
        return draw(st.sampled_from(_UNDECIDABLE))
    words = st.sampled_from([it for it in _COMMON if _fits(it, versions)])
    return draw(words)


def _fits(words: str, versions: tuple[int, ...]) -> bool:
    header = words.split()[0]
    wanted = {"ip": 4, "icmp": 4, "ip6": 6}.get(header)
    return wanted is None or wanted in versions


@st.composite
def _of_address(draw: st.DrawFn, version: int) -> str:
    name, own = _NAMES[version], ADDRESSES[version]
    left = f"{name} {draw(st.sampled_from(('saddr', 'daddr')))}"
    one, other = draw(st.sampled_from(own)), draw(st.sampled_from(own))
    operator = draw(st.sampled_from(("", "", "!= ")))
    pick = st.sampled_from
    shapes = (
        f"{left} {operator}{one}",
        f"{left} {operator}{draw(pick(_PREFIXES[version]))}",
        f"{left} {operator}{draw(pick(_RANGES[version]))}",
        f"{left} {operator}{{ {one}, {other} }}" if one != other else f"{left} {one}",
        f"{left} {operator}@hosts{version}",
        f"{left} {operator}@nets{version}",
        f"{left} {operator}@gone{version}",
        f"{left} {draw(pick(('<', '>=', '>', '<=')))} {one}",
        f"{left} & {draw(pick(_MASKS[version]))} {draw(pick(('==', '!=')))} {one}",
        f"{left} . tcp dport {operator}@pairs{version}",
        f"{left} . tcp dport {operator}@wide{version}",
        f"{left} . tcp dport {operator}{{ {one} . 22, {one} . 443 }}",
        f"{left} . meta mark {operator}{{ {one} . 5, {one} . 0 }}",
        f"ct original {name} daddr {one}",
        f"ct original {name} saddr {operator}{one}",
    )
    return draw(st.sampled_from(shapes))


@st.composite
def _of_ports(draw: st.DrawFn) -> str:
    operator = draw(st.sampled_from(("", "", "", "!= ")))
    one, other = draw(st.sampled_from(PORTS)), draw(st.sampled_from(PORTS))
    header = draw(st.sampled_from(("tcp", "tcp", "th")))
    shapes = (
        f"{header} dport {operator}{one}",
        f"{header} dport {operator}{one}",
        f"{header} sport {operator}{one}",
        f"{header} dport {operator}{{ {one}, {other}, 9999 }}" if one != other else "tcp dport 22",
        f"{header} dport {operator}{min(one, other)}-{max(one, other) + 1}",
        f"{header} dport {operator}@ports",
        f"{header} dport {operator}@spans",
        f"{header} sport {operator}@spans",
        f"{header} dport {operator}@nobody",
        f"{header} dport {draw(st.sampled_from(('<', '>=', '>', '<=')))} {one}",
        f"tcp sport {operator}{draw(st.sampled_from(_SPORTS))}",
        f"tcp dport & 1 == {draw(st.sampled_from((0, 1)))}",
        f"tcp sport . tcp dport {operator}{{ 1024-65535 . {one}, 1 . 1 }}",
        f"meta l4proto . th dport {operator}{{ tcp . {one}, udp . {other} }}",
    )
    return draw(st.sampled_from(shapes))


@st.composite
def _of_devices(draw: st.DrawFn, hook: str) -> str:
    sides = {"prerouting": ("iif",), "input": ("iif",), "output": ("oif",), "postrouting": ("oif",)}
    side = draw(st.sampled_from(sides.get(hook, ("iif", "oif"))))
    device, operator = draw(st.sampled_from(_DEVICES)), draw(st.sampled_from(("", "!= ")))
    shapes = (
        f'{side}name {operator}"{device}"',
        f"{side} {operator}{draw(st.sampled_from(('lo', 'eth0')))}",
        f'{side}name {operator}{{ "eth0", "wan0" }}',
        f'{side}name {operator}{{ "wan*", "lo" }}',
        f"{side}name {operator}@names",
        f'{side}name . tcp dport {operator}{{ "eth0" . 22, "lo" . 443 }}',
    )
    return draw(st.sampled_from(shapes))


@st.composite
def _of_fib(draw: st.DrawFn, hook: str) -> str:
    operator = draw(st.sampled_from(("", "!= ")))
    if hook in {"prerouting", "input"} and draw(st.booleans()):
        return f"fib saddr . iif oif {draw(st.sampled_from(('missing', 'exists')))}"
    if hook in {"prerouting", "input", "output"}:
        words = ("local", "unicast", "{ local, broadcast }", "{ multicast, broadcast }")
        return f"fib {draw(st.sampled_from(('daddr', 'saddr')))} type {operator}{draw(st.sampled_from(words))}"
    return "meta l4proto tcp"


@st.composite
def _ending(
    draw: st.DrawFn, versions: tuple[int, ...], hook: str, subs: tuple[str, ...], priority: int
) -> str:
    kind = draw(st.integers(0, 19))
    if kind < 6:
        return "accept"
    if kind < 11:
        return "drop"
    if kind < 13 and hook in {"input", "output"}:
        return draw(_reject(versions))
    if kind < 15 and subs:
        return f"{draw(st.sampled_from(('jump', 'goto')))} {draw(st.sampled_from(subs))}"
    if kind < 16:
        return draw(_verdict_map(subs))
    if kind < 18:
        return draw(_change(hook, priority))
    return draw(st.sampled_from(("return", "continue", "", "accept")))


@st.composite
def _reject(draw: st.DrawFn, versions: tuple[int, ...]) -> str:
    pick = st.sampled_from
    types = [f"icmp type {it}" for it in _ICMP[4] if 4 in versions]
    types += [f"icmpv6 type {it}" for it in _ICMP[6] if 6 in versions]
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
    name = _NAMES[version]
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
    matches = ("tcp dport 22", "ip saddr 198.51.100.0/24", "tcp sport 443", "tcp flags == syn", "ip6 nexthdr tcp")
    rules = draw(st.lists(st.sampled_from(matches), min_size=1, max_size=2))
    device = draw(st.sampled_from(("eth0", "lo")))
    lines = "\n".join(f"{it} counter {draw(st.sampled_from(('accept', 'drop')))}" for it in rules)
    head = f'type filter hook {hook} device "{device}" priority 0; policy accept;'
    return f"table netdev gear {{\nchain d {{\n{head}\n{lines}\n}}\n}}\n"
