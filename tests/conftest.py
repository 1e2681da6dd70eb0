"""What holds for every test: nothing leaves this machine, and nobody's settings get in."""

import ipaddress
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from layerwalk.lab.permission import has_rights
from tests import own_space

ADDRESSED = {"socket.connect", "socket.sendto", "socket.sendmsg"}
LOOKED_UP = {"socket.getaddrinfo", "socket.gethostbyname"}
HERE = {"", "localhost", None}
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
SETTINGS = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "SSH_CONNECTION", "RES_OPTIONS")

_stopped: list[str] = []


class OutsideTrafficError(PermissionError):
    """A test was about to speak to an address that is not on this machine."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the options of this suite."""
    parser.addoption(
        "--matrix",
        action="store_true",
        help="walk every fault of the lab in every way, not only in one",
    )
    parser.addoption(
        "--rule-cases",
        type=int,
        default=100,
        help="so many connections to try each kind of firewall rules on, the kernel beside us",
    )
    parser.addoption("--rule-seed", type=int, default=1, help="where to begin drawing them")


def pytest_configure() -> None:
    """Watch every socket of this process, and be root where an ordinary user may be."""
    own_space.enter()
    home = namespace()
    sys.addaudithook(lambda event, args: keep_home(event, args, home))


def keep_home(event: str, args: tuple[object, ...], home: str) -> None:
    """Refuse an address beyond loopback, unless this thread is in a namespace of the lab's."""
    if event not in ADDRESSED | LOOKED_UP:
        return
    host = looked_up(args) if event in LOOKED_UP else addressed(args)
    if not is_local(host) and namespace() == home:
        _stopped.append(f"{event} {host}")
        raise OutsideTrafficError(_stopped[-1])


def addressed(args: tuple[object, ...]) -> object:
    """Give the host that a socket is about to address; none for a family without hosts."""
    held, address = args[0], args[1]
    family = held.family if isinstance(held, socket.socket) else None
    if family not in {socket.AF_INET, socket.AF_INET6} or not isinstance(address, tuple):
        return None
    return address[0]


def looked_up(args: tuple[object, ...]) -> object:
    """Give the host that is about to be looked up."""
    return args[0].decode() if isinstance(args[0], bytes) else args[0]


def is_local(host: object) -> bool:
    """Tell whether a host is this machine itself, without asking anyone."""
    if host in HERE:
        return True
    try:
        address = ipaddress.ip_address(str(host))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def namespace() -> str:
    """Name the network namespace that the calling thread is in."""
    return str(Path("/proc/thread-self/ns/net").readlink())


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs namespaces where the kernel gives none."""
    if item.get_closest_marker("netns") and not has_rights():
        pytest.skip("this user may not make network namespaces here")


@pytest.fixture(autouse=True)
def strays() -> Iterator[list[str]]:
    """Fail a test whose traffic was stopped, even where the code took that for the network's no."""
    _stopped.clear()
    yield _stopped
    assert _stopped == []


@pytest.fixture(autouse=True)
def _nobodys_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the colours, proxies and home of whoever runs the tests out of them."""
    for name in (*SETTINGS, *PROXIES, *map(str.upper, PROXIES)):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
