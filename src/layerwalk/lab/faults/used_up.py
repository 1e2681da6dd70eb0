"""A program on the server is at its end: of open files, of processes, or of room for a file."""

from layerwalk.lab.serving import at_server, server_fault
from layerwalk.lab.shapes import Scenario, Shape, base
from layerwalk.lab.spec.programs import Failing, Need, Program

_FILES = 48
_TIGHT = {0: Failing.CLOSE, 1: Failing.ERROR}


def _program(shape: Shape, cause: str | None, **made: object) -> Scenario:
    """Put a program in the place of the server's service, and ask it as HTTP."""
    program = Program(shape.port, **made)  # type: ignore[arg-type]  # the caller's names
    network = base(shape).with_host("server", services=(), programs=(program,))
    address = network.address("server", shape.family)
    host = f"[{address}]" if shape.family == 6 else address
    return at_server(network, shape, cause, target=f"http://{host}:{shape.port}/")


def _no_file(shape: Shape) -> Scenario:
    return _program(shape, "descriptors-exhausted", files=_FILES, held=_FILES)


def _no_child(shape: Shape) -> Scenario:
    failing = _TIGHT.get(shape.routers, Failing.HANG)
    return _program(shape, "processes-exhausted", need=Need.CHILD, tasks=1, failing=failing)


def _no_room(shape: Shape) -> Scenario:
    failing = _TIGHT.get(shape.routers, Failing.HANG)
    return _program(
        shape, "disk-exhausted", need=Need.ROOM, spool="size=64k", left=0, failing=failing
    )


def _no_inode(shape: Shape) -> Scenario:
    spool = "size=1m,nr_inodes=8"
    return _program(shape, "disk-exhausted", need=Need.ROOM, spool=spool, names=9)


def _many_files(shape: Shape) -> Scenario:
    return _program(shape, None, files=_FILES, held=_FILES - 8)


def _nearly_full(shape: Shape) -> Scenario:
    return _program(shape, None, need=Need.ROOM, spool="size=1m", left=48 << 10)


def _full_unneeded(shape: Shape) -> Scenario:
    return _program(shape, None, spool="size=64k", left=0)


def _many_children(shape: Shape) -> Scenario:
    return _program(shape, None, need=Need.CHILD, tasks=9)


FAULTS = (
    server_fault(
        "descriptors-exhausted",
        "the service has as many files open as it may",
        "descriptors-exhausted",
        _no_file,
    ),
    server_fault(
        "processes-exhausted",
        "the service's user has as many processes as it may",
        "processes-exhausted",
        _no_child,
    ),
    server_fault("disk-exhausted", "the service's spool has no room", "disk-exhausted", _no_room),
    server_fault(
        "disk-exhausted-inodes", "the service's spool has no inode", "disk-exhausted", _no_inode
    ),
    server_fault("healthy-many-files", "many files are open, and some to spare", None, _many_files),
    server_fault("healthy-nearly-full", "the spool is nearly full", None, _nearly_full),
    server_fault("healthy-full-unneeded", "a full disk that nobody needs", None, _full_unneeded),
    server_fault("healthy-forking", "a service that forks, below its limit", None, _many_children),
)
