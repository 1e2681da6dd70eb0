"""Which ids an ordinary user's tests can have beside their own."""

from pathlib import Path

import pytest

from tests.own_space import spare


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("alice:100000:65536\n", "0 1000 1 1 100000 65534"),
        ("bob:100000:65536\nalice:165536:65536\n", "0 1000 1 1 165536 65534"),
        ("# spare\n\nalice\n", "0 1000 1"),
        ("bob:100000:65536\n", "0 1000 1"),
        ("alice:100000:100\n", "0 1000 1"),
        ("", "0 1000 1"),
        (None, "0 1000 1"),
    ],
)
def test_spare_ids_are_mapped_up_to_nobody(
    text: str | None, found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "alice")
    if text is not None:
        (tmp_path / "subuid").write_text(text)
    assert spare(1000, "subuid", tmp_path) == found
