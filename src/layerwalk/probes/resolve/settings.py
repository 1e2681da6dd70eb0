"""What this machine's files say about names: hosts(5), nsswitch.conf(5), resolv.conf(5).

Read as glibc reads them: at most three nameservers, the last ``search`` or ``domain`` line counts,
and without any nameserver the one on this machine is asked.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path

from layerwalk.probes.facts import HostsEntry
from layerwalk.probes.origin import Origin

MOST_NAMESERVERS = 3
DEFAULT_NAMESERVER = "127.0.0.1"
DEFAULT_SOURCES = ("files", "dns")

_MOST = {"ndots": 15, "timeout": 30, "attempts": 5}


def text_of(path: Path) -> str:
    """Read a file as text, whatever bytes it has; one that can't be read counts as empty."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


@dataclass(frozen=True, kw_only=True)
class Files:
    """Where the settings stand, and how they are read; another process may have its own.

    An empty ``hostname`` stands for this machine's.
    """

    hosts: Path = Path("/etc/hosts")
    nsswitch: Path = Path("/etc/nsswitch.conf")
    resolv: Path = Path("/etc/resolv.conf")
    read: Callable[[Path], str] = text_of
    hostname: str = ""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The content of a resolv.conf. ``timeout_s`` is what a dead nameserver costs each time.

    ``tcp`` stands for ``options use-vc``: nothing is asked over UDP.
    """

    nameservers: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    ndots: int = 1
    timeout_s: float = 5.0
    attempts: int = 2
    edns: bool = False
    tcp: bool = False
    defaulted: bool = field(default=False)


def hosts_entries(text: str, name: str, file: str) -> tuple[HostsEntry, ...]:
    """Find the lines of a hosts file that name a host, as its name or as an alias."""
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        address, *names = line.partition("#")[0].split() or [""]
        if name.lower() in (it.lower() for it in names) and _is_address(address):
            canonical = str(ip_address(address))
            found.append(HostsEntry(address=canonical, file=file, line=number))
    return tuple(found)


def sources_of(text: str) -> tuple[str, ...]:
    """List the services of nsswitch's ``hosts`` line, without their ``[status=action]``."""
    for line in text.splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        if colon and key.strip() == "hosts":
            return tuple(re.sub(r"\[[^]]*\]", " ", value).split())
    return DEFAULT_SOURCES


def settings_of(text: str, hostname: str) -> Settings:
    """Read a resolv.conf; the domain of the hostname is searched where no line names one."""
    settings = Settings(search=tuple(filter(None, [hostname.partition(".")[2]])))
    servers: list[str] = []
    for line in text.splitlines():
        if line.startswith(("#", ";")):
            continue
        keyword, *values = line.split() or [""]
        if keyword == "nameserver" and values and _is_address(values[0]):
            servers.append(values[0])
        elif keyword in {"search", "domain"} and values:
            names = values if keyword == "search" else values[:1]
            settings = replace(settings, search=tuple(name.strip(".") for name in names))
        elif keyword == "options":
            settings = _with_options(settings, values)
    usual = tuple(dict.fromkeys(servers[:MOST_NAMESERVERS]))
    if usual:
        return replace(settings, nameservers=usual)
    return replace(settings, nameservers=(DEFAULT_NAMESERVER,), defaulted=True)


def files_of(origin: Origin) -> Files:
    """Give the files that a walk's names are looked up by."""
    process = origin.quarters
    if process is None or not process.foreign:
        return Files()
    return Files(
        hosts=process.path("/etc/hosts"),
        nsswitch=process.path("/etc/nsswitch.conf"),
        resolv=process.path("/etc/resolv.conf"),
        read=process.read,
        hostname=process.hostname,
    )


def here(files: Files) -> Settings:
    """Read the settings."""
    return settings_of(files.read(files.resolv), files.hostname or socket.gethostname())


def candidates(name: str, settings: Settings) -> tuple[str, ...]:
    """List the names that are asked for in turn, as the search list makes them of one."""
    bare = name.rstrip(".")
    if name.endswith("."):
        return (bare,)
    searched = [f"{bare}.{domain}" if domain else bare for domain in settings.search]
    as_it_is_first = bare.count(".") >= settings.ndots
    return tuple(dict.fromkeys([bare, *searched] if as_it_is_first else [*searched, bare]))


def _with_options(settings: Settings, words: list[str]) -> Settings:
    numbers = {
        key: min(int(value), _MOST[key])
        for key, _, value in (word.partition(":") for word in words)
        if key in _MOST and value.isascii() and value.isdigit() and len(value) < 10
    }
    return replace(
        settings,
        ndots=numbers.get("ndots", settings.ndots),
        timeout_s=float(max(numbers.get("timeout", settings.timeout_s), 1)),
        attempts=max(numbers.get("attempts", settings.attempts), 1),
        edns=settings.edns or "edns0" in words,
        tcp=settings.tcp or "use-vc" in words,
    )


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
