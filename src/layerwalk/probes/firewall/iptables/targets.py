"""The target of a rule of iptables (iptables-extensions(8)) as statements of nft. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from layerwalk.probes.firewall.iptables.shapes import Statement, ct, meta, number

_WITHOUT_EFFECT = frozenset(
    {"LOG", "NFLOG", "TCPMSS", "CHECKSUM", "TRACE", "CLASSIFY", "AUDIT", "SECMARK", "CONNSECMARK"}
    | {"TEE", "IDLETIMER", "RATEEST", "LED", "TCPOPTSTRIP"}
)
_WHOLE = 0xFFFFFFFF
_PLAIN: dict[str, Statement] = {
    "ACCEPT": {"accept": None},
    "DROP": {"drop": None},
    "RETURN": {"return": None},
    "QUEUE": {"queue": None},
    "NFQUEUE": {"queue": None},
    "MASQUERADE": {"masquerade": None},
    "SYNPROXY": {"synproxy": None},
    "TPROXY": {"unreadable": None},
    "NETMAP": {"unreadable": None},
    "DNPT": {"unreadable": None},
    "SNPT": {"unreadable": None},
}
_CHANGED = {
    "DSCP": ("ip", "dscp"),
    "TOS": ("ip", "dscp"),
    "TTL": ("ip", "ttl"),
    "HL": ("ip6", "hoplimit"),
    "HMARK": ("meta", "mark"),
}


def targets_of(words: list[str], family: str) -> list[Statement]:
    """Turn ``-j`` or ``-g`` and what follows into statements; none where a rule only counts."""
    if len(words) < 2:  # option, name
        return []
    name, options = words[1], _options(words[2:])
    if words[0] == "-g":
        return [{"goto": {"target": name}}]
    if name in _PLAIN:
        return [_PLAIN[name]]
    if name in _WITHOUT_EFFECT:
        return []
    return _changing(name, options, family)


def _changing(name: str, options: dict[str, str], family: str) -> list[Statement]:
    if name in _CHANGED:
        header, key = _CHANGED[name]
        kind = "meta" if header == "meta" else "payload"
        return [_set({kind: {"protocol": header, "field": key, "key": key}}, {"unknown": {}})]
    special = _SPECIAL.get(name)
    try:
        return special(options, family) if special else [{"jump": {"target": name}}]
    except (ValueError, KeyError):
        return [{"unreadable": None}]


def _options(words: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for at, word in enumerate(words):
        if word.startswith("--"):
            following = words[at + 1 : at + 2]
            found[word] = following[0] if following and not following[0].startswith("--") else ""
    return found


def _set(key: Any, value: Any) -> Statement:
    return {"mangle": {"key": key, "value": value}}


def _reject(options: dict[str, str], family: str) -> list[Statement]:
    usual = "icmp-port-unreachable" if family == "ip" else "icmp6-port-unreachable"
    told = options.get("--reject-with") or usual
    return [{"reject": {"type": told.replace("tcp-reset", "tcp reset")}}]


def _connection(options: dict[str, str], _family: str) -> list[Statement]:
    if "--notrack" in options:
        return [{"notrack": None}]
    zoned = any(it.startswith("--zone") for it in options)
    return [{"unreadable": None}] if zoned else []


def _mark(options: dict[str, str], _family: str) -> list[Statement]:
    return [_set(meta("mark"), _xmark(meta("mark"), options))]


def _xmark(left: Any, options: dict[str, str]) -> Any:
    """Clear the bits of the mask, and turn those of the value round."""
    value, _, mask = (options.get("--set-xmark") or options["--set-mark"]).partition("/")
    kept = _WHOLE & ~(number(mask) if mask else _WHOLE)
    return {"^": [{"&": [left, kept]}, number(value)]} if kept else number(value)


def _connection_mark(options: dict[str, str], _family: str) -> list[Statement]:
    if "--set-xmark" in options:
        return [_set(ct("mark"), _xmark(ct("mark"), options))]
    packets, connections = (number(options.get(it) or "-1") for it in ("--nfmask", "--ctmask"))
    if not (packets & _WHOLE) == (connections & _WHOLE) == _WHOLE:
        which = meta("mark") if "--restore-mark" in options else ct("mark")
        return [_set(which, {"unknown": {}})]
    if "--save-mark" in options:
        return [_set(ct("mark"), meta("mark"))]
    return [_set(meta("mark"), ct("mark"))] if "--restore-mark" in options else []


def _translated(kind: str, option: str) -> Callable[[dict[str, str], str], list[Statement]]:
    def read(options: dict[str, str], family: str) -> list[Statement]:
        address, port = _apart(options[option], family)
        body = {"family": family, "addr": address, "port": port}
        return [{kind: {name: value for name, value in body.items() if value is not None}}]

    return read


def _apart(target: str, family: str) -> tuple[Any, Any]:
    """Take an address and a port apart; ranges of them can't be told in advance."""
    address, port = target, ""
    if family == "ip6" and target.startswith("["):
        address, _, port = target[1:].partition("]:")
    elif family == "ip":
        address, _, port = target.partition(":")
    unknown: Any = {"unknown": {}}
    where: Any = unknown if "-" in address else address or None
    if not port:
        return where, None
    return where, int(port) if port.isdecimal() else unknown


def _redirect(options: dict[str, str], _family: str) -> list[Statement]:
    port = options.get("--to-ports", "")
    if not port:
        return [{"redirect": None}]
    return [{"redirect": {"port": int(port) if port.isdecimal() else {"unknown": {}}}}]


def _filled(options: dict[str, str], _family: str) -> list[Statement]:
    """Note the sets that are added to, or taken from: their elements are not known after that."""
    names = [options[it] for it in ("--add-set", "--del-set", "--map-set") if it in options]
    return [{"filled": f"ipset {name}"} for name in names]


_SPECIAL: dict[str, Callable[[dict[str, str], str], list[Statement]]] = {
    "REJECT": _reject,
    "CT": _connection,
    "NOTRACK": lambda _options, _family: [{"notrack": None}],
    "MARK": _mark,
    "CONNMARK": _connection_mark,
    "DNAT": _translated("dnat", "--to-destination"),
    "SNAT": _translated("snat", "--to-source"),
    "REDIRECT": _redirect,
    "SET": _filled,
}
