"""Places on the way, as several causes say them."""

import pytest

from layerwalk.diagnosis.place_words import behind, hop_in_words, link

HOP = {"hop": 2, "address": "203.0.113.1"}


@pytest.mark.parametrize(
    ("where", "said", "named"),
    [
        ({"after": HOP}, "behind hop 2 (203.0.113.1)", "the link behind hop 2 (203.0.113.1)"),
        ({"after": {"hop": 2}}, "behind hop 2", "the link behind hop 2"),
        ({"after": {"hop": 0, "address": ""}}, "on the first link", "this machine's own link"),
        ({"kind": "host"}, "somewhere on the way", "this machine's own link"),
    ],
)
def test_it_is_said_behind_which_hop(where: dict[str, object], said: str, named: str) -> None:
    assert behind(where) == said
    assert link(where) == named


def test_a_hop_is_named_by_what_is_known() -> None:
    assert [hop_in_words(HOP), hop_in_words({"hop": 3})] == ["hop 2 (203.0.113.1)", "hop 3"]
