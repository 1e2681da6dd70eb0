"""What is told of many walks."""

from benchmarks.by_hand import Manual, beyond
from benchmarks.processes import Ended
from benchmarks.scenes import Scene
from benchmarks.verdict import Timed, aims, rows
from benchmarks.walks import Walked
from layerwalk.lab.faults import ALL


def timed(fault: str, whole_s: float, manual_s: float, said: str | None = None) -> Timed:
    scene = Scene(ALL[fault], next(iter(ALL[fault].shapes())))
    scenario = scene.scenario()
    causes = [{"id": said, "where": {}}] if said else []
    report = {"seconds": whole_s, "verdict": {"outcome": "healthy", "causes": causes}}
    walk = Walked(Ended(0, whole_s, 50.0, "", ""), report, scenario)
    return Timed(scene, (walk,), (Manual(manual_s, manual_s / 2),))


FOUND = [timed("healthy", 1.0, 5.0), timed("healthy-far", 3.0, 5.0, "port-closed")]


def test_a_cause_has_one_line_and_all_have_another() -> None:
    names = [row[0] for row in rows([*FOUND, timed("port-closed", 1.0, 10.0)])]
    assert names == ["port-closed", "none: healthy", "all"]
    healthy = rows(FOUND)[0]
    assert healthy[1:] == (2, "1 of 2", 4.0, 10.0, 0.4, 3.0, "healthy-far", 50.0)


def test_the_aims_are_judged_and_the_quicker_procedure_is_told_beside() -> None:
    told = aims(FOUND)
    assert "walks told wrong: 1, aim 0: **missed**" in told
    assert "ratio of the sums: 0.40, aim 0.1: **missed**" in told
    assert "median of the ratios: 0.40, aim 0.4: met" in told
    assert told[-1] == (
        "beside the procedure without mtr and tracepath: 0.80 summed, 0.80 in the median"
    )


def test_where_nothing_was_done_by_hand_nothing_is_compared() -> None:
    alone = Timed(FOUND[0].scene, FOUND[0].walks, ())
    assert rows([alone])[0][4:6] == ("-", "-")
    assert not [note for note in aims([alone]) if "ratio" in note or "beside" in note]


def test_the_marks_of_the_script_tell_what_lies_between_them() -> None:
    assert beyond("100.5\n102.75\n") == 2.25
    assert beyond("") == 0.0
