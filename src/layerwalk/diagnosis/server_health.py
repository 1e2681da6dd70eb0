"""When no cause is found where this machine is the server: whether that means healthy."""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.diagnosis.health import Health
from layerwalk.diagnosis.server_view import ServerView
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import IntakeFact, Outcome, endpoint

_WRONG_GATEWAY = {502, 503, 504}
_TLS = {"tls", "https"}


def server_health(view: WalkView) -> Health:
    """Judge a walk that found no cause: whether the port works, and a sentence that says so."""
    hosts = [ServerView(host) for host in view.hosts if host.route is not None]
    if not hosts:
        return Health(False, f"{view.target.input}: nothing was measured that decides.")
    said = [_of(one, view) for one in hosts]
    return next((one for one in said if not one.healthy), said[0])


def _of(one: ServerView, view: WalkView) -> Health:
    where, fact = endpoint(one.host.address, view.target.port or 0), one.intake
    if one.handed_on and not one.taking:
        told = f"nobody here listens, and NAT hands the port on to {one.handed_on}"
        return Health(True, f"{where}: {told}, which was not walked to.")
    if not one.connects and one.taking and _lets_in(one):
        return Health(True, f"{where}: {_untried(one)}.")
    if fact is None:
        return Health(False, f"{where} was not tried: {_barred(one)}.")
    if not fact.made:
        return Health(False, f"{where} did not connect, and {_unproven(one)}.")
    return _connected(one, where, view.target.scheme)


def _lets_in(one: ServerView) -> bool:
    """Whether nothing but its own connection, which never leaves it, speaks against a machine.

    Its rules were read and refuse no client, and nobody waits in the listener's queue.
    """
    bound = any(it.interface for it in one.taking)
    waits = one.unheard or any(it.queue for it in one.taking)
    return (_kept_out(one) or bound) and not waits and not one.cut


def _unproven(one: ServerView) -> str:
    """What speaks for a cause that could not be proven."""
    rules, fact = one.host.firewall, one.intake
    unread = rules is None or not rules.outcome.measured
    if unread and one.taking and fact and fact.outcome is Outcome.SILENT and not fact.queue:
        who = one.owner or "a process"
        told = f"{who} listens and has room: most likely a rule of this machine drops its own SYNs"
        return f"{told}, and perhaps those of clients, but its rules could not be read"
    return "no cause could be proven"


def _kept_out(one: ServerView) -> bool:
    """Whether rules are known to keep out the machine itself, where its own connection failed."""
    rules = one.host.firewall
    if rules is None or not rules.outcome.measured:
        return False
    return one.intake is None or rules.keeps_out_itself


def _untried(one: ServerView) -> str:
    """Who listens, and why this machine itself could not see that he is there."""
    who = one.owner or "a process"
    bound = next((it.interface for it in one.taking if it.interface), "")
    if bound:
        told = f"{who} listens, for what comes in by {bound} alone"
        return f"{told}; from this machine itself that can't be tried"
    if one.intake is None:
        return f"{who} listens; from this machine itself that can't be tried"
    told = f"{who} listens, nobody waits, and no rule refuses who comes from outside"
    return f"{told}; only a connection of this machine's own is not let in"


def _connected(one: ServerView, where: str, scheme: str) -> Health:
    wrong = _wrong(one, one.owner or "a process")
    if wrong:
        return Health(False, f"{where}{wrong}.")
    if not one.taking:
        told = "something else than a listener hands them on"
        return Health(True, f"{where} takes connections; {told}.")
    who, status = one.owner or "a process", one.intake.status if one.intake else None
    but = f" (TCP only: {scheme} itself was not tried)" if scheme in _TLS else ""
    answer = f" and answers with HTTP {status}" if status else ""
    away = f"; NAT hands those of clients on to {one.handed_on}, which was not walked to"
    nat = away if one.handed_on else ""
    return Health(True, f"{where}: {who} takes connections{answer}{but}{nat}.")


def _wrong(one: ServerView, who: str) -> str:
    """What the service does with our connection that it should not; empty where it serves."""
    fact = one.intake
    if one.accepts is False and fact and fact.moves:
        return f": {who} accepts connections slowly: ours waited {fact.waited_s:.0f} s in vain"
    if one.accepts is False:
        return f" takes connections into its queue, and {who} does not accept them"
    if one.broken_off:
        return " takes the connection and closes it again at once"
    if one.mute:
        return f": {who} takes the connection and answers nothing"
    if fact and one.host.timeout_s and one.late:
        after_s = max(fact.taken_s or 0.0, fact.answered_s or 0.0)
        return f": {who} serves only after {after_s:.1f} s, and {one.host.timeout_s:g} s are waited"
    status = fact.status if fact else None
    return f": {who} answers with HTTP {status}" if status in _WRONG_GATEWAY else ""


def _barred(one: ServerView) -> str:
    facts = [e.fact for e in one.host.evidence if isinstance(e.fact, IntakeFact)]
    if any(fact.outcome is Outcome.CANCELLED for fact in facts):
        return "the walk was cut short before"
    return next((fact.detail for fact in facts if fact.detail), "this machine does not serve it")


def above(view: WalkView) -> Iterator[tuple[str, str, str]]:
    """What no probe looks at yet, where this walk came upon it: id, why, what would tell."""
    hosts = [ServerView(host) for host in view.hosts]
    port = view.target.port
    mine = f"ss -Htnp state established 'sport = :{port}'"
    if view.target.scheme in _TLS:
        by_hand = f"openssl s_client -connect localhost:{port}"
        yield "tls-failure", f"{view.target.scheme} itself was not tried", by_hand
    if any(one.accepts is False or one.mute for one in hosts):
        why = "why the program does not take connections was not looked at"
        yield "service-hung", why, f"{mine}; top -H"
    if view.timeout_s and any(one.late for one in hosts):
        why = "why the program answers late was not looked at"
        yield "response-slow", why, f"{mine}; top -H"
    if any(one.broken_off for one in hosts):
        why = "why the program closes connections was not looked at"
        yield "connection-reset", why, "journalctl -e"
    if any(one.intake and one.intake.status in _WRONG_GATEWAY for one in hosts):
        why = "what the program waits for was not looked at"
        yield "upstream-unavailable", why, mine
