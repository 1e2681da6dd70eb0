"""errno and exceptions as outcomes."""

import errno

import pytest

from layerwalk.probes.errors import outcome_of, symbol
from layerwalk.probes.facts import Outcome


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (errno.ECONNREFUSED, Outcome.REFUSED),
        (errno.ETIMEDOUT, Outcome.SILENT),
        (errno.ENETUNREACH, Outcome.UNREACHABLE),
        (errno.EHOSTUNREACH, Outcome.UNREACHABLE),
        (errno.EPERM, Outcome.REJECTED),
        (errno.EACCES, Outcome.REJECTED),
        (errno.EINVAL, Outcome.REJECTED),
        (errno.ECANCELED, Outcome.CANCELLED),
        (errno.EMFILE, Outcome.FAILED),
    ],
)
def test_an_errno_has_one_meaning(code: int, outcome: Outcome) -> None:
    assert outcome_of(OSError(code, "")) is outcome_of(code) is outcome


def test_without_rights_to_open_it_is_not_permitted() -> None:
    assert outcome_of(PermissionError(errno.EPERM, ""), opening=True) is Outcome.NOT_PERMITTED
    assert outcome_of(OSError(errno.EMFILE, ""), opening=True) is Outcome.FAILED


def test_a_symbol_is_the_manuals() -> None:
    assert symbol(ConnectionRefusedError(errno.ECONNREFUSED, "")) == "ECONNREFUSED"
    assert symbol(TimeoutError()) == "ETIMEDOUT"
    assert not symbol(OSError("no number"))
    assert symbol(4095) == "errno 4095"
