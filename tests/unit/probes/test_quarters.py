"""Another process's files, read through its root, and who may not be visited."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from layerwalk.probes.quarters import Quarters, quarters_of

PID = 4194303
HOSTS = "192.0.2.1 db\n"


@pytest.fixture
def root(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "etc").mkdir()
    (tmp_path / "run").mkdir()
    descriptor = os.open(tmp_path, os.O_PATH)
    yield descriptor
    os.close(descriptor)


def read(root: int, path: str = "/etc/hosts") -> str:
    process = Quarters(pid=PID, root=root)
    return process.read(process.path(path))


def test_a_file_is_read_below_the_root(root: int, tmp_path: Path) -> None:
    (tmp_path / "etc/hosts").write_text(HOSTS)
    assert read(root) == HOSTS
    below = Path("/proc", str(PID), "root")
    assert Quarters(pid=PID).path("/etc/hosts") == below / "etc" / "hosts"


@pytest.mark.parametrize("link", ["/run/hosts", "../run/hosts", "../../../../../run/hosts"])
def test_a_link_leads_where_it_leads_the_process(root: int, tmp_path: Path, link: str) -> None:
    (tmp_path / "run/hosts").write_text(HOSTS)
    (tmp_path / "etc/hosts").symlink_to(link)
    assert read(root) == HOSTS


@pytest.mark.parametrize("link", ["/etc/passwd", "../../../../../../etc/passwd", "hosts"])
def test_no_link_leads_out(root: int, tmp_path: Path, link: str) -> None:
    (tmp_path / "etc/hosts").symlink_to(link)
    assert read(root) == ""


def test_no_magic_link_is_followed() -> None:
    descriptor = os.open("/proc", os.O_PATH)
    try:
        assert Quarters(pid=PID, root=descriptor).read(Path("/self", "root", "etc/passwd")) == ""
    finally:
        os.close(descriptor)


def test_what_is_no_file_is_empty(root: int, tmp_path: Path) -> None:
    assert read(root) == ""
    os.mkfifo(tmp_path / "etc/hosts")
    assert read(root) == ""
    assert read(root, "/etc") == ""


def test_no_more_than_a_megabyte_is_read(root: int, tmp_path: Path) -> None:
    (tmp_path / "etc/hosts").write_bytes(b"#" * 3_000_000)
    assert len(read(root)) == 1 << 20


def test_our_own_process_is_at_home() -> None:
    here = quarters_of(os.getpid())
    assert (here.foreign, here.network, here.hostname) == (False, -1, socket.gethostname())
    assert here.name
    assert here.within(os.getpid) == os.getpid()
    assert here.read(here.path("/etc/passwd")) == Path("/etc/passwd").read_text()


def test_an_ended_process_is_none() -> None:
    with subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE) as ended:
        assert ended.stdout
        ended.stdout.read()
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
        with pytest.raises(ProcessLookupError):  # it has ended, and nobody has heard of it yet
            quarters_of(ended.pid)
    with pytest.raises(ProcessLookupError):
        quarters_of(ended.pid)
