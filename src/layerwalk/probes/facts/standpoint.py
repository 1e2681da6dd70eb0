"""Where this machine stands in the connection that fails."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Which end of the connection this machine is."""

    CLIENT = "client"
    SERVER = "server"


@dataclass(frozen=True, kw_only=True)
class Standpoint:
    """This machine's end, and who is at the other one.

    ``client`` is the address that can't get in, where this machine is the server; empty where
    nobody named one, so that any outside address is meant.
    """

    role: Role = Role.CLIENT
    client: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The options that say so, for a command line; none for a client."""
        named = ("--client", self.client) if self.client else ()
        return ("--role", str(self.role), *named) if self.serves else ()

    @property
    def serves(self) -> bool:
        """Whether the target is this machine's own."""
        return self.role is Role.SERVER


AS_CLIENT = Standpoint()
"""Where this machine stands when nobody says otherwise."""
