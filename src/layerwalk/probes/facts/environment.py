"""What a process was told by its environment about how to connect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from layerwalk.probes.facts.fact import Fact


@dataclass(frozen=True, kw_only=True)
class ProxySetting:
    """A proxy that a variable or a runtime's option names, without user and password.

    ``host`` is empty where the setting can't be read as a proxy's address. ``credentials`` tells
    that there were some.
    """

    variable: str
    scheme: str = ""
    host: str = ""
    port: int | None = None
    credentials: bool = False

    @property
    def address(self) -> str:
        """Host and port, and the scheme where it is not plain HTTP."""
        if not self.host:
            return "something that is no address"
        host = f"[{self.host}]" if ":" in self.host else self.host
        place = f"{host}:{self.port}" if self.port else host
        return place if self.scheme in {"", "http"} else f"{self.scheme}://{place}"


@dataclass(frozen=True, kw_only=True)
class TimeSetting:
    """A time limit that a variable or a runtime's option sets, as it stands there.

    ``seconds`` is ``None`` where it can't be read as a time, or is none by itself.
    """

    variable: str
    value: str
    seconds: float | None = None


@dataclass(frozen=True, kw_only=True)
class EnvironmentFact(Fact):
    """The settings that a process began with (proc(5), environ and cmdline): nothing else of them.

    What a program changed in itself since then does not show. ``bypassed`` are the hosts, domains
    and networks that it reaches without a proxy (no_proxy); ``wrappers`` are libraries that take
    its connections over (proxychains and the like, by LD_PRELOAD).
    """

    probe: ClassVar[str] = "environment"
    layer: ClassVar[int] = 7

    pid: int = 0
    proxies: tuple[ProxySetting, ...] = ()
    bypassed: tuple[str, ...] = ()
    wrappers: tuple[str, ...] = ()
    times: tuple[TimeSetting, ...] = ()

    @property
    def finding(self) -> str:
        """Which proxies, and what else says how it connects."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        parts = [f"{it.variable} is {it.address}" for it in self.proxies]
        if parts and self.bypassed:
            parts.append(f"not for {', '.join(self.bypassed)}")
        said = f"proxies of process {self.pid}: " + ", ".join(parts)
        if not parts:
            said = f"process {self.pid} was given no proxy"
        others = [f"{it} takes its connections over" for it in self.wrappers]
        others += [f"{it.variable} is {it.value}" for it in self.times]
        return "; ".join((said, *others))

    @property
    def command(self) -> str:
        """The same by hand."""
        names = "_proxy=|LD_PRELOAD=|TIMEOUT"
        return f"tr '\\0' '\\n' < /proc/{self.pid}/environ | grep -iE '{names}'"
