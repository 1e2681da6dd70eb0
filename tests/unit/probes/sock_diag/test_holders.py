"""Who holds a socket, by what /proc shows of open files."""

import os
import socket
from pathlib import Path

import pytest

from layerwalk.probes.facts.live_sockets import Holder
from layerwalk.probes.sock_diag import holders as room
from layerwalk.probes.sock_diag.holders import holders, sockets_of
from layerwalk.probes.sock_diag.listeners import listeners, listening


def process(proc: Path, pid: int, name: str, files: dict[int, str]) -> Path:
    folder = proc / str(pid)
    (folder / "fd").mkdir(parents=True)
    (folder / "comm").write_text(f"{name}\n", encoding="utf-8")
    (folder / "cmdline").write_text(f"{name}\0" if name != "kthreadd" else "", encoding="utf-8")
    for descriptor, target in files.items():
        (folder / "fd" / str(descriptor)).symlink_to(target)
    return folder


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    process(tmp_path, 1, "init", {3: "socket:[11]", 4: "/dev/null"})
    process(tmp_path, 20, "nginx", {6: "socket:[12]", 7: "socket:[13]"})
    process(tmp_path, 21, "nginx", {6: "socket:[12]", 9: "anon_inode:[eventpoll]"})
    (tmp_path / "self").symlink_to("20")
    return tmp_path


def test_every_process_with_the_socket_open_holds_it(proc: Path) -> None:
    found = holders({12}, proc)
    assert found.of(12) == (
        Holder(pid=20, name="nginx", descriptor=6),
        Holder(pid=21, name="nginx", descriptor=6),
    )
    assert set(found.by_inode) == {12}
    assert found.unseen == 0


def test_unasked_all_are_told(proc: Path) -> None:
    assert set(holders(proc=proc).by_inode) == {11, 12, 13}


def test_a_socket_that_nobody_holds_has_no_inode(proc: Path) -> None:
    assert holders({0}, proc).by_inode == {}


def barred(monkeypatch: pytest.MonkeyPatch, *pids: int) -> None:
    plain = sockets_of

    def looked(pid: int, proc: Path) -> dict[int, int]:
        if pid in pids:
            raise PermissionError
        return plain(pid, proc)

    monkeypatch.setattr(room, "sockets_of", looked)


def test_who_may_not_be_looked_at_is_counted(proc: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process(proc, 2, "kthreadd", {})
    barred(monkeypatch, 2, 21)
    found = holders({12}, proc)
    assert [it.pid for it in found.of(12)] == [20]
    assert found.unseen == 1


def test_whoever_does_not_see_the_first_process_does_not_see_all(tmp_path: Path) -> None:
    process(tmp_path, 20, "nginx", {6: "socket:[12]"})
    assert holders(proc=tmp_path).unseen == 1


def test_a_process_that_has_gone_is_no_process(tmp_path: Path) -> None:
    with pytest.raises(ProcessLookupError):
        sockets_of(4711, tmp_path)
    (tmp_path / "1").mkdir()
    assert holders(proc=tmp_path).by_inode == {}


def test_a_listener_is_found_with_this_very_process() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=5) as server:
        port = server.getsockname()[1]
        (found,) = listeners(port)
        mine = [it for it in found.holders if it.pid == os.getpid()]
        assert [it.descriptor for it in mine] == [server.fileno()]
        assert (found.socket.source, found.socket.send_queue) == ("127.0.0.1", 5)
        assert found.socket in listening()
    assert listeners(port) == ()
