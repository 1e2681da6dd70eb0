"""How figures are written."""

from benchmarks.tables import Aim, Section, markdown, written


def test_a_figure_has_as_many_digits_as_it_can_bear() -> None:
    assert [written(it) for it in (0.123, 9.999, 12.34, 123.4, 7, "-")] == [
        "0.12",
        "10.00",
        "12.3",
        "123",
        "7",
        "-",
    ]


def test_an_aim_is_met_up_to_its_bound() -> None:
    assert str(Aim("ratio", 0.5, 0.5)) == "ratio: 0.50, aim 0.5: met"
    assert str(Aim("memory", 101, 100, " MB")) == "memory: 101 MB, aim 100 MB: **missed**"


def test_numbers_stand_to_the_right() -> None:
    section = Section("Title", "How.", ("name", "n"), [("a", 5), ("longer", 12)], ["a note"])
    assert markdown(section) == (
        "## Title\n\nHow.\n\n"
        "| name   |  n |\n"
        "|--------|---:|\n"
        "| a      |  5 |\n"
        "| longer | 12 |\n\n"
        "- a note\n"
    )
