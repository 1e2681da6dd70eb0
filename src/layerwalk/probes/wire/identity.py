"""What makes an answer belong to a probe: fields that every answer repeats."""

from __future__ import annotations

from typing import NamedTuple


class Identity(NamedTuple):
    """The fields by which an answer is matched to its probe.

    ``first`` and ``second`` are ports (TCP and UDP: ours, theirs) or the echo identifier and 0;
    ``number`` is the TCP sequence number, the echo sequence number, or the UDP checksum. All of
    them stand in the first eight bytes behind the IP header, which any ICMP error quotes (RFC 792).
    """

    protocol: str
    address: str
    first: int
    second: int
    number: int
