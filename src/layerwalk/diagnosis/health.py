"""When no cause is found: whether that means healthy, and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import ConnectFact, Outcome, PortsFact, TraceFact, endpoint

_ABOVE = {
    "tcp": (),
    "tls": ("tls-failure", "connection-reset", "service-hung"),
    "http": (
        "protocol-mismatch",
        "connection-reset",
        "service-hung",
        "response-slow",
        "gateway-timeout",
        "upstream-unavailable",
        "proxy-misrouted",
    ),
}
_ABOVE["https"] = ("tls-failure", *_ABOVE["http"])


@dataclass(frozen=True)
class Health:
    """Whether the target works as far as it was looked at, in one sentence."""

    healthy: bool
    summary: str


def health(view: WalkView) -> Health:
    """Judge a walk that found no cause."""
    reachable = [host for host in view.hosts if host.has_way_out]
    if view.resolve and not view.addresses:
        return Health(False, f"The name could not be resolved: {view.resolve[1].finding}.")
    if not reachable:
        return Health(False, f"{view.target.input}: nothing was measured that decides.")
    if view.target.port is None:
        return _of_host(view, reachable)
    failing = [host for host in reachable if not host.connects]
    where = endpoint(reachable[0].address, view.target.port)
    if failing:
        silent = endpoint(failing[0].address, view.target.port)
        return Health(False, f"{silent} {_unexplained(failing[0])}.")
    early = [host for host in reachable if _closed_early(host)]
    if early:
        return Health(False, f"{where} takes the connection and closes it again at once.")
    return Health(True, f"{where} takes connections{_but(view.target.scheme)}.")


def _unexplained(host: AddressView) -> str:
    barred = _barred(host)
    if barred:
        return f"was not tried: {barred}"
    cut = any(e.fact.outcome is Outcome.CANCELLED for e in host.evidence)
    why = "the walk was cut short before it knew why" if cut else _unproven(host)
    return f"did not connect, and {why}"


def _unproven(host: AddressView) -> str:
    if host.handed_on:
        told = f"this machine's own NAT hands it on to {host.handed_on}"
        return f"{told}, which was not walked to"
    return "no cause could be proven"


def _of_host(view: WalkView, hosts: list[AddressView]) -> Health:
    if all(host.alive for host in hosts):
        return Health(True, f"{hosts[0].address} answers; {_of_ports(hosts[0].scan)}.")
    barred = _barred(hosts[0])
    if barred:
        return Health(False, f"{view.target.input} was not probed: {barred}.")
    return Health(False, f"{view.target.input} answers nothing, and a port was not named.")


def _of_ports(scan: PortsFact | None) -> str:
    """How the ports fared that were asked besides."""
    counts = Counter[str]()
    for group in scan.groups if scan else ():
        counts[str(group.state)] += group.count
    if not counts:
        return "no port was named, so none was tried"
    return "of the ports asked " + ", ".join(f"{n} {state}" for state, n in counts.items())


def _barred(host: AddressView) -> str:
    """Why nothing at all may be sent to an address; empty where something may."""
    facts = (e.fact for e in host.evidence if isinstance(e.fact, ConnectFact | TraceFact))
    return next((fact.detail for fact in facts if fact.outcome is Outcome.NOT_PERMITTED), "")


def _closed_early(host: AddressView) -> bool:
    return any(fact.closed_after_s is not None and not fact.said for fact in host.connections)


def _but(scheme: str) -> str:
    """A healthy connection of a scheme that is not spoken yet is healthy as TCP alone."""
    if scheme == "tcp":
        return ""
    return f" (TCP only: {scheme} itself was not tried)"


def unbuilt_layers(scheme: str) -> Iterator[tuple[str, str]]:
    """The causes above TCP that this scheme can have, which no probe looks at yet."""
    for identifier in _ABOVE[scheme]:
        yield identifier, f"nothing above TCP is probed yet, so {scheme} itself was not tried"
