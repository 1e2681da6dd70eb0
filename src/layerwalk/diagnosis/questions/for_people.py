"""The questions that no probe can answer, and when they are due."""

from __future__ import annotations

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.questions.record import Choice, Question
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import PersonFact, PortState

UNSURE = Choice(
    id="unsure", text="I don't know.", proves="Nothing: the ranking stays as it was measured."
)
_NEAR = ("link-down", "no-route", "route-rejected", "gateway-unreachable")
_ROUTES = ("path-blackhole", "routing-loop", "route-missing-on-path", "pmtu-blackhole")
_FIREWALLS = ("firewall-drop", "firewall-reject")
_SERVICE = ("port-closed", "accept-queue-full")

OTHER_CLIENTS = Question(
    id="other-clients",
    text="Does the same connection fail from other machines, too?",
    why="It fails from here. Only somebody elsewhere can tell whether it is this machine's way.",
    choices=(
        Choice(
            id="works-elsewhere",
            text="No: others connect to the same address and port.",
            proves="The target and its service work: it is this machine, its way there, or a rule "
            "about its address.",
            favours=(*_NEAR, *_FIREWALLS, "path-blackhole"),
            disfavours=(*_SERVICE, "host-down"),
        ),
        Choice(
            id="fails-everywhere",
            text="Yes: it fails from wherever it was tried.",
            proves="It is at the target, or close to it, rather than on this machine.",
            favours=(*_SERVICE, "host-down"),
            disfavours=_NEAR,
        ),
        UNSURE,
    ),
)
SINCE_WHEN = Question(
    id="since-when",
    text="Has it worked before, and what changed since?",
    why="It fails now. What was changed last is the likeliest to be wrong, and leaves no trace.",
    choices=(
        Choice(
            id="rules-changed",
            text="It worked; then firewall rules or security groups were changed.",
            proves="A rule is likelier than a dead path or a busy service.",
            favours=_FIREWALLS,
            disfavours=("path-blackhole", "accept-queue-full", "host-down"),
        ),
        Choice(
            id="network-changed",
            text="It worked; then routes, a VPN, a link or a router were changed.",
            proves="The path is likelier than a rule for this one port.",
            favours=(*_NEAR, *_ROUTES),
            disfavours=("accept-queue-full", "port-closed"),
        ),
        Choice(
            id="service-changed",
            text="It worked; then the service was deployed anew, moved or restarted.",
            proves="The service or its machine is likelier than the network between.",
            favours=(*_SERVICE, "host-down"),
            disfavours=_ROUTES,
        ),
        Choice(
            id="comes-and-goes",
            text="It works at times, with no change that anybody knows of.",
            proves="Something is overloaded or loses packets; a fixed rule does not come and go.",
            favours=("accept-queue-full", "packet-loss", "resolver-degraded"),
            disfavours=_FIREWALLS,
        ),
        Choice(
            id="never-worked",
            text="It has never worked yet: it is new.",
            proves="What was never opened or never started is likelier than what broke.",
            favours=(*_FIREWALLS, "port-closed", "name-not-found"),
            disfavours=("accept-queue-full",),
        ),
        UNSURE,
    ),
)
ON_SERVER = Question(
    id="on-server",
    text="Can you log in to the target, and what does 'ss -ltn' show for the port?",
    why="The port does not take the connection; what it looks like inside can't be seen from here.",
    choices=(
        Choice(
            id="listens",
            text="It listens, and Recv-Q is not above Send-Q.",
            proves="The service is ready, so something in front of it drops or refuses.",
            favours=_FIREWALLS,
            disfavours=(*_SERVICE, "host-down"),
        ),
        Choice(
            id="queue-full",
            text="It listens, and Recv-Q is above Send-Q.",
            proves="The listen queue is full: the service does not accept fast enough.",
            favours=("accept-queue-full",),
            disfavours=(*_FIREWALLS, "host-down", "path-blackhole"),
        ),
        Choice(
            id="no-listener",
            text="Nothing listens on the port.",
            proves="The service does not run, or listens elsewhere; a drop in front hides it.",
            favours=("port-closed",),
            disfavours=("accept-queue-full", "host-down"),
        ),
        Choice(
            id="is-off",
            text="The machine is off, or nobody can reach it at all.",
            proves="The target itself is likelier to be missing than a rule to be in the way.",
            favours=("host-down", "path-blackhole"),
            disfavours=(*_FIREWALLS, *_SERVICE),
        ),
        Choice(
            id="cannot-look",
            text="I can't log in there.",
            proves="Nothing: the ranking stays as it was measured.",
        ),
    ),
)
SYN_ARRIVES = Question(
    id="syn-arrives",
    text="While it is tried from here, does 'tcpdump -ni any tcp port PORT' there show the SYN?",
    why="You can look inside the target. Whether the SYN gets there splits the path from the host.",
    choices=(
        Choice(
            id="arrives",
            text="The SYN arrives.",
            proves="The path there works: the target's own rules or queue, or the way back.",
            favours=("firewall-drop", "accept-queue-full"),
            disfavours=("path-blackhole", "host-down"),
        ),
        Choice(
            id="does-not-arrive",
            text="No SYN arrives.",
            proves="It is lost on the way, before the target could decide anything.",
            favours=_ROUTES,
            disfavours=("accept-queue-full", "host-down"),
        ),
        UNSURE,
    ),
)
QUESTIONS = (OTHER_CLIENTS, SINCE_WHEN, ON_SERVER, SYN_ARRIVES)
_LOOKED_INSIDE = frozenset({"listens", "queue-full", "no-listener"})


def due(view: WalkView) -> tuple[Question, ...]:
    """Give the questions whose answer could matter, as things stand."""
    if view.standpoint.serves or not _fails(view):
        return ()
    silent = [host for host in view.hosts if host.port_state is PortState.SILENT]
    asked = [OTHER_CLIENTS, SINCE_WHEN]
    if silent:
        asked.append(ON_SERVER)
    if silent and any(said.answer in _LOOKED_INSIDE for said in _said(view, ON_SERVER)):
        asked.append(SYN_ARRIVES)
    return tuple(asked)


def _said(view: WalkView, question: Question) -> list[PersonFact]:
    facts = (e.fact for e in view.evidence)
    return [f for f in facts if isinstance(f, PersonFact) and f.question == question.id]


def _fails(view: WalkView) -> bool:
    """Whether something that the program needs is known not to work."""
    if view.resolve and not view.addresses:
        return True
    return any(_host_fails(host) for host in view.hosts)


def _host_fails(host: AddressView) -> bool:
    if host.port is None:
        return host.echo is not None and not host.alive
    return not host.connects and host.port_state not in {PortState.UNKNOWN, PortState.OPEN}
