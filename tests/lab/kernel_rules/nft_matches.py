"""Matches of nft's rules, drawn so that they matter to our packets."""

from hypothesis import strategies as st

from tests.lab.kernel_rules.nft_words import (
    ADDRESSES,
    COMMON,
    DEVICES,
    MASKS,
    NAMES,
    PREFIXES,
    RANGES,
    SPORTS,
    UNDECIDABLE,
)
from tests.lab.kernel_rules.trials import PORTS


def matches(versions: tuple[int, ...], hook: str) -> st.SearchStrategy[str]:
    """Draw a match that is of use at a hook."""
    common = st.sampled_from([it for it in COMMON if _fits(it, versions)])
    addresses = [_of_address(version) for version in versions]
    seldom = st.sampled_from((*COMMON[:12], *UNDECIDABLE))
    choices = [*addresses, *addresses, _of_ports(), _of_ports(), common, common, common]
    return st.one_of(*choices, _of_devices(hook), _of_fib(hook), seldom)


def _fits(words: str, versions: tuple[int, ...]) -> bool:
    wanted = {"ip": 4, "ip6": 6}.get(words.partition(" ")[0])
    return wanted is None or wanted in versions


@st.composite
def _of_address(draw: st.DrawFn, version: int) -> str:
    name, own = NAMES[version], ADDRESSES[version]
    left = f"{name} {draw(st.sampled_from(('saddr', 'daddr')))}"
    one, other = draw(st.sampled_from(own)), draw(st.sampled_from(own))
    operator = draw(st.sampled_from(("", "", "!= ")))
    pick = st.sampled_from
    shapes = (
        f"{left} {operator}{one}",
        f"{left} {operator}{draw(pick(PREFIXES[version]))}",
        f"{left} {operator}{draw(pick(RANGES[version]))}",
        f"{left} {operator}{{ {one}, {other} }}" if one != other else f"{left} {one}",
        f"{left} {operator}@hosts{version}",
        f"{left} {operator}@nets{version}",
        f"{left} {operator}@gone{version}",
        f"{left} {draw(pick(('<', '>=', '>', '<=')))} {one}",
        f"{left} & {draw(pick(MASKS[version]))} {draw(pick(('==', '!=')))} {one}",
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
        f"tcp sport {operator}{draw(st.sampled_from(SPORTS))}",
        f"tcp dport & 1 == {draw(st.sampled_from((0, 1)))}",
        f"tcp sport . tcp dport {operator}{{ 1024-65535 . {one}, 1 . 1 }}",
        f"meta l4proto . th dport {operator}{{ tcp . {one}, udp . {other} }}",
    )
    return draw(st.sampled_from(shapes))


@st.composite
def _of_devices(draw: st.DrawFn, hook: str) -> str:
    sides = {"prerouting": ("iif",), "input": ("iif",), "output": ("oif",), "postrouting": ("oif",)}
    side = draw(st.sampled_from(sides.get(hook, ("iif", "oif"))))
    device, operator = draw(st.sampled_from(DEVICES)), draw(st.sampled_from(("", "!= ")))
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
        types = ("local", "unicast", "{ local, broadcast }", "{ multicast, broadcast }")
        end = draw(st.sampled_from(("daddr", "saddr")))
        return f"fib {end} type {operator}{draw(st.sampled_from(types))}"
    return "meta l4proto tcp"
