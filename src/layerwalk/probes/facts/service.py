"""The unit that serves a port, as the service manager has it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from layerwalk.probes.facts.fact import Fact

LOG_ENDS = "its log ends: "
_INSIDE = "in the container or namespace of that process"


class Fit(StrEnum):
    """Why a unit is taken for the one that serves the port."""

    PROCESS = "its process listens there"
    SOCKET = "it is to listen there"
    COMMAND = "its command line names the port"
    NAME = "its name is that of the port's usual service"


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A systemd unit, its states in systemd's words (org.freedesktop.systemd1(5)).

    ``status`` is how its main process ended (``exited 1``, ``killed by signal 9``) where it has,
    ``enabled`` whether it starts with the machine (UnitFileState), ``restarts`` how often systemd
    started it again, ``log`` its last lines.
    """

    name: str
    fit: Fit
    load: str = ""
    active: str = ""
    sub: str = ""
    result: str = ""
    status: str = ""
    enabled: str = ""
    restarts: int = 0
    listens: tuple[str, ...] = ()
    log: tuple[str, ...] = ()

    @property
    def runs(self) -> bool:
        """Whether the manager has it running."""
        return self.active in {"active", "reloading"}

    @property
    def state(self) -> str:
        """Its state in a few words."""
        why = self.result if self.result not in {"", "success"} else ""
        details = [it for it in (self.sub, why, self.status) if it]
        if self.restarts:
            details.append(f"started again {self.restarts} times")
        if self.enabled == "disabled":
            details.append("not started with the machine")
        state = self.active if self.load in {"", "loaded"} else self.load
        return f"{state or self.load} ({', '.join(details)})" if details else state

    @property
    def words(self) -> str:
        """The unit with its state."""
        return f"{self.name} is {self.state or 'unknown'}"


@dataclass(frozen=True, kw_only=True)
class ServiceFact(Fact):
    """The units that fit a port, the likeliest first; none where nothing fits.

    ``asked`` is who told; ``elsewhere``, that the process that the walk was told of lives in other
    quarters, whose own service manager was not asked. ``not_run`` where none can be asked.
    """

    probe: ClassVar[str] = "service"
    layer: ClassVar[int] = 7
    of_machine: ClassVar[bool] = True

    port: int
    units: tuple[Unit, ...] = ()
    asked: str = ""
    elsewhere: bool = False

    @property
    def unit(self) -> Unit | None:
        """The unit that fits best."""
        return self.units[0] if self.units else None

    @property
    def finding(self) -> str:
        """The units and their states, and the last thing that the first one said."""
        if not self.outcome.measured:
            return self.detail or str(self.outcome)
        if not self.units:
            apart = f"; a manager {_INSIDE} was not asked" if self.elsewhere else ""
            return f"no unit of this machine's systemd fits port {self.port}{apart}"
        first, *others = (unit.words for unit in self.units)
        log = self.units[0].log
        said = f"{first}; {LOG_ENDS}{log[-1]}" if log else first
        return "; ".join([said, *others])

    @property
    def command(self) -> str:
        """The unit and its log; all that failed, where none fits."""
        if not self.units:
            return "systemctl --failed --no-pager"
        name = self.units[0].name
        return f"systemctl status --no-pager {name}; journalctl -u {name} -n 20 --no-pager"
