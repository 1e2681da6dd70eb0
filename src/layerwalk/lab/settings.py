"""A host's spec as kernel settings: what to write under /proc/sys and what to tell ip."""

from pathlib import Path

from layerwalk.lab import tools
from layerwalk.lab.errors import LabError
from layerwalk.lab.interfaces import await_carrier, switch_off_offloads
from layerwalk.lab.spec import End, Family, Host, Network, Route, RouteType, Rule, family_of
from layerwalk.lab.tracked import fill

SCOPES = ("all", "default")


def base_sysctls(host: Host) -> list[tuple[str, str]]:
    """Return what must be set before the first interface comes: forwarding, no DAD."""
    forward = "1" if host.router else "0"
    found = [("net.ipv4.ip_forward", forward)]
    for scope in SCOPES:
        found += [
            (f"net.ipv4.conf.{scope}.rp_filter", "0"),
            (f"net.ipv6.conf.{scope}.disable_ipv6", "0"),
            (f"net.ipv6.conf.{scope}.accept_dad", "0"),
            (f"net.ipv6.conf.{scope}.accept_ra", "0"),
            (f"net.ipv6.conf.{scope}.forwarding", forward),
        ]
    return found


def write_sysctls(pairs: list[tuple[str, str]]) -> None:
    """Write kernel settings of the calling process's network namespace; LabError where refused."""
    for name, value in pairs:
        path = Path("/proc/sys", name.replace(".", "/"))
        try:
            path.write_text(value, encoding="ascii")
        except OSError as error:
            raise LabError(f"sysctl {name}={value}: {error.strerror}") from error


def configure(network: Network, host: Host) -> None:
    """Give the calling process's network namespace the host's addresses, routes and rules."""
    ends = network.ends(host.name)
    switch_off_offloads(["lo", *(end.interface for end in ends)])
    tools.ip_batch([*_addresses(ends), *(_route(route) for route in host.routes)])
    tools.ip_batch([f"neigh add {words}" for words in host.neighbours])
    for family in (4, 6):
        lines = [_rule(rule) for rule in host.rules if rule.family == family]
        tools.ip_batch(lines, f"-{family}")
    write_sysctls(list(host.sysctls))
    tools.load_firewall(host.firewall)
    tools.tc_batch(list(host.queues))
    if host.tracked:
        fill(host.tracked)
    await_carrier([end.interface for end in ends])


def _addresses(ends: tuple[End, ...]) -> list[str]:
    lines = ["link set dev lo up"]
    for end in ends:
        lines.append(f"link set dev {end.interface} up")
        lines += [f"addr add {text} dev {end.interface}{_nodad(text)}" for text in end.addresses]
    return lines


def _nodad(address: str) -> str:
    return " nodad" if _family(address) == 6 else ""


def _family(prefixed: str) -> Family:
    return family_of(prefixed.partition("/")[0])


def _route(route: Route) -> str:
    kind = "" if route.type is RouteType.UNICAST else f"{route.type.value} "
    words = f"route add {kind}{route.to}"
    if route.beside:
        return words + "".join(f" nexthop via {via}" for via in (route.via, *route.beside))
    parts = {"via": route.via, "dev": route.interface, "src": route.source}
    numbers = {"table": route.table, "metric": route.metric, "mtu lock": route.mtu}
    return words + "".join(f" {key} {it}" for key, it in {**parts, **numbers}.items() if it)


def _rule(rule: Rule) -> str:
    return f"rule add priority {rule.priority} {rule.selector} {rule.action}"
