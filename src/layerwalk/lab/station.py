"""The life of one station's process: its own namespaces, its set-up, then its services."""

import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from layerwalk.lab import kernel, tools
from layerwalk.lab.control_groups import Doors
from layerwalk.lab.delay import carry
from layerwalk.lab.files import mount_files
from layerwalk.lab.interfaces import await_carrier, switch_off_offloads
from layerwalk.lab.listeners import Listeners
from layerwalk.lab.plan import Plan
from layerwalk.lab.settings import base_sysctls, configure, write_sysctls
from layerwalk.lab.spec import Network

SPACES = kernel.CLONE_NEWNET | kernel.CLONE_NEWNS | kernel.CLONE_NEWUTS
GO = b"go\n"


@dataclass(frozen=True)
class Station:
    """What a station's process needs to know: its name, the whole network, and its parent.

    By ``doors`` its programs go into their control groups.
    """

    name: str
    network: Network
    layout: Plan
    parent: int
    doors: Doors


def hold(station: Station, talk: socket.socket) -> NoReturn:
    """Live as this station until killed; reports each step to the keeper, and what failed."""
    try:
        kernel.die_with_parent(station.parent)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _let_go_of_standard_files()
        _live(station, talk)
    except BaseException as error:  # noqa: BLE001  # whatever it is, the keeper must hear of it
        talk.sendall(json.dumps(str(error) or repr(error)).encode() + b"\n")
    os._exit(1)


def _live(station: Station, talk: socket.socket) -> None:
    kernel.unshare(SPACES)
    socket.sethostname(station.name)
    trade = _trade(station)
    _report(talk)
    trade.make()
    _report(talk)
    _go_dark(station)
    trade.begin()
    talk.sendall(GO)
    trade.serve()


def _go_dark(station: Station) -> None:
    """Take down what the spec wants down, and wait until the far ends' going down has got here."""
    downed = [plug.interface for plug in station.layout.plugs(station.name) if not plug.up]
    tools.ip_batch([f"link set dev {interface} down" for interface in downed])
    await_carrier(station.layout.dark(station.name), present=False)


def _report(talk: socket.socket) -> None:
    """Say that this step is done, and wait for the word to go on."""
    talk.sendall(GO)
    if talk.recv(len(GO)) != GO:
        sys.exit("the keeper is gone")


@dataclass(frozen=True)
class Trade:
    """How a station sets itself up, what it begins with once all others are, and what it does."""

    make: Callable[[], None]
    serve: Callable[[], None]
    begin: Callable[[], None] = lambda: None


def _trade(station: Station) -> Trade:
    """Prepare for what this station is."""
    if station.name in station.layout.switches:
        return _switch(station)
    if station.name in station.layout.lines:
        return _line(station)
    return _host(station)


def _host(station: Station) -> Trade:
    host = station.network.host(station.name)
    write_sysctls(base_sysctls(host))
    listeners = Listeners(host, station.network.ends(host.name), station.doors)

    def make() -> None:
        mount_files(host)
        configure(station.network, host)
        listeners.open()

    return Trade(make, listeners.serve, listeners.gather)


def _switch(station: Station) -> Trade:
    ports = [plug.interface for plug in station.layout.plugs(station.name)]
    write_sysctls([("net.ipv6.conf.default.disable_ipv6", "1")])

    def make() -> None:
        switch_off_offloads(ports)
        tools.ip_batch(
            [
                "link add name br0 type bridge mcast_snooping 0",
                *(f"link set dev {port} master br0 up" for port in ports),
                "link set dev br0 up",
            ]
        )
        await_carrier([*ports, "br0"])

    return Trade(make, _wait)


def _line(station: Station) -> Trade:
    line = station.layout.lines[station.name]
    write_sysctls([("net.ipv6.conf.default.disable_ipv6", "1")])

    def make() -> None:
        switch_off_offloads(["left", "right"])
        tools.ip_batch(["link set dev left up", "link set dev right up"])
        await_carrier(["left", "right"])

    return Trade(make, lambda: carry(line.out, line.back))


def _wait() -> None:
    while True:
        signal.pause()


def _let_go_of_standard_files() -> None:
    """Keep no hold of the keeper's pipes, so that their closing means what it says."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nothing, descriptor)
