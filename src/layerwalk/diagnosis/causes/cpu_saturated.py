"""This machine, or the part of it that the service may use, has no processor time left.

## Why it times out
The kernel still makes connections on behalf of the service, or of the client; but whoever should
take them, or wait for them, does not get its turn. Everything comes late, and what is later than
somebody's patience has timed out.

## Evidence
Between two looks a process could have run and did not: its threads waited for a processor for a
quarter of the time and more (/proc/PID/schedstat) while all processors were in use, and for half of
the time that our own connection waited, or they still do; or the group
that it is in was stopped for its quota in most periods, and stood still for that share of the time
(cpu.stat: nr_throttled, throttled_time). Threads and children that serve us and end soon are looked
at while our own connection waits. And our own connection is accepted, answered or made late,
or not at all.

## What to do
A larger quota, or none; more processors; less to do. Find what uses them up.

## Easily mistaken for
A machine that is busy, or a high load, while the service is in time: that is none. A service that
sleeps, or waits for a lock or another service, on a busy machine (`service-hung`): it does not want
a processor, and has not waited for one. Load that counts tasks waiting for disks
(`disk-exhausted`). Errors that come at once: they want no time. A quota that stopped its group long
ago: only what moves while we look counts.
"""

from __future__ import annotations

from dataclasses import replace

from layerwalk.diagnosis import samples as client
from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.model import Advice, Cause, Example, Judgement, Layer, Status
from layerwalk.diagnosis.samples import resources as samples
from layerwalk.diagnosis.samples import server
from layerwalk.diagnosis.strain.processors import of_processors
from layerwalk.diagnosis.strain.resources import Resources
from layerwalk.diagnosis.strain.strain import EARLIER, judged
from layerwalk.diagnosis.strain.suffering import slowness
from layerwalk.probes.facts import Confines, CpuQuota, ProcessorTimes, Role


def judge(host: AddressView) -> Judgement:
    """Somebody could have run, and did not, while the connection waited."""
    seen = Resources(host)
    return judged(seen, of_processors(seen), "nothing here waits for a processor", slowness)


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """What uses the processors up, and what the group may use."""
    here: tuple[Advice, ...] = (
        Advice(
            on="client",
            action="See what uses the processors, and which tasks wait for them.",
            command="top -b -n 1 -o %CPU; cat /proc/pressure/cpu",
        ),
    )
    if "quota" in judgement.explanation:
        here += (
            Advice(
                on="client",
                action="See how often the group is stopped, and give it a larger quota.",
                command="systemctl set-property UNIT CPUQuota=200%",
                changes_state=True,
            ),
        )
    return (*here, Advice(on="client", action="Move work elsewhere, or give it more processors."))


_LATE = server.served(taken_s=2.4, waited_s=2.5)
_FIRST = samples.look()
_HELD = server.listeners(server.listener())


def _box(throttled: int, stood_s: float) -> Confines:
    return Confines(
        cpu=(
            CpuQuota(
                folder="/sys/fs/cgroup/cpu/box",
                processors=0.05,
                period_s=0.1,
                periods=2 * throttled // 2 + 20,
                throttled=throttled,
                throttled_s=stood_s,
            ),
        )
    )


_BUSY = ProcessorTimes(busy_s=6.0, idle_s=18.0)
_STOPPED = samples.process_again(
    samples.sample(confines=_box(0, 0.0)), confines=_box(19, 1.8), running=1
)
_WAITED = samples.process_again(samples.sample(running=1), waited_s=1.5, ran_s=0.3, running=1)
_OWN = samples.look(confines=_box(0, 0.0))

CAUSE = Cause(
    id="cpu-saturated",
    title="No processor time is left",
    layer=Layer.MACHINE,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=EARLIER,
    roles=(Role.CLIENT, Role.SERVER),
    examples=(
        Example(
            name="the group is stopped for its quota",
            facts=(*server.base(), _HELD, _LATE, samples.machine_again(), _STOPPED),
            expect=Status.CONFIRMED,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="others have the processors",
            facts=(*server.base(), _HELD, _LATE, samples.machine_again(times=_BUSY), _WAITED),
            expect=Status.CONFIRMED,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="where the client runs, the group is stopped",
            facts=(
                client.links(),
                client.route(),
                client.open_port(),
                replace(client.connect(waited_s=2.5), rtt_s=0.001),
                samples.machine_again(_OWN, confines=_box(19, 1.8)),
            ),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="the path, not the group that is stopped, is what takes so long",
            facts=(
                client.links(),
                client.route(),
                client.open_port(),
                replace(client.connect(waited_s=2.5), rtt_s=2.4),
                samples.machine_again(_OWN, confines=_box(19, 1.8)),
            ),
            expect=Status.RULED_OUT,
        ),
        Example(
            name="stopped, and in time",
            facts=(*server.base(), _HELD, server.served(), samples.machine_again(), _STOPPED),
            expect=Status.RULED_OUT,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="a busy machine, and a service that sleeps",
            facts=(
                *server.base(),
                _HELD,
                server.unaccepted(),
                samples.machine_again(times=_BUSY),
                samples.process_again(),
            ),
            expect=Status.RULED_OUT,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="a group that others in it use up, and a service that sleeps",
            facts=(
                *server.base(),
                _HELD,
                server.unaccepted(),
                samples.machine_again(),
                samples.process_again(
                    samples.sample(confines=_box(0, 0.0)), confines=_box(19, 1.8)
                ),
            ),
            expect=Status.RULED_OUT,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(name="not looked at", facts=(), expect=Status.UNKNOWN),
    ),
)
