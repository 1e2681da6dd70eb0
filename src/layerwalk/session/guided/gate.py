"""The gate between the tree and the probes: all pass at once, or each as a person says."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from layerwalk.diagnosis.open_steps import Open, open_steps, to_measure
from layerwalk.diagnosis.tree import Measure, needless
from layerwalk.diagnosis.walk_view import WalkView
from layerwalk.probes.facts import Evidence, Fact
from layerwalk.session import events as ev
from layerwalk.session.entries import entry_of
from layerwalk.session.findings import Findings
from layerwalk.session.guided import notes
from layerwalk.session.guided.decisions import Answer, Back, Choose, Decision, Run, Skip, Switch
from layerwalk.session.guided.offers import layer_of, offer_of
from layerwalk.session.report import Offer
from layerwalk.session.telling import Teller

View = Callable[[], WalkView]
"""What is known, as of now."""


@dataclass(frozen=True)
class _Done:
    """Something that can be gone back over: a step that ran, a note (by its id), or a choice."""

    step: str = ""
    note: str = ""
    front: str = ""


class Gate:
    """Decides which measurements begin. ``decide`` is for any thread, all else for the walk's.

    ``guided`` tells the mode, ``thought_s`` how long the walk has stood still for a person, in
    seconds.
    """

    def __init__(self, teller: Teller, findings: Findings) -> None:
        self.thought_s = 0.0
        self._teller = teller
        self._findings = findings
        self.guided = False
        self._decided: queue.SimpleQueue[Decision] = queue.SimpleQueue()
        self._bell = threading.Event()
        self._begun: dict[str, Open] = {}
        self._open: dict[str, Open] = {}
        self._told: tuple[Offer, ...] = ()
        self._again = ""
        self._front = ""
        self._history: list[_Done] = []

    def decide(self, decision: Decision) -> None:
        """Take a decision; one about a step that is not offered any more does nothing."""
        self._decided.put(decision)
        self._bell.set()

    def ring(self) -> None:
        """Wake a walk that waits for a decision."""
        self._bell.set()

    def wait(self) -> bool:
        """Wait for the person; tells whether there was anything to wait for."""
        if not self._open:
            return False
        began = time.monotonic()
        self._bell.wait()
        self._bell.clear()
        self.thought_s += time.monotonic() - began
        return True

    def passing(self, view: View, *, busy: bool) -> tuple[Measure, ...]:
        """Take in what was decided and give the measurements that begin now.

        ``busy`` says that some are under way: in guided mode nothing is offered beside them.
        """
        chosen = self._heed(view)
        if not self.guided:
            return self._beginning(to_measure(view(), self._begun))
        if chosen:
            return self._beginning((chosen,))
        self._open = {} if busy else self._offered(view)
        return ()

    def _beginning(self, measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
        self._begun.update({measure.name: measure for measure in measures})
        self._told = ()
        return measures

    def _heed(self, view: View) -> Measure | None:
        """Act on what was decided, until a measurement is to begin."""
        while not self._decided.empty():
            decision = self._decided.get()
            if isinstance(decision, Switch):
                self._switch(guided=decision.guided)
            elif isinstance(decision, Back):
                self._go_back()
            elif decision.step in self._open:
                chosen = self._act(decision, self._open[decision.step], view)
                if chosen:
                    return chosen
        return None

    def _switch(self, *, guided: bool) -> None:
        if guided != self.guided:
            self.guided, self._open, self._again, self._told = guided, {}, "", ()
            self._teller.tell(ev.ModeChanged(at_s=self._teller.now(), guided=guided))

    def _act(
        self, decision: Run | Skip | Answer | Choose, step: Open, view: View
    ) -> Measure | None:
        again, self._again = self._again == step.name, ""
        if isinstance(decision, Choose):
            self._choose(step.name)
            return None
        if isinstance(decision, Run):
            return self._run(step)
        fact: Fact | None = notes.skipped(step)
        if isinstance(decision, Answer):
            fact = notes.answered(step, decision.choice, view().target.port)
        if fact and not again:
            self._history.append(_Done(note=self._note(step, fact), step=step.name))
            del self._open[decision.step]
        return None

    def _choose(self, step: str) -> None:
        """Put a step first; going from branch to branch counts as one choice."""
        last = self._history[-1] if self._history else None
        if last is None or last.step:
            self._history.append(_Done(front=self._front))
        self._front = step

    def _run(self, step: Open) -> Measure | None:
        if not isinstance(step, Measure):
            return None
        self._history.append(_Done(step=step.name))
        self._open = {}
        return step

    def _go_back(self) -> None:
        """Undo: a note is taken back, a choice unmade, a measurement offered once more."""
        if not self._open or not self._history:
            return
        done = self._history.pop()
        self._front, self._again = done.step or done.front, ""
        if done.note:
            self._findings.take_back(done.note)
            self._teller.tell(
                ev.NoteTakenBack(at_s=self._teller.now(), step=done.step, note=done.note)
            )
        elif done.step:
            self._again = done.step

    def _note(self, step: Open, fact: Fact, *, vain: bool = False) -> str:
        now = self._teller.now()
        found = Evidence(id="", fact=fact, step=step.name, vain=vain, started_s=now)
        evidence = self._findings.add(found)
        offer = offer_of(step, None)
        entry = msgspec.structs.replace(entry_of(evidence), layer=layer_of(step))
        self._teller.tell(
            ev.StepNoted(
                at_s=now,
                step=step.name,
                title=offer.title,
                layer=offer.layer,
                evidence=entry,
                vain=vain,
            )
        )
        return evidence.id

    def _offered(self, view: View) -> dict[str, Open]:
        """Offer what is open, what was chosen first; what would be in vain is only noted."""
        before = view()
        vain = set(needless(before))
        for step in to_measure(before, self._begun):
            if step in vain:
                self._note(step, notes.in_vain(step), vain=True)
        now = view()
        steps = {step.name: step for step in open_steps(now, self._begun)}
        if self._again:
            steps[self._again] = self._begun[self._again]
        names = _from_front(list(steps), self._again or self._front)
        host, port = self._teller.state.host, now.target.port
        raw = host is None or host.privileges.raw
        offers = tuple(
            offer_of(steps[name], port, again=name == self._again, raw=raw) for name in names
        )
        if offers != self._told:
            self._told = offers
            self._teller.tell(ev.StepsOffered(at_s=self._teller.now(), offers=offers))
        shown = self._teller.state.offers  # what is redacted goes by other names
        return {offer.step: steps[name] for offer, name in zip(shown, names, strict=True)}


def _from_front(names: list[str], front: str) -> list[str]:
    """Begin with this name and go round, so that the next branch is always the second."""
    place = names.index(front) if front in names else 0
    return names[place:] + names[:place]
