"""What it costs to begin: commands that only print, and the imports behind them."""

import subprocess
import sys
from statistics import median

from benchmarks.asked import Asked
from benchmarks.processes import Ended, to_its_end
from benchmarks.tables import Cell, Section

RUNS = 7
HOW = (
    "Runs of each: {runs}, as whole processes, in turn; medians. The interpreter alone is "
    "part of every other line."
)
COLUMNS = ("process", "seconds", "beyond the interpreter")
ALONE = "the interpreter alone"
PROCESSES = {
    ALONE: ("-c", "pass"),
    "`--version`": ("-m", "layerwalk", "--version"),
    "`causes`": ("-m", "layerwalk", "causes"),
    "`diagnose --help`": ("-m", "layerwalk", "diagnose", "--help"),
    "import of a whole walk": ("-c", "import layerwalk.session.walk"),
    "import of the command line": ("-c", "import layerwalk.tui.cli"),
    "import of the app": ("-c", "import layerwalk.tui.app"),
    "reading packets for a person (scapy)": (
        "-c",
        "from layerwalk.probes.wire.dissection import layers; layers()",
    ),
}


def measured(asked: Asked) -> Section:
    """Time every process, one of each in every round."""
    runs = asked.runs_or(RUNS)
    found: dict[str, list[Ended]] = {name: [] for name in PROCESSES}
    for _ in range(runs):
        for name, words in PROCESSES.items():
            found[name].append(started(words))
    alone = median(it.seconds for it in found[ALONE])
    rows: list[tuple[Cell, ...]] = []
    for name, its in found.items():
        seconds = median(it.seconds for it in its)
        rows.append((name, seconds, seconds - alone))
    return Section("Start-up", HOW.format(runs=runs), COLUMNS, rows)


def started(words: tuple[str, ...]) -> Ended:
    """Run Python with these words; RuntimeError where it does not end well."""
    ended = to_its_end(subprocess.Popen, [sys.executable, *words])
    if ended.status:
        raise RuntimeError(f"{' '.join(words)}: {ended.err.strip()[-200:]}")
    return ended
