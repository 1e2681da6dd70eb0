"""50,000 sockets: the reader by itself and the whole command, beside ss."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from statistics import median
from subprocess import PIPE, Popen
from time import perf_counter

from benchmarks.asked import Asked
from benchmarks.processes import to_its_end
from benchmarks.tables import Aim, Cell, Section
from layerwalk.lab.build import Lab, build
from layerwalk.lab.topology import line
from layerwalk.probes.facts.sockets import TcpState
from layerwalk.probes.sock_diag import dump

RUNS = 7
HOW = (
    "{count} TCP sockets in one network namespace: {open} connected, {left} in TIME_WAIT, the rest "
    "listening. Runs of each: {runs}, in turn; medians. The reader is what all of layerwalk lists "
    "sockets by, timed inside a process that runs already, every row read; whole processes "
    "include their start, and what they print goes to a file."
)
COLUMNS = ("what", "seconds", "of ss's time", "MB")
HOARDS, PAIRS, CLOSED = 3, 6666, 3333
"""Each within what one process may have open where the limit is 20,000."""

HOARD = """
import resource, socket, sys
number, pairs, closed = map(int, sys.argv[1:])
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
place = (f"127.0.0.{number}", 9000)
server, kept = socket.create_server(place, backlog=128), []
for _ in range(pairs):
    kept += [socket.create_connection(place), server.accept()[0]]
for _ in range(closed):
    near, far = socket.create_connection(place), server.accept()[0]
    near.shutdown(socket.SHUT_WR)
    far.recv(1)
    far.close()
    near.close()
print("there", flush=True)
sys.stdin.read()
"""
BY_SS, BY_SS_INSIDE = "`ss -tan`, a whole process", "`ss -tani`, a whole process"
READER, WITH_INFO = "the reader, in process", "the reader with TCP_INFO, in process"
FEW, WHOLE = "the reader, listeners and SYN_SENT only", "`layerwalk sockets`, a whole process"
ALONE = "the interpreter alone, a whole process"


def measured(asked: Asked) -> Section:
    """Open the sockets, and list them in every way, one of each in every round."""
    runs = asked.runs_or(RUNS)
    with crowded() as lab:
        ways = {name: partial(way, lab) for name, way in WAYS.items()}
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        with lab.inside("client"):
            rows = dump()
        for _ in range(runs):
            for name, way in ways.items():
                found[name].append(way())
    theirs = median(seconds for seconds, _ in found[BY_SS])
    table: list[tuple[Cell, ...]] = []
    for name, times in found.items():
        seconds = median(it for it, _ in times)
        table.append((name, seconds, seconds / theirs, max(peak for _, peak in times) or "-"))
    counts = [sum(row.state is state for row in rows) for state in (TcpState.ESTABLISHED, LEFT)]
    how = HOW.format(count=len(rows), open=counts[0], left=counts[1], runs=runs)
    mine = median(seconds for seconds, _ in found[READER])
    note = Aim("the reader beside `ss -tan`", mine, round(theirs, 4), " s")
    return Section("50,000 sockets", how, COLUMNS, table, [str(note)])


LEFT = TcpState.TIME_WAIT


@contextmanager
def crowded() -> Iterator[Lab]:
    """A network whose client has them all, on its loopback."""
    wide = (("net.ipv4.ip_local_port_range", "1024 65000"),)
    with build(line(0).with_host("client", sysctls=wide)) as lab, ExitStack() as stack:
        for number in range(1, HOARDS + 1):
            words = (sys.executable, "-I", "-S", "-c", HOARD, str(number), str(PAIRS), str(CLOSED))
            hoard: Popen[str] = lab.popen("client", words, stdin=PIPE, stdout=PIPE, text=True)
            stack.callback(ended, hoard)
            assert hoard.stdout
            assert hoard.stdout.readline()
        yield lab


def ended(hoard: "Popen[str]") -> None:
    """End it, and with it its sockets."""
    hoard.kill()
    hoard.communicate()


def process(words: Sequence[str], lab: Lab) -> tuple[float, float]:
    """Seconds of a whole process, and the most memory that it had."""
    done = to_its_end(partial(lab.popen, "client"), words)
    if done.status:
        raise RuntimeError(f"{words[0]}: {done.err.strip()[-200:]}")
    return done.seconds, done.peak_mb


def reading(call: Callable[[], object], lab: Lab) -> tuple[float, float]:
    """Seconds of a reading inside this process."""
    with lab.inside("client"):
        began = perf_counter()
        found = call()
        took_s = perf_counter() - began
    del found  # what it takes to forget them is not part of reading
    return took_s, 0.0


WAYS: dict[str, Callable[[Lab], tuple[float, float]]] = {
    BY_SS: partial(process, ("ss", "-tan")),
    READER: partial(reading, dump),
    FEW: partial(reading, partial(dump, {TcpState.LISTEN, TcpState.SYN_SENT})),
    BY_SS_INSIDE: partial(process, ("ss", "-tani")),
    WITH_INFO: partial(reading, partial(dump, info=True)),
    WHOLE: partial(process, (sys.executable, "-m", "layerwalk", "sockets")),
    ALONE: partial(process, (sys.executable, "-c", "pass")),
}
