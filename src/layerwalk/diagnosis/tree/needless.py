"""Which measurements can no longer change anything."""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.lost_at_home import goes_astray
from layerwalk.diagnosis.tree.measure import Measure, Step
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import PortState, Refusal, TraceFact


def needless(view: WalkView) -> Iterator[Measure]:
    """Measurements that can no longer change anything: what still runs of them may stop."""
    if view.standpoint.serves:
        return
    if not view.resolved and _nobody_can_answer(view):
        yield Measure(Step.RESOLVE)
    for address in (*view.addresses, *view.rivals):
        host = view.of(address)
        if host.next_hop_is_dead:
            unsent = any(fact.refused_locally for fact in host.syns)
            vain = [step for step in _PROBING if not (unsent and step is Step.CONNECT)]
            yield from (Measure(step, address) for step in (*vain, Step.PORTS))
        if goes_astray(host) and not host.works:
            yield from (Measure(step, address) for step in _WAITING)
        if host.last(TraceFact) is None:
            continue
        yield from (Measure(step, address) for step in _shown_by_the_port(host))
        yield from (Measure(step, address) for step in _shown_otherwise(host))
        if host.path_has_spoken:
            steps = _OTHERS if _syns_end_before(host) else _PROBING
            yield from (Measure(step, address) for step in steps)


def _shown_by_the_port(host: AddressView) -> tuple[Step, ...]:
    """What the port's answer makes vain; where it takes connections, nothing is held back here."""
    counters = (Step.COUNTERS,) if host.connects and host.syn_state is PortState.OPEN else ()
    return (Step.ECHO, Step.CONTROL, *counters) if _port_has_spoken(host) else ()


def _shown_otherwise(host: AddressView) -> tuple[Step, ...]:
    """What a scan that lost nothing shows as well: the host, the gateway, and that none is lost.

    Where it is known after which hop packets get lost, sizes take too long to tell.
    """
    if host.hop_loss is not None:
        return (Step.PATH_MTU,)
    if not (host.scan_sample and host.alive):
        return ()
    beyond = host.port is None and not host.path.on_link
    return (Step.ECHO, Step.LOSS, Step.NEIGHBOUR) if beyond else (Step.ECHO, Step.LOSS)


def _nobody_can_answer(view: WalkView) -> bool:
    """Whether no question to a nameserver gets any further than this machine or its gateway."""
    servers = view.silent_nameservers
    return bool(servers) and all(_is_cut_off(host) for host in servers)


def _is_cut_off(host: AddressView) -> bool:
    if host.next_hop_is_dead:
        return host.neighbour is not None and host.neighbour.gateway
    return host.stuck


def _syns_end_before(host: AddressView) -> bool:
    """What a router says of others does not hold for SYNs, if something drops them sooner."""
    return host.path.syn_lags and not host.syn_answers and not host.path.loop


_PROBING = (
    Step.ECHO,
    Step.SYN,
    Step.SYN_AGAIN,
    Step.SYN_OPTIONS,
    Step.CONNECT,
    Step.TRACE,
    Step.CONTROL,
)
"""What a dead next hop makes vain."""

_WAITING = tuple(step for step in _PROBING if step is not Step.TRACE)
"""What no longer needs to be waited for where it is known that packets go to the wrong machine."""

_OTHERS = (Step.ECHO, Step.CONTROL)
"""What is vain where SYNs end before the router that speaks: something else drops them."""


def _port_has_spoken(host: AddressView) -> bool:
    """The port, or somebody in its place, gave an answer that no echo can change."""
    if host.syn_state in {PortState.OPEN, PortState.CLOSED}:
        return True
    final = {Refusal.PROHIBITED, Refusal.PORT}
    return host.syn_state is PortState.REJECTED and any(
        answer.refusal in final for answer in host.syn_answers
    )
