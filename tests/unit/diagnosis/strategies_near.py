"""Facts of this machine and its resolvers, drawn at random."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from layerwalk.diagnosis import samples
from layerwalk.probes.facts import (
    Certainty,
    Claimant,
    CountersFact,
    DropReason,
    DropReasonsFact,
    Fact,
    FirewallFact,
    Link,
    LinkCounts,
    LinksFact,
    NameserverAnswer,
    NeighbourFact,
    Outcome,
    ResolveFact,
    ReversePathFact,
    Rise,
    RouteFact,
    RouteKind,
    RuleMatch,
    RuleTraceFact,
)

NAME, SIXTH, SERVER = "db.lab.test", "2001:db8::10", "192.0.2.53"
ADDRESSES = (samples.TARGET, SIXTH)

_SAID = Outcome.ANSWERED_BY_PERSON
OUTCOMES = st.sampled_from([one for one in Outcome if one is not _SAID])
INTERFACES = st.sampled_from(["", "eth0", "eth1"])


def links() -> SearchStrategy[Fact]:
    """Interfaces, up, down or without a carrier."""
    one = st.builds(
        Link,
        name=st.sampled_from(["eth0", "eth1", "lo"]),
        index=st.just(2),
        up=st.booleans(),
        carrier=st.sampled_from([None, True, False]),
        mtu=st.sampled_from([0, 576, 1500]),
        loopback=st.booleans(),
        resolves_neighbours=st.booleans(),
        addresses=st.sampled_from([(), (f"{samples.OWN}/24",), ("2001:db8::2/64",)]),
        rp_filter=st.integers(0, 2),
    )
    any_links = st.lists(one, max_size=2).map(tuple)
    odd = st.builds(LinksFact, outcome=OUTCOMES, links=any_links)
    return st.just(samples.links()) | st.just(samples.links()) | odd


def names() -> SearchStrategy[Fact]:
    """Look-ups that find, deny, fail or stay silent."""
    server = st.builds(
        NameserverAnswer,
        server=st.just(SERVER),
        outcome=OUTCOMES,
        rcode=st.sampled_from(["", "NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED"]),
        addresses=st.sampled_from([(), (samples.TARGET,)]),
        other_family=st.booleans(),
        seconds=st.sampled_from([0.0, 0.01, 5.0]),
    )
    return st.builds(
        ResolveFact,
        outcome=OUTCOMES,
        name=st.just(NAME),
        family=st.sampled_from([None, 4, 6]),
        addresses=st.lists(st.sampled_from(ADDRESSES), max_size=2, unique=True).map(tuple),
        nameservers=st.lists(server, max_size=2).map(tuple),
        system_pending=st.booleans(),
        system_s=st.sampled_from([0.0, 5.0]),
    )


def routes(address: str) -> SearchStrategy[Fact]:
    """Ways out of every kind, and none."""
    usual = [samples.route(destination=address, gateway=via) for via in (samples.GATEWAY, "")]
    odd = st.builds(
        RouteFact,
        outcome=OUTCOMES,
        destination=st.just(address),
        kind=st.sampled_from(RouteKind),
        interface=INTERFACES,
        gateway=st.sampled_from(["", samples.GATEWAY]),
        source=st.sampled_from(["", samples.OWN]),
        errno=st.sampled_from(["", "ENETUNREACH", "EACCES", "EINVAL"]),
        rule=st.sampled_from(["", "from all prohibit"]),
    )
    return st.sampled_from(usual) | st.sampled_from(usual) | odd


def link_counts() -> SearchStrategy[LinkCounts]:
    """What an interface counted, errors and drops or none."""
    rises = st.builds(
        Rise,
        counter=st.sampled_from(["queue_drops", "rx_errors", "rx_dropped"]),
        by=st.sampled_from([1, 40, 900]),
    )
    return st.builds(
        LinkCounts,
        interface=st.just("eth0"),
        seconds=st.floats(0, 10),
        sent=st.integers(0, 10_000),
        received=st.integers(0, 10_000),
        rises=st.lists(rises, max_size=2, unique_by=lambda rise: rise.counter).map(tuple),
    )


MACS = ("02:00:00:00:00:01", "02:00:00:00:00:02")


def _claimants(macs: tuple[str, ...]) -> SearchStrategy[tuple[Claimant, ...]]:
    """What those do who answer for one address."""
    senders = st.sampled_from([(), MACS[:1], MACS[1:], MACS])
    each = [
        st.builds(
            Claimant,
            mac=st.just(mac),
            echo_from=senders,
            beyond=st.sampled_from(["", "syn-ack", "rst"]),
            beyond_from=senders,
        )
        for mac in macs
    ]
    return st.tuples(*each)


def neighbours(address: str) -> SearchStrategy[Fact]:
    """A next hop that answers, or does not."""
    return st.builds(
        NeighbourFact,
        outcome=OUTCOMES,
        address=st.sampled_from([samples.GATEWAY, address]),
        interface=st.just("eth0"),
        gateway=st.booleans(),
        destination=st.just(address),
        macs=st.sampled_from([(), MACS[:1], MACS]),
        asked=st.integers(0, 4),
        claimants=st.sampled_from([(), MACS]).flatmap(_claimants),
    )


def rules(address: str) -> SearchStrategy[Fact]:
    """Local rules that refuse, or none."""
    match = st.builds(
        RuleMatch,
        direction=st.sampled_from(["in", "out"]),
        verdict=st.sampled_from(["drop", "reject with tcp reset"]),
        certainty=st.sampled_from(Certainty),
        text=st.just("tcp dport 5432 drop"),
    )
    return st.builds(
        FirewallFact,
        outcome=OUTCOMES,
        address=st.just(address),
        port=st.just(samples.PORT),
        matches=st.lists(match, max_size=2).map(tuple),
        undecided=st.sampled_from([(), ("limit rate 1/second",)]),
    )


def rule_traces(address: str) -> SearchStrategy[Fact]:
    """What the kernel says of the rules, or nothing."""
    match = st.builds(
        RuleMatch,
        direction=st.sampled_from(["in", "out"]),
        verdict=st.sampled_from(["drop", "reject", "queue"]),
        certainty=st.sampled_from(Certainty),
        text=st.just("tcp dport 5432 drop"),
    )
    return st.builds(
        RuleTraceFact,
        outcome=OUTCOMES,
        address=st.just(address),
        port=st.just(samples.PORT),
        left=st.booleans(),
        came=st.booleans(),
        matches=st.lists(match, max_size=2).map(tuple),
    )


def reasons(address: str) -> SearchStrategy[Fact]:
    """Why the kernel drops, whatever it says."""
    one = st.builds(
        DropReason,
        reason=st.sampled_from(["NETFILTER_DROP", "IP_RPFILTER", "NO_SOCKET", "OF_A_LATER_KERNEL"]),
        place=st.just("nf_hook_slow"),
        counts=st.just((7, 11)),
    )
    return st.builds(
        DropReasonsFact,
        outcome=OUTCOMES,
        address=st.just(address),
        port=st.just(samples.PORT),
        sent=st.just((7, 11)),
        reasons=st.lists(one, max_size=2).map(tuple),
    )


def counts(address: str) -> SearchStrategy[Fact]:
    """This machine's counters, whatever they say."""
    figures = st.sampled_from([0, 3, 8, 20])
    return st.builds(
        CountersFact,
        outcome=OUTCOMES,
        address=st.just(address),
        port=st.just(samples.PORT),
        sent=st.just(8),
        unsent=figures,
        undelivered=figures,
        quiet=figures,
        reversed=figures,
    )


def reverse_paths(address: str) -> SearchStrategy[Fact]:
    """What the reverse path filter drops, whatever else is known."""
    figures = st.sampled_from([0, 3, 8, 20])
    return st.builds(
        ReversePathFact,
        outcome=OUTCOMES,
        address=st.just(address),
        sent=st.just(8),
        dropped=figures,
        quiet=figures,
        interface=INTERFACES,
        filter_all=st.sampled_from([None, 0, 1, 2]),
        filter_own=st.sampled_from([None, 0, 1, 2]),
    )
