import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from layerwalk.session.markdown import cell, code, fenced, prose, to_markdown
from tests.unit.session.reports import HARM, faulty, harmful, healthy

READER = MarkdownIt("gfm-like", {"html": True, "linkify": True})
ACTIVE = {"link_open", "image", "html_inline", "html_block", "strong_open", "em_open"}
MARKUP = st.text(st.sampled_from("`*_[]()<>!#|\\~&@:/.-+=$0123 \nabhtpw\x1b\u202e")) | st.text()


def tokens(text: str) -> list[Token]:
    return [it for top in READER.parse(text) for it in (top, *(top.children or ()))]


def active(text: str) -> set[str]:
    return {it.type for it in tokens(text)} & ACTIVE


def shown(text: str) -> str:
    return "".join(it.content for it in tokens(text) if it.type in {"text", "code_inline"})


def test_the_verdict_says_what_the_text_says() -> None:
    made = to_markdown(faulty())
    for said in (
        "# layerwalk: `db.internal:5432`",
        "**FAULT**: A firewall behind `203.0.113.1` drops the SYN to port 5432.",
        "Whose timer: The program gave up after 5 s, its own limit.",
        "## A firewall drops the connection (`firewall-drop`)",
        "Where: on the path, after hop 2 (`203.0.113.1`).",
        "1. On the network: Let the port through. (changes settings)",
        "   ```sh\n   nft ...\n   ```",
        "- `conntrack-full`: not permitted; to look there: `run as root`",
        "| 2 | `203.0.113.1` | 3 of 3 | 0.4 ms | answered |",
        "- `e2` (`syn`, layer 4, `silent`): `SYN to 198.51.100.10:5432: 4 sent, no answer`",
    ):
        assert said in made


def test_several_reports_stand_one_after_another() -> None:
    assert to_markdown((faulty(), healthy())).count("# layerwalk: ") == 2


def test_harm_stays_text() -> None:
    made = to_markdown(harmful())
    assert all(line.isprintable() for line in made.split("\n"))
    assert active(made) == {"strong_open"}  # the outcome's own
    assert [it.type for it in tokens(made)].count("strong_open") == 1


def test_harm_adds_no_block() -> None:
    kinds = [it.type for it in READER.parse(to_markdown(harmful()))]
    usual = [it.type for it in READER.parse(to_markdown(harmful("x\ny\n\nz\nx")))]
    assert kinds == usual


@given(MARKUP)
def test_prose_is_read_as_it_was_written(text: str) -> None:
    made = prose(f"x {text}")
    assert not active(made)
    assert [it.type for it in READER.parse(made)] == ["paragraph_open", "inline", "paragraph_close"]


@given(MARKUP)
def test_a_paragraph_of_prose_is_no_other_block(text: str) -> None:
    assert {it.type for it in READER.parse(prose(text))} <= {
        "paragraph_open",
        "inline",
        "paragraph_close",
    }


@given(MARKUP.filter(str.strip))
def test_a_code_span_holds_all_of_its_text(text: str) -> None:
    spans = [it for it in tokens(f"x {code(text)} y") if it.type == "code_inline"]
    assert len(spans) == 1
    assert not active(code(text))


@given(MARKUP.filter(str.strip))
def test_a_cell_stays_one_cell(text: str) -> None:
    table = f"| a | b |\n|---|---|\n| {cell(text)} | y |\n"
    kinds = [it.type for it in READER.parse(table)]
    assert kinds.count("td_open") == 2
    assert [it.content for it in tokens(table) if it.type == "text"][-1] == "y"


@given(MARKUP)
def test_a_fence_is_closed_by_its_own_end_only(text: str) -> None:
    blocks = READER.parse("\n".join(fenced(text)))
    assert [it.type for it in blocks] == ["fence"]


@pytest.mark.parametrize("word", ["@someone", "team/repo#12", "#12", "GH-12", "deadbeef", "www.x"])
def test_what_a_forge_would_link_is_a_code_span(word: str) -> None:
    assert prose(f"see {word}, please") == f"see `{word}`, please"


@pytest.mark.parametrize("text", ["a plain line, as it is", "5 of 6 (50%) don't half-open."])
def test_plain_prose_stays_plain(text: str) -> None:
    assert prose(text) == text


def test_an_item_is_no_list() -> None:
    assert prose("1. x") == r"1\. x"
    assert "bold" in shown(prose(HARM))
