"""Commands get into the clipboard by OSC 52, and the app says what it did."""

import pytest

from tests.app import story
from tests.app.scripted import saved, text_of, until_shown

NFT = "nft add rule inet filter forward tcp dport 5432 accept"


@pytest.mark.parametrize(
    ("keys", "command"),
    [
        ("1", NFT),
        ("2", "tcpdump -ni any tcp dst port 5432"),
        ("4", "ss -ltn"),
        ("c", NFT),
        ("right c", "tcpdump -ni any tcp dst port 5432"),
        ("right right left c", "tcpdump -ni any tcp dst port 5432"),
        ("2 c", "tcpdump -ni any tcp dst port 5432"),
        ("e home c", "dig db.example.org A"),
        ("s home c", "dig db.example.org A"),
        ("e home enter c", "dig db.example.org A"),
    ],
)
async def test_a_command_is_copied(keys: str, command: str) -> None:
    async with saved(story.whole()).run_test() as pilot:
        await until_shown(pilot, "firewall-drop")
        await pilot.press(*keys.split())
        await until_shown(pilot, f"copied: {command}")
        assert pilot.app.clipboard == command


@pytest.mark.parametrize("keys", ["3", "9", "p c"])
async def test_where_there_is_no_command_it_says_so(keys: str) -> None:
    async with saved(story.whole()).run_test() as pilot:
        await until_shown(pilot, "firewall-drop")
        await pilot.press(*keys.split())
        await until_shown(pilot, "nothing to copy")
        assert pilot.app.clipboard == ""


async def test_the_linux_console_has_no_clipboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "linux")
    async with saved(story.whole()).run_test() as pilot:
        await until_shown(pilot, "firewall-drop")
        await pilot.press("1")
        await until_shown(pilot, f"this terminal has no clipboard; to type: {NFT[:20]}")
        assert pilot.app.clipboard == ""


async def test_the_chosen_recommendation_is_marked() -> None:
    async with saved(story.whole()).run_test() as pilot:
        await until_shown(pilot, "► 1 On the network")
        await pilot.press("right")
        await until_shown(pilot, "► 2 On the server")
        assert text_of(pilot).count("►") == 1


async def test_tmux_is_named_where_it_may_keep_the_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMUX", "/run/tmux,1,0")
    async with saved(story.whole()).run_test() as pilot:
        await until_shown(pilot, "firewall-drop")
        await pilot.press("1")
        await until_shown(pilot, "copied (tmux: only with set-clipboard on)")
