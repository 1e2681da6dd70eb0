"""Walks in labs, and the table of what a matrix found."""

from collections import Counter, defaultdict
from collections.abc import Generator, Iterator

import pytest

from layerwalk.lab.errors import UnavailableError
from tests.lab.walks import Walker


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:  # noqa: ARG001  # pytest's own
    """Skip a lab that takes what this machine has not, by its name."""
    try:
        return (yield)
    except UnavailableError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def walker() -> Iterator[Walker]:
    """A process that walks in labs, one for each of the test's workers."""
    made = Walker()
    yield made
    made.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write a line for each fault: how many shapes of it were told right."""
    table: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            for name, value in report.user_properties:
                if name == "fault":
                    table[str(value)][outcome] += 1
    if table:
        terminalreporter.section("faults told right")
    for fault, told in sorted(table.items()):
        terminalreporter.line(f"{fault:36} {told['passed']:5} of {told.total():5}")
