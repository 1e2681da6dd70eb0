"""All the ways in which an address may stand in a text."""

import re
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address


def spellings(address: str) -> Iterator[str]:
    """Give every spelling, so that a search for them misses none."""
    one = ip_address(address)
    if isinstance(one, IPv4Address):
        yield from _of_4(one)
    else:
        yield from _of_6(one)


def _of_4(address: IPv4Address) -> Iterator[str]:
    text = str(address)
    mapped = IPv6Address(f"::ffff:{text}")
    yield text
    yield text.replace(".", "-")
    yield ".".join(octet.zfill(3) for octet in text.split("."))
    yield address.reverse_pointer
    yield f"0x{int(address):08x}"
    yield from (f"::ffff:{text}", *_of_6(mapped))


def _of_6(address: IPv6Address) -> Iterator[str]:
    groups = [f"{int(address) >> shift & 0xFFFF:04x}" for shift in range(112, -1, -16)]
    short = ":".join(f"{int(group, 16):x}" for group in groups)
    for text in (address.compressed, ":".join(groups), short):
        yield text
        yield text.upper()
    yield address.reverse_pointer


def found_in(text: str, true: Iterable[str]) -> list[str]:
    """What of this stands in a text, as a word, in upper or lower case."""
    words = rf"(?<![^\W_])(?:{'|'.join(re.escape(it) for it in true)})(?![^\W_])"
    return re.findall(words, text, re.IGNORECASE)
