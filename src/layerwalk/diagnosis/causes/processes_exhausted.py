"""The user, the control group or the machine has as many processes or threads as it may.

## Why it times out
A service that starts a process or a thread for each connection can start no more (EAGAIN). It then
leaves the connection in its queue, holds it and never answers, or closes it; a thread pool that
can't grow makes everybody wait.

## Evidence
The kernel refuses to start something in the service's group while our own connection suffers
(pids.events rises), or the group has as many tasks as it may (pids.current, pids.max), its user as
many as RLIMIT_NPROC says (root has no such limit), or the machine (kernel.threads-max, pid_max).

## What to do
Find what multiplies: children that nobody waits for, threads that never end. Then a higher limit.

## Easily mistaken for
Many processes below the limit. A group at its limit with a service that starts nothing and hangs
(`service-hung`): what it would say in its log decides. Memory for a thread's stack that is not to
be had (`memory-exhausted`), which gives the same error.
"""

from __future__ import annotations

from layerwalk.diagnosis import samples as client
from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.model import Advice, Cause, Example, Judgement, Layer, Status
from layerwalk.diagnosis.samples import resources as samples
from layerwalk.diagnosis.samples import server
from layerwalk.diagnosis.strain.resources import Resources
from layerwalk.diagnosis.strain.strain import EARLIER, judged
from layerwalk.diagnosis.strain.tasks import of_tasks
from layerwalk.probes.facts import Confines, Limits, Role, TasksLimit


def judge(host: AddressView) -> Judgement:
    """Nothing more can be started while the connection suffers, or by the client that is named."""
    seen = Resources(host)
    return judged(seen, of_tasks(seen), "there is room for more processes and threads")


def advise(_judgement: Judgement) -> tuple[Advice, ...]:
    """What multiplies, and how much more there may be."""
    return (
        Advice(
            on="client",
            action="See which processes there are so many of, and how many threads they have.",
            command="ps -eo user,nlwp,stat,comm --sort=-nlwp | head -20",
        ),
        Advice(
            on="client",
            action="Raise the limit of the service's group, or of its user.",
            command="systemctl set-property UNIT TasksMax=4096",
            changes_state=True,
        ),
        Advice(on="client", action="Have the service wait for its children, and bound its pools."),
    )


def _box(refused: int = 0, tasks: int = 24) -> Confines:
    folder = "/sys/fs/cgroup/pids/box"
    return Confines(tasks=(TasksLimit(folder=folder, limit=24, tasks=tasks, refused=refused),))


_HELD = server.listeners(server.listener())
_CUT = server.served(closed_s=0.1, waited_s=0.1)
_CLIENT = (client.links(), client.route(), client.open_port(), client.connect())
_USERS = {"limits": Limits(tasks=40), "user_tasks": 40}

CAUSE = Cause(
    id="processes-exhausted",
    title="As many processes or threads are there as may be",
    layer=Layer.MACHINE,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=EARLIER,
    roles=(Role.CLIENT, Role.SERVER),
    examples=(
        Example(
            name="the kernel refuses to start one",
            facts=(
                *server.base(),
                _HELD,
                _CUT,
                samples.machine_again(),
                samples.process_again(samples.sample(confines=_box()), confines=_box(1)),
            ),
            expect=Status.CONFIRMED,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="its user is at the limit",
            facts=(*server.base(), _HELD, _CUT, samples.machine(), samples.process(**_USERS)),
            expect=Status.LIKELY,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="the machine is at its limit",
            facts=(
                *server.base(),
                _HELD,
                server.unaccepted(),
                samples.machine(tasks=59_990),
                samples.process(),
            ),
            expect=Status.CONFIRMED,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="the client can start no thread",
            facts=(*_CLIENT, samples.machine(), samples.process(confines=_box())),
            expect=Status.LIKELY,
        ),
        Example(
            name="root has no such limit",
            facts=(
                *server.base(),
                _HELD,
                _CUT,
                samples.machine(),
                samples.process(exempt=True, **_USERS),
            ),
            expect=Status.RULED_OUT,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="many, and room for more",
            facts=(
                *server.base(),
                _HELD,
                _CUT,
                samples.machine(),
                samples.process(confines=_box(tasks=23)),
            ),
            expect=Status.RULED_OUT,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="the process was not seen",
            facts=(*server.base(), _HELD, _CUT, samples.machine()),
            expect=Status.UNKNOWN,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
    ),
)
