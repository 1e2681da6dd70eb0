"""Rows that can still be written on."""

from __future__ import annotations

from dataclasses import fields

from layerwalk.probes.facts.sockets import Socket


class Blank:
    """A row to be filled in: in a frozen one each field costs five times as much.

    Once it is full it becomes a ``Socket``, by its ``__class__``: both have the same slots.
    """

    __slots__ = tuple(field.name for field in fields(Socket))
