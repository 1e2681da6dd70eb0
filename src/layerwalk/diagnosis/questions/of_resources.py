"""What the looks at this machine's resources ask, and those at a process."""

from __future__ import annotations

from layerwalk.diagnosis.questions.record import Choice, Question
from layerwalk.diagnosis.tree import Step

_FREE = Choice(
    id="enough",
    text="It has enough of everything.",
    proves="What this machine has left is not to blame.",
)
_TIME = Choice(
    id="no-time",
    text="Its processors, or the part of them that it may use, are used up.",
    proves="Whatever it does comes late, and the mend is on this machine.",
)
_MEMORY = Choice(
    id="no-memory",
    text="It is short of memory: it swaps, or processes are killed.",
    proves="Programs stand still while memory is looked for, or are gone.",
)
MACHINE = Question(
    id=Step.MACHINE,
    text="How much is this machine loaded, and what has it left?",
    why="It costs the network nothing, and a machine at its end looks like a bad network.",
    choices=(_FREE, _TIME, _MEMORY),
)
MACHINE_AGAIN = Question(
    id=Step.MACHINE_AGAIN,
    text="What has moved on this machine since: stalls, swapping, killed processes?",
    why="What it has counted since it started is history; what moved meanwhile is not.",
    choices=(_FREE, _TIME, _MEMORY),
)
_FILES = Choice(
    id="no-files",
    text="It has as many files open as it may.",
    proves="It can accept and open nothing more until it closes something.",
)
_TASKS = Choice(
    id="no-tasks",
    text="Its user or group has as many processes or threads as it may.",
    proves="It can start nothing more until something ends.",
)
_DISK = Choice(
    id="full-disk",
    text="A file system that it writes to is full.",
    proves="Whatever has to be written before it answers fails, or waits.",
)
PROCESS = Question(
    id=Step.PROCESS,
    text="Is the process at one of its limits, or is a file system full that it needs?",
    why="A process may be at its end on a machine that has plenty left.",
    choices=(_FREE, _FILES, _TASKS, _DISK, _TIME, _MEMORY),
)
PROCESS_AGAIN = Question(
    id=Step.PROCESS_AGAIN,
    text="What held the process up meanwhile: its group's quota, memory, a full disk?",
    why="Only between two looks it shows what it waited for.",
    choices=(_FREE, _FILES, _TASKS, _DISK, _TIME, _MEMORY),
)
