"""How a process is told to connect: proxies, wrappers and time limits in its environment.

Nothing goes on the wire. Of /proc/PID/environ and cmdline only what is known by name is kept:
passwords never are. Reading them takes what ptrace(2) calls read access: the same user, or
CAP_SYS_PTRACE. Sources: curl(1), wget(1) and Python's urllib for the proxies' variables, Java's
networking properties, libpq's environment variables, resolv.conf(5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.errors import outcome_of
from layerwalk.probes.facts import EnvironmentFact, Outcome, ProxySetting, TimeSetting

_PROCESSES = Path("/proc")
_MOST = 1 << 20
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_BYPASS = "no_proxy"
_WRAPPERS = ("proxychains", "tsocks", "torsocks", "libsocks", "dante", "socksify", "redsocks")
_JAVA = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
_OPTION = re.compile(
    r"-D(?P<name>(?:https?\.proxy|socksProxy)(?:Host|Port)|http\.nonProxyHosts"
    r"|sun\.net\.client\.default(?:Connect|Read)Timeout)=(?P<value>[^\s\"']*)"
)
_UNITS = {
    "PGCONNECT_TIMEOUT": 1.0,
    "PIP_DEFAULT_TIMEOUT": 1.0,
    "COMPOSE_HTTP_TIMEOUT": 1.0,
    "DOCKER_CLIENT_TIMEOUT": 1.0,
    "VAULT_CLIENT_TIMEOUT": 1.0,
    "ETCDCTL_DIAL_TIMEOUT": 1.0,
    "ETCDCTL_COMMAND_TIMEOUT": 1.0,
    "sun.net.client.defaultConnectTimeout": 0.001,
    "sun.net.client.defaultReadTimeout": 0.001,
}
"""What a bare number stands for, in seconds."""

_TIME = re.compile(r"(?P<number>[0-9]{1,12}(?:\.[0-9]{1,6})?)(?P<unit>ms|s|m|h)?")
_PER = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_RESOLVER = re.compile(r"(?:timeout|attempts):[0-9]{1,4}")


def environment(pid: int, _ctx: ProbeContext, processes: Path = _PROCESSES) -> EnvironmentFact:
    """Read what a process was started with."""
    home = processes / str(pid)
    try:
        words = dict(_variables(_read(home / "environ")))
        command = _read(home / "cmdline")
    except FileNotFoundError:
        return EnvironmentFact(outcome=Outcome.FAILED, pid=pid, detail=f"process {pid} is gone")
    except OSError as error:
        why = f"the environment of process {pid} may be read by its user, or with CAP_SYS_PTRACE"
        return EnvironmentFact(outcome=outcome_of(error, opening=True), pid=pid, detail=why)
    options = _options(words, command)
    return EnvironmentFact(
        outcome=Outcome.ANSWERED,
        pid=pid,
        proxies=(*_proxies(words), *_of_java(options)),
        bypassed=tuple(_bypassed(words, options)),
        wrappers=tuple(_wrappers(words)),
        times=(*_times(words), *_times(options), *_resolving(words)),
    )


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(_MOST).decode(errors="replace")


def _variables(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\0"):
        name, found, value = line.partition("=")
        if found:
            yield name, value


def _options(words: Mapping[str, str], command: str) -> dict[str, str]:
    """Java's own settings: it does not look at the variables."""
    texts = [words.get(name, "") for name in _JAVA] + command.split("\0")
    return {one["name"]: one["value"] for text in texts for one in _OPTION.finditer(text)}


def _proxies(words: Mapping[str, str]) -> Iterator[ProxySetting]:
    for name in _PROXIES:
        for variable in (name, name.upper()):
            if words.get(variable):
                yield _proxy(variable, words[variable])


def _proxy(variable: str, value: str) -> ProxySetting:
    """Take an address apart, and leave out who signs in with what."""
    text = value.strip() if "://" in value else f"http://{value.strip()}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ProxySetting(variable=variable)
    if not _is_host(host):
        return ProxySetting(variable=variable, credentials="@" in value)
    return ProxySetting(
        variable=variable,
        scheme=parts.scheme if parts.scheme.isalnum() else "",
        host=host,
        port=port,
        credentials="@" in parts.netloc,
    )


def _is_host(text: str) -> bool:
    return bool(re.fullmatch(r"[\w.:%-]{1,255}", text))


def _of_java(options: Mapping[str, str]) -> Iterator[ProxySetting]:
    for name, scheme in (("http.proxy", ""), ("https.proxy", ""), ("socksProxy", "socks")):
        host, port = options.get(f"{name}Host", ""), options.get(f"{name}Port", "")
        if _is_host(host):
            number = int(port) if port.isdecimal() and len(port) < len("100000") else None
            yield ProxySetting(variable=f"-D{name}Host", scheme=scheme, host=host, port=number)


def _bypassed(words: Mapping[str, str], options: Mapping[str, str]) -> Iterator[str]:
    found = [*words.get(_BYPASS, "").split(","), *words.get(_BYPASS.upper(), "").split(",")]
    found += options.get("http.nonProxyHosts", "").split("|")
    yield from dict.fromkeys(one for word in found if _is_rule(one := word.strip()))


def _is_rule(text: str) -> bool:
    return bool(re.fullmatch(r"[\w.:*/\[\]-]{1,255}", text))


def _wrappers(words: Mapping[str, str]) -> Iterator[str]:
    for path in re.split(r"[\s:]+", words.get("LD_PRELOAD", "")):
        name = PurePosixPath(path).name
        if name.isprintable() and any(one in name.lower() for one in _WRAPPERS):
            yield name


def _times(words: Mapping[str, str]) -> Iterator[TimeSetting]:
    for name, unit in _UNITS.items():
        found = _TIME.fullmatch(words.get(name, ""))
        if found:
            per = _PER.get(found["unit"], unit)
            seconds = round(float(found["number"]) * per, 6)
            yield TimeSetting(variable=name, value=found[0], seconds=seconds)


def _resolving(words: Mapping[str, str]) -> Iterator[TimeSetting]:
    """The resolver's own options: how long it waits for each nameserver, and how often."""
    with suppress(KeyError):
        found = " ".join(_RESOLVER.findall(words["RES_OPTIONS"]))
        if found:
            yield TimeSetting(variable="RES_OPTIONS", value=found)
