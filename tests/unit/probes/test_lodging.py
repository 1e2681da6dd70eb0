"""Units and containers, from recorded /proc/PID/cgroup files."""

from pathlib import Path

import pytest

from layerwalk.probes.facts import Holder
from layerwalk.probes.lodging import Lodging, lodging, read_lodging

HEX = "0123456789abcdef" * 4


HELD = f"docker-{HEX}.scope"
CRI = f"cri-containerd-{HEX}.scope"
INNER = "fedcba9876543210" * 4
USER = "0::/user.slice/user-1000.slice/user@1000.service"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0::/system.slice/nginx.service", "nginx.service"),
        ("0::/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service"),
        ("0::/system.slice/postgresql@15-main.service", "postgresql@15-main.service"),
        ("0::/system.slice/ssh.socket", "ssh.socket"),
        ("0::/system.slice/php8.2-fpm.service/init", "php8.2-fpm.service"),
        ("0::/acme.slice/acme-web.slice/shop\\x2dapi.service", "shop\\x2dapi.service"),
        ("0::/system.slice/_cpu.service", "cpu.service"),  # escaped: a controller is called so
        ("0::/user.slice/user-1000.slice/session-3.scope", "session-3.scope"),
        ("0::/system.slice/run-u17.service", "run-u17.service"),
        ("0::/init.scope", "init.scope"),
        ("11:pids:/system.slice/a.service\n1:name=systemd:/system.slice/a.service", "a.service"),
        ("4:memory:/other.service\n1:name=systemd:/system.slice/sshd.service", "sshd.service"),
        ("11:pids:/user.slice\n1:name=systemd:/init.scope\n0::/", "init.scope"),
        ("0::/system.slice/bad name.service", ""),
        ("0::/system.slice/\x1b[31mred.service", ""),
        ("0::/user.slice", ""),
        ("0::/", ""),
        ("", ""),
        ("nonsense\n::\n", ""),
    ],
)
def test_a_control_group_names_the_unit(text: str, found: str) -> None:
    assert read_lodging(f"{text}\n") == Lodging(unit=found, keeper=found)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        (f"{USER}/app.slice/web.service", "web.service"),
        (f"{USER}/app.slice/app-gnome-org.gnome.Terminal-4711.scope/x", ""),
        (f"{USER}/app.slice/app-web@autostart.service", "app-web@autostart.service"),
        (f"{USER}/init.scope", "init.scope"),
    ],
)
def test_a_users_own_unit_is_none_that_the_machines_systemd_knows(text: str, unit: str) -> None:
    named = unit or "app-gnome-org.gnome.Terminal-4711.scope"
    assert read_lodging(f"{text}\n") == Lodging(unit=named, keeper="")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # Docker: systemd's driver, its own; version 1, both at once; as an ordinary user
        (f"0::/system.slice/{HELD}", Lodging(HELD, HEX, HELD)),
        (f"0::/docker/{HEX}", Lodging("", HEX)),
        (f"12:pids:/docker/{HEX}\n1:name=systemd:/docker/{HEX}\n0::/", Lodging("", HEX)),
        (
            f"3:cpu:/system.slice/{HELD}\n1:name=systemd:/system.slice/{HELD}",
            Lodging(HELD, HEX, HELD),
        ),
        (f"{USER}/user.slice/{HELD}", Lodging(HELD, HEX)),
        # an init of its own inside
        (f"0::/system.slice/{HELD}/system.slice/web.service", Lodging("web.service", HEX, HELD)),
        (f"0::/docker/{HEX}/system.slice/web.service", Lodging("web.service", HEX)),
        # Podman: by itself, in a unit of its own (Quadlet), as an ordinary user
        (
            f"0::/machine.slice/libpod-{HEX}.scope/container",
            Lodging(f"libpod-{HEX}.scope", HEX, f"libpod-{HEX}.scope"),
        ),
        (
            f"0::/system.slice/web.service/libpod-payload-{HEX}",
            Lodging("web.service", HEX, "web.service"),
        ),
        (f"{USER}/user.slice/libpod-{HEX}.scope", Lodging(f"libpod-{HEX}.scope", HEX)),
        # Kubernetes: containerd and CRI-O, both drivers, and version 1's spelling
        (
            (
                "0::/kubepods.slice/kubepods-burstable.slice/"
                f"kubepods-burstable-pod1f2e_3d.slice/{CRI}"
            ),
            Lodging(CRI, HEX, CRI),
        ),
        (f"0::/kubepods/besteffort/pod1f2e-3d/{HEX}", Lodging("", HEX)),
        (
            f"0::/kubepods.slice/kubepods-pod1.slice/crio-{HEX}.scope/container",
            Lodging(f"crio-{HEX}.scope", HEX, f"crio-{HEX}.scope"),
        ),
        (
            (
                "1:name=systemd:/system.slice/containerd.service/"
                f"kubepods-burstable-pod1.slice:cri-containerd:{HEX}"
            ),
            Lodging("containerd.service", HEX, "containerd.service"),
        ),
        (f"0::/../{CRI}", Lodging(CRI, HEX)),  # seen from a group beside it
        # a cluster in a container: the innermost one counts
        (
            f"0::/docker/{HEX}/kubelet.slice/kubelet-kubepods.slice/cri-containerd-{INNER}.scope",
            Lodging(f"cri-containerd-{INNER}.scope", INNER),
        ),
        # those that are called by a name
        ("0::/lxc.payload.web1/system.slice/ssh.service", Lodging("ssh.service", "web1")),
        ("0::/lxc/101/ns/system.slice/ssh.service", Lodging("ssh.service", "101")),
        ("4:pids:/lxc/web1\n1:name=systemd:/lxc/web1/init.scope", Lodging("init.scope", "web1")),
        ("0::/lxc.monitor.web1", Lodging()),
        (
            "0::/machine.slice/systemd-nspawn@web.service/payload/system.slice/a.service",
            Lodging("a.service", "web", "systemd-nspawn@web.service"),
        ),
        (
            r"0::/machine.slice/machine-my\x2dbox.scope/payload",
            Lodging(r"machine-my\x2dbox.scope", "my-box", r"machine-my\x2dbox.scope"),
        ),
        (
            r"0::/machine.slice/machine-a\x1bc.scope",
            Lodging(r"machine-a\x1bc.scope", r"a\x1bc", r"machine-a\x1bc.scope"),
        ),
        (
            r"0::/machine.slice/machine-qemu\x2d1\x2dvm.scope/libvirt/emulator",
            Lodging(r"machine-qemu\x2d1\x2dvm.scope", "", r"machine-qemu\x2d1\x2dvm.scope"),
        ),
        (f"0::/ecs/{HEX[:32]}/{HEX[:32]}-1234567890", Lodging("", f"{HEX[:32]}-1234567890")),
    ],
)
def test_a_control_group_names_the_container(text: str, found: Lodging) -> None:
    assert read_lodging(f"{text}\n") == found


@pytest.mark.parametrize(
    ("unit", "container", "words"),
    [
        ("", "", "web (pid 7)"),
        ("web.service", "", "web (pid 7, web.service)"),
        (HELD, HEX, "web (pid 7, container 0123456789ab)"),
        ("web.service", HEX, "web (pid 7, web.service, container 0123456789ab)"),
        ("ssh.service", "web1", "web (pid 7, ssh.service, container web1)"),
        ("", "shop-production-7", "web (pid 7, container shop-production-7)"),
    ],
)
def test_a_process_is_told_by_both(unit: str, container: str, words: str) -> None:
    assert Holder(pid=7, name="web", unit=unit, container=container).words == words


def test_a_process_is_looked_up(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    (tmp_path / "7/cgroup").write_bytes(b"0::/system.slice/\xff/a.service\n")
    assert lodging(7, tmp_path).unit == "a.service"
    assert lodging(8, tmp_path) == Lodging()
