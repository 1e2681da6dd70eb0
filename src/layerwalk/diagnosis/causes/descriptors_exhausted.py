"""A process, or the machine, has as many files open as it may.

## Why it times out
Every connection is an open file. At its limit a service can accept no more: connections stay in the
listener's queue, made and never served, until the queue is full; or it accepts, can't open what it
needs, and closes. A client at its limit can't even make a socket.

## Evidence
No descriptor number below the process's limit is free (/proc/PID/fd, limits), or as many files are
open on the machine as fs.file-max says; and our own connection is not accepted, closed or not
answered. Of a client that is named by --pid the limit alone decides: it can open no socket.

## What to do
Find what it keeps open (connections that nobody closes, files, pipes). A higher limit mends what is
none of a leak.

## Easily mistaken for
Many open files below the limit. A limit that was lowered below numbers in use: what counts are the
free numbers. A full queue (`accept-queue-full`), which is the effect. A service that has stopped
accepting for another reason (`service-hung`).
"""

from __future__ import annotations

from layerwalk.diagnosis import samples as client
from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.model import Advice, Cause, Example, Judgement, Layer, Status
from layerwalk.diagnosis.samples import resources as samples
from layerwalk.diagnosis.samples import server
from layerwalk.diagnosis.strain.descriptors import of_descriptors
from layerwalk.diagnosis.strain.resources import Resources
from layerwalk.diagnosis.strain.strain import EARLIER, judged, pid_of
from layerwalk.probes.facts import Limits, Role


def judge(host: AddressView) -> Judgement:
    """The service's process is at its limit while the connection suffers, or the client's is."""
    seen = Resources(host)
    return judged(seen, of_descriptors(seen), "there is room for more open files")


def advise(judgement: Judgement) -> tuple[Advice, ...]:
    """What it has open, and how many more it may have."""
    pid = pid_of(judgement)
    return (
        Advice(
            on="client",
            action="See what it has open: mostly sockets, and of whom, or files, or pipes.",
            command=f"lsof -p {pid} | awk '{{print $5}}' | sort | uniq -c; ls -l /proc/{pid}/fd",
        ),
        Advice(
            on="client",
            action="Give the running process room, to gain time.",
            command=f"prlimit --pid {pid} --nofile=65536",
            changes_state=True,
        ),
        Advice(
            on="client",
            action="Raise the limit for good, where it is none of a leak.",
            command="systemctl edit UNIT  # [Service] LimitNOFILE=65536",
            changes_state=True,
        ),
        Advice(on="client", action="Mend the leak: close what is no longer used, and time it out."),
    )


_HELD = server.listeners(server.listener())
_FULL = {"limits": Limits(open_files=64), "open_files": 64, "free_files": 0}
_MANY = {"limits": Limits(open_files=1024), "open_files": 990, "free_files": 34}
_CLIENT = (client.links(), client.route(), client.open_port(), client.connect())

CAUSE = Cause(
    id="descriptors-exhausted",
    title="As many files are open as may be",
    layer=Layer.MACHINE,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=EARLIER,
    roles=(Role.CLIENT, Role.SERVER),
    examples=(
        Example(
            name="the service can't accept",
            facts=(
                *server.base(),
                _HELD,
                server.unaccepted(),
                samples.machine(),
                samples.process(**_FULL),
            ),
            expect=Status.CONFIRMED,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="the machine is at its limit",
            facts=(
                *server.base(),
                _HELD,
                server.unaccepted(),
                samples.machine(open_files=9_999, most_open_files=10_000),
                samples.process(),
            ),
            expect=Status.CONFIRMED,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="the client can open no socket",
            facts=(*_CLIENT, samples.machine(), samples.process(**_FULL)),
            expect=Status.CONFIRMED,
        ),
        Example(
            name="all but a few",
            facts=(
                *server.base(),
                _HELD,
                server.served(closed_s=0.1),
                samples.machine(),
                samples.process(limits=Limits(open_files=64), open_files=63, free_files=1),
            ),
            expect=Status.LIKELY,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="many, and room for more",
            facts=(
                *server.base(),
                _HELD,
                server.unaccepted(),
                samples.machine(),
                samples.process(**_MANY),
            ),
            expect=Status.RULED_OUT,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="at its limit, and served",
            facts=(
                *server.base(),
                _HELD,
                server.served(),
                samples.machine(),
                samples.process(**_FULL),
            ),
            expect=Status.RULED_OUT,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="the process was not seen",
            facts=(*server.base(), _HELD, server.unaccepted(), samples.machine()),
            expect=Status.UNKNOWN,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
    ),
)
