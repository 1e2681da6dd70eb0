"""Name servers and their zones as data."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class Record:
    """One record of a zone: `Record("server.lab.test", "A", "203.0.113.10")`."""

    name: str
    type: str
    value: str
    ttl: int = 60


class Answering(Enum):
    """What a name server sends instead of an answer."""

    PLAIN = "plain"  # nothing instead: the answer itself
    NOISE = "noise"  # bytes behind the question's id that make no message
    OTHER = "other"  # the answer to another question
    REFERRAL = "referral"  # the names of other servers, and no answer


@dataclass(frozen=True)
class NameServer:
    """A DNS server. A name it has no record of does not exist (NXDOMAIN).

    `rcode` answers every question with that code; `failing` names, and types of question, get
    SERVFAIL; `silent` types of question ("AAAA", or "ANY" for all) get no answer; `delay_s` goes
    before each answer. `truncated` answers over UDP with the TC bit; `tcp=False` leaves TCP port 53
    closed; `edns=False` takes questions with EDNS for an error, as old servers do.
    """

    records: tuple[Record, ...] = ()
    address: str = ""
    port: int = 53
    rcode: str = ""
    failing: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    delay_s: float = 0.0
    truncated: bool = False
    tcp: bool = True
    edns: bool = True
    answering: Answering = Answering.PLAIN
