"""A file system that the service needs is full, or its disk can't keep up.

## Why it times out
A service that has to write before it answers (a log, a spool, a session, a row) gets "no space left
on device", or waits for a disk. It then answers with an error, closes, or not at all; and many a
service goes on listening as if nothing had happened.

## Evidence
Our own connection is answered with an error, late or not at all; and a file system that the process
has files open on, works in, is told of when it starts, or that is written to meanwhile, has no
block or no inode left (statvfs(3)), or was made read-only by the kernel after an error. Or: all
that runs stands still for disks for a quarter of the time (pressure), the service among it.

## What to do
Make room, or more inodes; find what fills it (deleted files that are still open take room, too).
For a saturated disk: see who reads and writes, and spread it.

## Easily mistaken for
A disk that is nearly full: what fits, fits. One that is full and that the service has nothing to do
with. Room that is kept for root. A disk that is busy all the time and keeps up. Tiny file systems
that are full by nature (snap, CD images). A quota of the user's own is not seen from here.
"""

from __future__ import annotations

from layerwalk.diagnosis.address_view import AddressView
from layerwalk.diagnosis.model import Advice, Cause, Example, Judgement, Layer, Status
from layerwalk.diagnosis.samples import resources as samples
from layerwalk.diagnosis.samples import server
from layerwalk.diagnosis.strain.disks import of_disks
from layerwalk.diagnosis.strain.resources import Resources
from layerwalk.diagnosis.strain.strain import EARLIER, judged
from layerwalk.probes.facts import FileSystem, Pressure, ProcessFact, Resource, Role, Tie


def judge(host: AddressView) -> Judgement:
    """What the service writes to is full, or holds everything up, while the connection suffers."""
    seen = Resources(host)
    return judged(seen, of_disks(seen), "no file system that it needs is full")


def advise(_judgement: Judgement) -> tuple[Advice, ...]:
    """What fills it, deleted files among it, and who uses the disk."""
    return (
        Advice(
            on="client",
            action="See which file systems have no room, and which no inodes.",
            command="df -h; df -i",
        ),
        Advice(
            on="client",
            action="See what takes the room, and which deleted files are still open.",
            command="du -xh --max-depth=2 / | sort -h | tail; lsof +L1",
        ),
        Advice(
            on="client",
            action="Where the disk is slow: see who waits for it, and whether it reports errors.",
            command="cat /proc/pressure/io; iostat -x 1 3; dmesg -T | tail",
        ),
    )


def _room(**changes: object) -> FileSystem:
    fields: dict[str, object] = {
        "place": "/var/spool/app",
        "kind": "ext4",
        "tie": Tie.OPEN,
        "size": 1 << 30,
        "free": 0,
        "inodes": 65_536,
        "free_inodes": 60_000,
    }
    return FileSystem(**{**fields, **changes})  # type: ignore[arg-type]


def _with(*found: FileSystem) -> ProcessFact:
    return samples.process_again(file_systems=found)


def _pressure(full_s: float) -> tuple[Pressure, ...]:
    return (Pressure(resource=Resource.IO, some_s=full_s, full_s=full_s),)


_HELD = server.listeners(server.listener())
_CUT = server.served(closed_s=0.1, waited_s=0.1)
_ERROR = server.served(asked="http", answered_s=0.01, said=90, status=500)

CAUSE = Cause(
    id="disk-exhausted",
    title="A file system is full, or its disk can't keep up",
    layer=Layer.MACHINE,
    doc=__doc__,
    judge=judge,
    advise=advise,
    before=EARLIER,
    roles=(Role.SERVER,),
    examples=(
        Example(
            name="no block is left",
            facts=(*server.base(), _HELD, _CUT, samples.machine_again(), _with(_room())),
            expect=Status.CONFIRMED,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="no inode is left where programs write",
            facts=(
                *server.base(),
                _HELD,
                _ERROR,
                samples.machine_again(),
                _with(_room(place="/var", tie=Tie.USUAL, free=9 << 20, free_inodes=0)),
            ),
            expect=Status.LIKELY,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="everything stands still for disks",
            facts=(
                *server.base(),
                _HELD,
                server.unaccepted(),
                samples.machine_again(
                    samples.look(pressures=_pressure(1.0)), pressures=_pressure(2.5)
                ),
                samples.process_again(samples.sample(blocked=1), blocked=1),
            ),
            expect=Status.LIKELY,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="full, and served in time",
            facts=(*server.base(), _HELD, server.served(), samples.machine(), _with(_room())),
            expect=Status.RULED_OUT,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="nearly full",
            facts=(
                *server.base(),
                _HELD,
                _CUT,
                samples.machine_again(),
                _with(_room(free=50 << 20)),
            ),
            expect=Status.RULED_OUT,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
        Example(
            name="not looked at",
            facts=(*server.base(), _HELD, _CUT),
            expect=Status.UNKNOWN,
            target=server.OWN,
            standpoint=server.AS_SERVER,
        ),
    ),
)
