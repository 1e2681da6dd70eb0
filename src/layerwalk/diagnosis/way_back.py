"""What large packets on the way back amount to, and between which hops they get lost."""

from __future__ import annotations

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.model import Judgement, Status, ruled_out, unknown
from layerwalk.diagnosis.path_view import place
from layerwalk.probes.facts import EchoFate, PathMtuFact, WayBack

_HEADERS = {False: 40, True: 60}
_FAR = 256


def way_back(host: AddressView, fact: PathMtuFact, evidence: tuple[str, ...]) -> Judgement:
    """Judge it: confirmed where a service was heard on small segments and not on large ones."""
    back = fact.back
    if back is None:
        return ruled_out(evidence, fact.finding)
    if not back.vanishes:
        return _unheard(host, fact, back, evidence)
    mss = mss_of(host, back.passes)
    text = (
        f"on the way back packets of up to {back.passes} bytes pass, from {back.vanishes} bytes on "
        f"they vanish, and the target is not told: its service, which speaks first, was heard on "
        f"{back.heard} of {back.heard} connections with a small MSS, on none of {back.stalled} "
        f"with the usual one; an MSS of {mss} fits."
    )
    where = {**_place_back(host, back), "direction": "back", "mtu": back.passes, "mss": mss}
    return Judgement(status=Status.CONFIRMED, evidence=evidence, explanation=text, where=where)


def _unheard(
    host: AddressView, fact: PathMtuFact, back: WayBack, evidence: tuple[str, ...]
) -> Judgement:
    """Echo replies that come back small or not at all, and no service that would show more."""
    unseen = _unseen(host, fact, back)
    if unseen:
        text = f"how large packets come back is not known: the service says nothing first, {unseen}"
        return unknown(text, unlock=f"ssh {host.bare} tracepath -n {host.path.own}")
    narrow = back.echo in {EchoFate.PIECES, EchoFate.LOST} and back.passes < fact.passes
    if back.talks is not False or not narrow:
        return ruled_out(evidence, fact.finding)
    fate = f"come back in pieces of {back.piece}" if back.piece else "do not come back"
    return unknown(
        f"replies of {fact.passes} bytes to echo requests {fate}; whether TCP suffers on the way "
        "back is not known, because the service says nothing first",
        unlock=f"ssh {host.bare} tracepath -n {host.path.own}",
    )


def _unseen(host: AddressView, fact: PathMtuFact, back: WayBack) -> str:
    """Why neither the service nor echo replies show it; empty where one of them does."""
    if back.talks is not False:
        return ""
    if back.echo is EchoFate.NOT_ASKED and back.passes < fact.passes:
        return "and no echo requests may be sent"
    cut_up = not host.half_open and ":" not in fact.address and back.echo is EchoFate.WHOLE
    return "and whether echo replies come in pieces shows only to raw sockets" if cut_up else ""


def _place_back(host: AddressView, back: WayBack) -> dict[str, object]:
    """Write between which hops replies cease to come whole; no hop where nothing tells it."""
    cut = min((it.hop for it in back.hops if it.small and it.back < back.vanishes), default=None)
    whole = [it for it in back.hops if it.back >= back.vanishes and it.hop < (cut or _FAR)]
    if not whole and cut is None:
        return {"kind": "path"}
    last = max((it.hop for it in whole), default=0)
    where = place(host.path, last)
    names = {it.hop: it.address for it in back.hops}
    if last:
        where["after"] = {"hop": last, "address": names[last]}
    if cut:
        where["before"] = {"hop": cut, "address": names[cut]}
    return where


def mss_of(host: AddressView, size: int) -> int:
    """The MSS of packets of a size: what the headers of IP and TCP leave."""
    return size - _HEADERS[":" in host.address]
