"""The page of results, of which one section is measured anew."""

from benchmarks.results import renewed, sections

PAGE = """# What layerwalk takes

## One

old

- a note

## Two

too

## Gone

long since
"""
ORDER = ("Zero", "One", "Two")


def test_a_section_is_put_in_the_place_of_the_old_one() -> None:
    page = renewed(PAGE, {"One": "## One\n\nnew\n"}, ORDER)
    assert page == "# What layerwalk takes\n\n## One\n\nnew\n\n## Two\n\ntoo\n"


def test_a_section_that_is_new_comes_in_its_order() -> None:
    page = renewed(PAGE, {"Zero": "## Zero\n\n0\n"}, ORDER)
    assert list(sections(page)) == ["Zero", "One", "Two"]
    assert sections(page)["One"] == "## One\n\nold\n\n- a note\n"


def test_a_page_can_begin_with_nothing() -> None:
    assert renewed("", {"Two": "## Two\n\nx\n"}, ORDER) == "# What layerwalk takes\n\n## Two\n\nx\n"


def test_what_is_measured_again_keeps_the_rest_as_it_is() -> None:
    page = renewed(PAGE, {}, ("One", "Two"))
    assert renewed(page, {}, ("One", "Two")) == page
