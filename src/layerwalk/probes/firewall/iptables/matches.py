"""The matches of a rule of iptables (iptables-extensions(8)) as statements of nft. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from layerwalk.probes.firewall.iptables.readers import READERS, Option, reverse_path
from layerwalk.probes.firewall.iptables.shapes import UNREAD, Statement, match, meta

_SILENT = frozenset({"comment", "tcp", "multiport", "state", "conntrack", "mark", "connmark"})
_READ = _SILENT | {"addrtype", "iprange", "set", "pkttype", "ttl", "hl", "dscp", "rpfilter"}
_ELSEWHERE = frozenset({"udp", "udplite", "icmp", "icmp6", "sctp", "dccp", "esp", "ah"})
_OF_CONNECTION = ("--ctd", "--cto", "--ctr", "--ctstatus")
_FREE_TEXT = frozenset({"--comment"})


def matches_of(words: list[str], family: str) -> Iterator[Statement]:
    """Turn a rule's options, up to its target, into statements."""
    options = list(_options(words, family))
    by_state = {it.turn for it in options if it.name == "--ctstate"}
    if ("-m", ("rpfilter",)) in [(it.name, it.values) for it in options] and not any(
        it.name == "--invert" for it in options
    ):
        yield from reverse_path(options[0])
    for option in options:
        for statement in _read(option):
            tracked = option.turn in by_state and option.name.startswith(_OF_CONNECTION)
            # Where there is no connection, the state alone decides.
            yield (
                {"where tracked": statement["match"]}
                if tracked and "match" in statement
                else (statement)
            )


def _options(words: list[str], family: str) -> Iterator[Option]:
    position, operator, module, turn = 0, "==", "", 0
    while position < len(words):
        name = words[position]
        if name == "!":
            position, operator = position + 1, "!="
            continue
        values = _values(name, words[position + 1 :])
        if name == "-m":
            module, turn = values[0] if values else "", turn + 1
        yield Option(turn, module, name, tuple(values), operator, family)
        position, operator = position + 1 + len(values), "=="


def _values(name: str, rest: list[str]) -> list[str]:
    """Take the values that stand behind an option, up to the next option."""
    if name in _FREE_TEXT:
        return rest[:1]
    count = next((n for n, word in enumerate(rest) if word == "!" or _is_option(word)), None)
    return rest[:count]


def _is_option(word: str) -> bool:
    return word.startswith("-") and not word[1:2].isdigit()


def _read(option: Option) -> Iterator[Statement]:
    if option.name == "-m":
        if option.value in _ELSEWHERE:
            yield match(meta("l4proto"), "==", 17)  # ours is none of these
        elif option.value not in _READ:
            yield UNREAD
        return
    reader = READERS.get(option.name) or READERS.get(f"{option.module} {option.name}")
    try:
        yield from reader(option) if reader else [UNREAD]
    except ValueError:
        yield UNREAD
