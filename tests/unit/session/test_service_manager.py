"""A whole walk of a server's own port whose unit has failed: systemd is asked on a fake bus."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.unit.probes.systemd.fake_bus import FakeBus, listening
from tests.unit.probes.systemd.units import FAILED, SERVICE, UNIT, service, unit

EVIL = r"\033[2Jbind() to [red]port[/] failed: mysql://shop:hunter2@db/x \342\200\256 \377"
RUN = "from layerwalk.tui.cli import main; raise SystemExit(main())"
FAMILIES = {4: (socket.AF_INET, "127.0.0.1"), 6: (socket.AF_INET6, "::1")}


@contextmanager
def closed_port(version: int) -> Iterator[str]:
    """Hold a loopback port on which nobody listens."""
    family, address = FAMILIES[version]
    with socket.socket(family) as held:
        held.bind((address, 0))
        shown = f"[{address}]" if version == 6 else address
        yield f"{shown}:{held.getsockname()[1]}"


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """A folder with a log that says evil things, and no other tool of systemd's."""
    for name, script in (("journalctl", f"echo started; printf '{EVIL}'"), ("systemctl", "exit 1")):
        tool = tmp_path / name
        tool.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        tool.chmod(0o755)
    return {"PATH": f"{tmp_path}:/usr/sbin:/usr/bin:/sbin:/bin"}


def failed(port: str) -> FakeBus:
    """A bus with a service on it that should listen on the port, and has failed."""
    name = "shop.service"
    told = FAILED["nginx.service"][SERVICE]
    started = service("/usr/bin/shop", "--port", port)["ExecStart"]
    described = unit(name, active="failed", sub="failed")
    return FakeBus(loaded={name: {UNIT: described, SERVICE: {**told, "ExecStart": started}}})


def walked(target: str, bus: FakeBus, surroundings: Mapping[str, str], *words: str) -> str:
    place = f"unix:path={bus.place}"
    done = subprocess.run(
        [sys.executable, "-c", RUN, "diagnose", "--role", "server", *words, target],
        env={**surroundings, "DBUS_SYSTEM_BUS_ADDRESS": place},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1, done.stderr
    return done.stdout


@pytest.mark.parametrize("version", [4, 6])
def test_the_unit_that_should_listen_is_named_with_its_last_words(
    surroundings: dict[str, str], version: int
) -> None:
    with closed_port(version) as target, listening(failed(target.rpartition(":")[2])) as bus:
        report = json.loads(walked(target, bus, surroundings, "--json"))
    first = report["verdict"]["causes"][0]
    assert first["id"] == "service-not-running"
    assert (first["where"]["unit"], first["where"]["state"]) == ("shop.service", "failed")
    assert "exit-code, exited 1, started again 5 times" in first["explanation"]
    told = data(report, "service")
    assert told["asked"] == "systemd by D-Bus"
    assert told["units"][0]["log"][0] == "started"


@pytest.mark.parametrize("words", [(), ("--redact",)], ids=" ".join)
def test_what_a_log_says_is_shown_as_text(
    surroundings: dict[str, str], words: tuple[str, ...]
) -> None:
    with closed_port(4) as target, listening(failed(target.rpartition(":")[2])) as bus:
        shown = walked(target, bus, surroundings, *words)
    assert "hunter2" not in shown
    assert all(line.isprintable() for line in shown.splitlines())
    assert ("[red]port[/]" in shown) is ("--redact" not in words)


def data(report: dict[str, Any], probe: str) -> dict[str, Any]:
    (found,) = (it["data"] for it in report["evidence"] if it["probe"] == probe)
    assert isinstance(found, dict)
    return found
