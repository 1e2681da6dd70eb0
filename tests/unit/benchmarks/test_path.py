"""How soon a path is whole."""

from benchmarks.path import Path, until_full
from benchmarks.walks import Walked


def test_the_addresses_of_the_hops_that_answer() -> None:
    hops = Path(4, silent=(3, 6)).hops
    assert {*hops} == {*range(1, 14)} - {3, 6}
    assert (hops[1], hops[2], hops[13]) == ("198.51.100.1", "198.18.1.2", "203.0.113.10")


def test_it_is_whole_when_the_last_hop_has_answered() -> None:
    path = Path(6)
    came = [(10.0 + at / 100, address) for at, address in path.hops.items()]
    left = [(9.0, "2001:db8:1::53"), (10.0, path.host), (11.0, path.host)]
    early = [(9.5, path.hops[13])]
    assert round(until_full(path, left, early + came), 3) == 0.13


def walk(hops: list[dict[str, object]], outcome: str = "healthy") -> Walked:
    report = {"verdict": {"outcome": outcome, "causes": []}, "path": hops}
    return Walked(None, report, Path(4).scenario())  # type: ignore[arg-type]


def test_a_hop_that_is_misread_makes_the_walk_wrong() -> None:
    path = Path(4, silent=(3,))
    rows = [{"hop": at, "addresses": [path.hops[at]] if at != 3 else []} for at in range(1, 14)]
    assert path.is_right(walk(rows))
    assert not path.is_right(walk(rows[:-1]))
    assert not path.is_right(walk(rows, "inconclusive"))
    assert not path.is_right(walk([{**rows[0], "addresses": []}, *rows[1:]]))


def test_a_target_without_a_port_is_an_address() -> None:
    assert Path(6, port=False).scenario().target == "2001:db8:2::10"
    assert Path(6).scenario().target == "[2001:db8:2::10]:5432"
