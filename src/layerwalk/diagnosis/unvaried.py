"""What SYNs that all carry the same leave open: whether it is for that that they vanish."""

from __future__ import annotations

from layerwalk.diagnosis.address_view import AddressView


def options_untried(host: AddressView) -> bool:
    """Whether it may be what every SYN of the kernel's carries: no port answers any of them."""
    sent = any(not fact.half_open for fact in host.syns)
    return sent and not (host.half_open or host.options or host.answering_port)


def plain_syn_question(host: AddressView) -> str:
    """What would decide it, as a further sentence; empty where SYNs could be varied."""
    if not options_untried(host):
        return ""
    return (
        " And is a SYN without options answered, which takes raw sockets (nping --tcp --flags syn "
        f"-p {host.port} {host.bare})?"
    )
