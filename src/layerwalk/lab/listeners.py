"""All that listens, calls or sends by itself on one host, in one process and one loop."""

from functools import partial

from layerwalk.lab.control_groups import Doors
from layerwalk.lab.crowds import gather
from layerwalk.lab.hoards import fill
from layerwalk.lab.loop import Loop
from layerwalk.lab.programs import start
from layerwalk.lab.services import open_service
from layerwalk.lab.spec import End, Host
from layerwalk.lab.streams import pour


class Listeners:
    """Opens a host's listeners, then serves them."""

    def __init__(self, host: Host, ends: tuple[End, ...], doors: Doors) -> None:
        self._host = host
        self._doors = doors
        self._loop = Loop()
        self._addresses = [text.partition("/")[0] for end in ends for text in end.addresses]
        if host.name_servers:  # before any interface is there: the import takes its time
            import layerwalk.lab.nameserver  # noqa: F401

    def open(self) -> None:
        """Listen on every port that the host's spec names; OSError where one is taken."""
        for service in self._host.services:
            open_service(service, self._loop)
        for program in self._host.programs:
            start(program, partial(self._doors.enter, self._host.name, program.port))
        for server in self._host.name_servers:
            from layerwalk.lab.nameserver import open_name_server

            open_name_server(server, self._addresses, self._loop)

    def gather(self) -> None:
        """Take the host's own source ports, and let its crowds begin to connect elsewhere."""
        fill(self._host.hoards, self._loop)
        gather(self._host.crowds, self._loop)

    def serve(self) -> None:
        """Serve for ever; what the host sends by itself begins now."""
        for stream in self._host.streams:
            pour(stream)
        self._loop.run()
