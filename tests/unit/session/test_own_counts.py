"""The machine's own counters end the evidence of every walk, and are about every address."""

from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import KernelCountsFact, Target, TrackingFact
from layerwalk.session import events as ev
from layerwalk.session.findings import Findings
from layerwalk.session.own_counts import OwnCounts
from layerwalk.session.telling import Teller

ADDRESSES = ("198.51.100.10", "2001:db8::10")


def test_they_end_the_evidence_and_are_about_every_address() -> None:
    findings, heard = Findings(), list[ev.Event]()
    OwnCounts().end(findings, Teller(heard.append))
    assert [type(it.fact) for it in findings.evidence] == [TrackingFact, KernelCountsFact]
    assert [it.step for it in heard if isinstance(it, ev.StepEnded)] == [
        "conntrack",
        "kernel-counts",
    ]
    for address in ADDRESSES:
        host = WalkView(Target(address, address, 443), findings.evidence).of(address)
        assert host.tracking
        assert host.last(KernelCountsFact)
