"""DNS messages: questions, and what an answer says (RFC 1035). Pure.

Whatever bytes come, reading them raises nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

Kind = Literal["A", "AAAA", "PTR"]

LONGEST = 65535
_ID = slice(0, 2)
_EDNS_PAYLOAD = 1232


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer to our question. ``flaw`` is what makes it useless; without ``rcode`` it is noise.

    A ``referral`` names other nameservers instead of an answer (RFC 2308 section 2.2).
    """

    rcode: str = ""
    addresses: tuple[str, ...] = ()
    truncated: bool = False
    referral: bool = False

    @property
    def flaw(self) -> str:
        """Why it says nothing about the name, empty where it does."""
        if self.truncated:
            return "is truncated, and TCP port 53 gives none"
        if self.referral:
            return "is a referral to other nameservers"
        return "" if self.rcode else "is garbled"


def question(name: str, kind: Kind, *, edns: bool = False) -> dns.message.Message:
    """Ask for one kind of record of a name. ``dns.exception.DNSException`` for no DNS name."""
    query = dns.message.make_query(f"{name.rstrip('.')}.", kind)
    if edns:
        query.use_edns(0, payload=_EDNS_PAYLOAD)
    return query


def askable(name: str) -> bool:
    """Tell whether DNS can carry a name at all (RFC 1035 section 2.3.4)."""
    try:
        question(name, "A")
    except (dns.exception.DNSException, UnicodeError, ValueError):
        return False
    return True


def read(query: dns.message.Message, data: bytes) -> Reply | None:
    """Read a datagram; ``None`` where it is not an answer to this question."""
    if data[_ID] != query.id.to_bytes(2):
        return None
    try:
        head = dns.message.from_wire(data, question_only=True)
        if not query.is_response(head):
            return None
        if head.flags & dns.flags.TC:
            return Reply(rcode=_rcode(head), truncated=True)
        return _said(dns.message.from_wire(data, ignore_trailing=True))
    except Exception:  # noqa: BLE001 - hostile bytes may trip the parser in any way
        return Reply()


def _said(response: dns.message.Message) -> Reply:
    if not isinstance(response, dns.message.QueryMessage):
        return Reply()
    rcode = _rcode(response)
    if response.rcode() != dns.rcode.NOERROR:
        return Reply(rcode=rcode)
    # Follows CNAMEs, a bounded number of them, and takes no address of another name.
    answer = response.resolve_chaining().answer
    addresses = tuple(str(record) for record in answer or ())
    return Reply(rcode=rcode, addresses=addresses, referral=_refers(response))


def _refers(response: dns.message.Message) -> bool:
    """Tell a referral, or the nothing of a server that does not resolve, from "no such data"."""
    if response.answer or response.flags & dns.flags.AA:
        return False
    kinds = {rrset.rdtype for rrset in response.authority}
    resolves = response.flags & dns.flags.RA
    return dns.rdatatype.SOA not in kinds and (dns.rdatatype.NS in kinds or not resolves)


def _rcode(response: dns.message.Message) -> str:
    return dns.rcode.to_text(response.rcode())
