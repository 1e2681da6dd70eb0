"""Units and containers, from recorded /proc/PID/cgroup files."""

from pathlib import Path

import pytest

from layerwalk.probes.lodging import Lodging, lodging, read_lodging

HEX = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0::/system.slice/nginx.service\n", Lodging(unit="nginx.service")),
        ("0::/system.slice/postgresql@15-main.service\n", Lodging("postgresql@15-main.service")),
        ("0::/user.slice/user-1000.slice/session-3.scope\n", Lodging("session-3.scope")),
        (
            "0::/user.slice/user-1000.slice/user@1000.service/app.slice/web.service\n",
            Lodging("web.service"),
        ),
        (f"0::/system.slice/docker-{HEX}.scope\n", Lodging(f"docker-{HEX}.scope", HEX)),
        (f"12:pids:/docker/{HEX}\n1:name=systemd:/docker/{HEX}\n0::/\n", Lodging("", HEX)),
        (
            f"0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-{HEX}.scope\n",
            Lodging(f"cri-containerd-{HEX}.scope", HEX),
        ),
        (
            "4:memory:/other.service\n1:name=systemd:/system.slice/sshd.service\n",
            Lodging("sshd.service"),
        ),
        ("0::/init.scope\n", Lodging("init.scope")),
        ("0::/\n", Lodging()),
        ("", Lodging()),
        ("nonsense\n::\n", Lodging()),
    ],
)
def test_a_cgroup_names_unit_and_container(text: str, found: Lodging) -> None:
    assert read_lodging(text) == found


def test_a_process_is_looked_up(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    (tmp_path / "7/cgroup").write_bytes(b"0::/system.slice/a\xff.service\n")
    assert lodging(7, tmp_path).unit == "a\ufffd.service"
    assert lodging(8, tmp_path) == Lodging()
