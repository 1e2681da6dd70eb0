"""This machine's live sockets: looked at, put in order, and written down.

``look`` lists them and ``look_again`` opens one of the list; both take a moment and belong in a
worker thread. ``entry_of`` says of a socket what ``details`` then writes for people, and ``table``
writes many of them short; ``report_of`` is what ``layerwalk sockets --json`` prints. Nothing is
sent, and no socket's owner notices anything.
"""

from layerwalk.session.sockets.details import details
from layerwalk.session.sockets.entries import entry_of, report_of
from layerwalk.session.sockets.looking import EVERYTHING, Sight, Which, look, look_again, nameless
from layerwalk.session.sockets.report import SocketEntry, SocketsReport
from layerwalk.session.sockets.table import table

__all__ = [
    "EVERYTHING",
    "Sight",
    "SocketEntry",
    "SocketsReport",
    "Which",
    "details",
    "entry_of",
    "look",
    "look_again",
    "nameless",
    "report_of",
    "table",
]
