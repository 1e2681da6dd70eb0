"""This machine, or the part of it that the service may use, is out of memory.

## Why it times out
Whoever wants memory stands still while the kernel looks for some, writes pages to swap and reads
them back; or the kernel ends a process to get it, the service or one of its workers among them.
Connections then wait, break off, or find nobody.

## Evidence
While our own connection is late, breaks off or waits in vain: processes are killed for want of
memory (oom_kill in memory.events, memory.oom_control or /proc/vmstat rises); tasks stand still for
memory for a tenth of the time and more (pressure of the machine, or of the service's group); the
group is at its limit and may kill nobody (under_oom); or its address space is used up (RLIMIT_AS).

## What to do
A larger limit, more memory, fewer or smaller processes. Find what grows.

## Easily mistaken for
Memory that is full of files: the kernel gives that back at once (MemAvailable counts it). Swap that
is in use, and rests. Kills of long ago: only those that come while we look count. A service that
ended for a reason of its own (`service-not-running`). A machine that is short of memory beside a
service that sleeps while connections wait for it: it wants none.
"""

from __future__ import annotations

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.model import Advice, Cause, Example, Judgement, Layer, Status
from layerwalk.diagnosis.samples import resources as samples
from layerwalk.diagnosis.samples import server
from layerwalk.diagnosis.strain.memory import of_memory
from layerwalk.diagnosis.strain.resources import Resources
from layerwalk.diagnosis.strain.strain import EARLIER, judged
from layerwalk.probes.facts import Confines, Memory, MemoryLimit, Pressure, Resource, Role


def judge(host: AddressView) -> Judgement:
    """Processes are killed, stopped or held up for want of memory while the connection suffers."""
    seen = Resources(host)
    return judged(seen, of_memory(seen), "nothing here waits for memory")


def advise(_judgement: Judgement) -> tuple[Advice, ...]:
    """What takes the memory, whom the kernel killed, and what the group may have."""
    return (
        Advice(
            on="client",
            action="See what takes the memory, and whom the kernel killed for it.",
            command="ps -eo pid,rss,comm --sort=-rss | head; dmesg -T | grep -i 'killed process'",
        ),
        Advice(
            on="client",
            action="Give the service's group more, or make the service take less.",
            command="systemctl set-property UNIT MemoryMax=2G",
            changes_state=True,
        ),
        Advice(on="client", action="Where it is the whole machine: more memory, or less on it."),
    )


def _box(kills: int = 0, **changes: object) -> Confines:
    fields: dict[str, object] = {"limit": 64 << 20, "used": 63 << 20, "oom_kills": kills}
    folder = "/sys/fs/cgroup/memory/box"
    return Confines(memory=(MemoryLimit(folder=folder, **{**fields, **changes}),))  # type: ignore[arg-type]


def _pressure(some_s: float, full_s: float) -> tuple[Pressure, ...]:
    return (Pressure(resource=Resource.MEMORY, some_s=some_s, full_s=full_s),)


_CUT = server.served(closed_s=0.1, waited_s=0.1)
_HELD = server.listeners(server.listener())
_KILLED = samples.process_again(samples.sample(confines=_box(3)), confines=_box(4))
_STALLED = samples.machine_again(
    samples.look(pressures=_pressure(5.0, 1.0)), pressures=_pressure(6.4, 1.9)
)
_SWAP = Memory(total=8 << 30, available=1 << 30, swap_total=4 << 30, swap_free=1 << 30)

CAUSE = Cause(
    id="memory-exhausted",
    title="Memory is used up",
    layer=Layer.MACHINE,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=EARLIER,
    roles=(Role.CLIENT, Role.SERVER),
    examples=(
        Example(
            name="a worker is killed at the group's limit",
            facts=(*server.base(), _HELD, _CUT, samples.machine_again(), _KILLED),
            expect=Status.CONFIRMED,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="out of memory, and nothing may be killed",
            facts=(
                *server.base(),
                _HELD,
                server.unaccepted(),
                samples.machine_again(),
                samples.process_again(confines=_box(frozen=True)),
            ),
            expect=Status.CONFIRMED,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="the machine stands still, and the service reads its pages back",
            facts=(
                *server.base(),
                _HELD,
                server.unaccepted(),
                _STALLED,
                samples.process_again(major_faults=400),
            ),
            expect=Status.CONFIRMED,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="it stands still, and the service sleeps",
            facts=(*server.base(), _HELD, server.unaccepted(), _STALLED, samples.process_again()),
            expect=Status.RULED_OUT,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="it stands still, and serves in time",
            facts=(*server.base(), _HELD, server.served(), _STALLED, samples.process_again()),
            expect=Status.RULED_OUT,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="swap in use that rests",
            facts=(
                *server.base(),
                _HELD,
                server.unaccepted(),
                samples.machine_again(samples.look(memory=_SWAP)),
                samples.process_again(),
            ),
            expect=Status.RULED_OUT,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(name="not looked at", facts=(), expect=Status.UNKNOWN),
    ),
)
