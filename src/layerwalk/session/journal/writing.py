"""One walk's journal while it is written: whole lines only, whatever the disk says."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping

from layerwalk.session.events import Event, encode
from layerwalk.session.journal.folder import folder_path, new_file, opened_folder, prune


class Journal:
    """A file that takes events; made by ``new_journal``."""

    def __init__(self, folder: int, name: str, descriptor: int) -> None:
        self.name = name
        self._folder = folder
        self._descriptor = descriptor
        self._length = 0

    def write(self, event: Event) -> None:
        """Append an event as one line, at once and whole.

        A line that does not fit is taken back, as far as the disk lets it be.

        Raises:
            OSError: the disk is full, or fails.
            ValueError: the event can't be written as JSON.
        """
        line = memoryview(encode(event))
        try:
            left = line
            while left:
                left = left[os.write(self._descriptor, left) :]
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, self._length)
            raise
        self._length += len(line)

    def close(self) -> None:
        """End the journal; an empty one is removed."""
        if self._descriptor < 0:
            return
        with contextlib.suppress(OSError):
            if not self._length:
                os.unlink(self.name, dir_fd=self._folder)
        for descriptor in (self._descriptor, self._folder):
            with contextlib.suppress(OSError):
                os.close(descriptor)
        self._descriptor = -1


def new_journal(environment: Mapping[str, str]) -> Journal:
    """Begin a journal, and tidy up among the old ones.

    Raises:
        OSError: this user has no place for it, or the disk is full or read-only.
    """
    folder = opened_folder(folder_path(environment))
    try:
        prune(folder, time.time())
        name, descriptor = new_file(folder)
    except BaseException:
        os.close(folder)
        raise
    return Journal(folder, name, descriptor)
