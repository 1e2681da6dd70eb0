"""Paths, groups and programs in the evidence: what they are named after does not get out."""

from dataclasses import replace

from layerwalk.diagnosis.samples import resources
from layerwalk.probes.facts import Confines, Evidence, FileSystem, TasksLimit
from layerwalk.session.entries import entry_of
from layerwalk.session.redaction.places import telling_words
from layerwalk.session.redaction.structures import Redaction
from tests.unit.session.redaction.spellings import found_in

TRUE = ["acme", "billing", "zorro"]
FULL = FileSystem(place="/srv/acme/spool", kind="tmpfs", size=10, free=0)
GROUP = "/system.slice/billing.service"
BOX = Confines(group=GROUP, tasks=(TasksLimit(folder=f"/sys/fs/cgroup{GROUP}", limit=3, tasks=3),))


def test_a_process_is_shown_without_what_it_is_named_after() -> None:
    fact = resources.process(name="zorro", file_systems=(FULL,), confines=BOX)
    entry = entry_of(Evidence(id="e1", fact=fact))
    assert len(found_in(repr(entry), TRUE)) > len(TRUE)
    redacted = Redaction()(entry)
    assert found_in(repr(redacted), TRUE) == []
    assert "name-1" in redacted.finding
    assert "is full" in redacted.finding


def test_what_every_machine_has_stays() -> None:
    fact = resources.process(name="python3", file_systems=(replace(FULL, place="/var/log"),))
    entry = Redaction()(entry_of(Evidence(id="e1", fact=fact)))
    assert "(python3)" in entry.finding
    assert "/var/log (tmpfs) is full" in entry.finding


def test_words_that_tell_something() -> None:
    words = telling_words("/sys/fs/cgroup/system.slice/acme-web.service/7")
    assert list(words) == ["acme-web", "service"]
