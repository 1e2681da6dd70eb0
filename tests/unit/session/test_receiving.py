"""What the walk's own sockets drop: counted, and put down to what ran meanwhile."""

from typing import cast

from layerwalk.probes.wire.wire import Wire
from layerwalk.session.receiving import Receiving


class DroppingWire:
    """A wire that has dropped so many packets."""

    def __init__(self) -> None:
        self.count = 0
        self.means = self

    def dropped(self) -> int:
        return self.count


def test_where_nothing_is_dropped_nothing_is_said() -> None:
    receiving = Receiving(cast("Wire", DroppingWire()))
    receiving.look(["syn a", "echo a"])
    assert receiving.fact is None


def test_only_what_ran_while_packets_were_dropped_is_named() -> None:
    wire = DroppingWire()
    receiving = Receiving(cast("Wire", wire))
    receiving.look(["links"])
    wire.count = 3
    receiving.look(["syn a", "echo a"])
    receiving.look(["trace a"])
    wire.count = 5
    receiving.look(["syn a", "control a"])
    fact = receiving.fact
    assert fact
    assert (fact.dropped, fact.during) == (5, ("syn a", "echo a", "control a"))
