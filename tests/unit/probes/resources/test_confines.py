"""The limits of control groups, of both versions, on recorded files: quotas, memory, tasks."""

from pathlib import Path

import pytest

from layerwalk.probes.facts import Confines, Resource
from layerwalk.probes.resources.confines import confines
from layerwalk.probes.resources.hierarchies import hierarchies
from tests.unit.probes.resources.recorded import (
    FIRST_VERSION,
    PRESSURE,
    SECOND_VERSION,
    recorded,
)

OLD = {
    **{f"/sys/fs/cgroup/{it}/cgroup.procs": "" for it in ("cpu,cpuacct", "memory", "pids")},
    "/proc/thread-self/mountinfo": FIRST_VERSION,
    "/proc/42/cgroup": (
        "4:pids:/box\n3:memory:/box/inner\n2:cpu,cpuacct:/box/inner\n1:name=systemd:/unit\n"
    ),
    "/sys/fs/cgroup/cpu,cpuacct/box/inner/cpu.cfs_quota_us": "-1\n",
    "/sys/fs/cgroup/cpu,cpuacct/box/inner/cpu.cfs_period_us": "100000\n",
    "/sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us": "5000\n",
    "/sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us": "100000\n",
    "/sys/fs/cgroup/cpu,cpuacct/box/cpu.stat": (
        "nr_periods 40\nnr_throttled 38\nthrottled_time 3600000000\n"
    ),
    "/sys/fs/cgroup/memory/box/inner/memory.limit_in_bytes": "67108864\n",
    "/sys/fs/cgroup/memory/box/inner/memory.usage_in_bytes": "67104768\n",
    "/sys/fs/cgroup/memory/box/inner/memory.failcnt": "812\n",
    "/sys/fs/cgroup/memory/box/inner/memory.oom_control": (
        "oom_kill_disable 1\nunder_oom 1\noom_kill 3\n"
    ),
    "/sys/fs/cgroup/memory/box/inner/memory.stat": (
        "inactive_file 1\npgmajfault 2\ntotal_inactive_file 4096\ntotal_pgmajfault 17\n"
    ),
    "/sys/fs/cgroup/memory/box/memory.limit_in_bytes": "9223372036854771712\n",
    "/sys/fs/cgroup/pids/box/pids.max": "24\n",
    "/sys/fs/cgroup/pids/box/pids.current": "24\n",
    "/sys/fs/cgroup/pids/box/pids.events": "max 5\n",
    "/sys/fs/cgroup/pids/pids.max": "max\n",
}
NEW = {
    "/sys/fs/cgroup/cgroup.procs": "",
    "/proc/thread-self/mountinfo": SECOND_VERSION,
    "/proc/42/cgroup": "0::/pod/box\n",
    "/sys/fs/cgroup/pod/box/cpu.max": "max 100000\n",
    "/sys/fs/cgroup/pod/cpu.max": "25000 50000\n",
    "/sys/fs/cgroup/pod/cpu.stat": (
        "usage_usec 99\nnr_periods 10\nnr_throttled 9\nthrottled_usec 700000\n"
    ),
    "/sys/fs/cgroup/pod/box/memory.max": "104857600\n",
    "/sys/fs/cgroup/pod/box/memory.high": "max\n",
    "/sys/fs/cgroup/pod/box/memory.current": "104000000\n",
    "/sys/fs/cgroup/pod/box/memory.events": "low 0\nhigh 4\nmax 96\noom 2\noom_kill 1\n",
    "/sys/fs/cgroup/pod/box/memory.stat": "anon 1\ninactive_file 8192\npgmajfault 12\n",
    "/sys/fs/cgroup/pod/memory.max": "max\n",
    "/sys/fs/cgroup/pod/memory.high": "52428800\n",
    "/sys/fs/cgroup/pod/box/pids.max": "max\n",
    "/sys/fs/cgroup/pod/pids.max": "100\n",
    "/sys/fs/cgroup/pod/pids.current": "7\n",
    "/sys/fs/cgroup/pod/box/memory.pressure": PRESSURE,
    "/sys/fs/cgroup/pod/box/cpu.pressure": PRESSURE,
}


def read(folder: Path, files: dict[str, str]) -> Confines:
    machine = recorded(folder, files)
    return confines(machine, hierarchies(machine), "42")


def test_of_the_first_version_each_controller_has_its_own_groups(tmp_path: Path) -> None:
    found = read(tmp_path, OLD)
    (quota,), (memory,), (tasks,) = found.cpu, found.memory, found.tasks
    assert quota.folder == "/sys/fs/cgroup/cpu,cpuacct/box"
    assert (quota.processors, quota.period_s) == (0.05, 0.1)
    assert (quota.periods, quota.throttled, quota.throttled_s) == (40, 38, 3.6)
    assert (memory.limit, memory.hits, memory.oom_kills, memory.frozen) == (1 << 26, 812, 3, True)
    assert (memory.inactive, memory.major_faults) == (4096, 17)
    assert memory.working > 0.99
    assert (tasks.limit, tasks.tasks, tasks.refused) == (24, 24, 5)
    assert (found.group, found.pressures) == ("/box/inner", ())


def test_of_the_second_version_the_groups_above_count_too(tmp_path: Path) -> None:
    found = read(tmp_path, NEW)
    (quota,), (own, above), (tasks,) = found.cpu, found.memory, found.tasks
    assert (quota.processors, quota.throttled_s) == (0.5, 0.7)
    assert (own.limit, own.hits, own.oom_kills, own.frozen) == (104857600, 100, 1, False)
    assert above.limit == 52428800
    assert (tasks.limit, tasks.tasks) == (100, 7)
    assert [one.resource for one in found.pressures] == [Resource.CPU, Resource.MEMORY]
    assert found.group == "/pod/box"


def test_a_machine_may_have_both_versions(tmp_path: Path) -> None:
    unified = "36 30 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
    both = {
        **OLD,
        "/proc/thread-self/mountinfo": FIRST_VERSION + unified,
        "/proc/42/cgroup": OLD["/proc/42/cgroup"] + "0::/whole\n",
        "/sys/fs/cgroup/unified/cgroup.procs": "",
        "/sys/fs/cgroup/unified/whole/io.pressure": PRESSURE,
    }
    found = read(tmp_path, both)
    assert [one.resource for one in found.pressures] == [Resource.IO]
    assert found.cpu[0].processors == 0.05


@pytest.mark.parametrize(
    ("root", "group", "folder"),
    [
        ("/docker/abc", "/docker/abc", "/sys/fs/cgroup"),
        ("/docker/abc", "/docker/abc/inner", "/sys/fs/cgroup/inner"),
        ("/", "/", "/sys/fs/cgroup"),
        ("/docker/abc", "/docker/abcdef", "/sys/fs/cgroup/docker/abcdef"),
    ],
)
def test_a_container_may_see_its_own_group_as_the_root(
    tmp_path: Path, root: str, group: str, folder: str
) -> None:
    files = {
        "/proc/thread-self/mountinfo": f"35 23 0:26 {root} /sys/fs/cgroup rw - cgroup2 none rw\n",
        "/proc/42/cgroup": f"0::{group}\n",
        "/sys/fs/cgroup/cgroup.procs": "",
        f"{folder}/pids.max": "9\n",
    }
    assert [one.folder for one in read(tmp_path, files).tasks] == [folder]


@pytest.mark.parametrize("group", ["/../other", "/.."])
def test_a_group_that_is_not_to_be_seen_from_here_is_left_out(tmp_path: Path, group: str) -> None:
    files = {
        "/proc/thread-self/mountinfo": SECOND_VERSION,
        "/proc/42/cgroup": f"0::{group}\n",
        "/sys/fs/cgroup/cgroup.procs": "",
        "/sys/fs/cgroup/pids.max": "9\n",
    }
    assert read(tmp_path, files).tasks == ()


def test_where_another_sys_hides_them_they_are_seen_where_the_parent_looks(tmp_path: Path) -> None:
    hidden = {path: text for path, text in OLD.items() if not path.startswith("/sys")}
    seen = {f"/proc/7/root{path}": text for path, text in OLD.items() if path.startswith("/sys")}
    ancestors = {
        "/proc/self/status": "Name:\tx\nPPid:\t8\n",
        "/proc/8/status": "PPid:\t7\n",
        "/proc/8/mountinfo": FIRST_VERSION,
        "/proc/7/status": "PPid:\t0\n",
        "/proc/7/mountinfo": FIRST_VERSION,
    }
    found = read(tmp_path, {**hidden, **seen, **ancestors})
    assert found.cpu[0].folder == "/sys/fs/cgroup/cpu,cpuacct/box"
    assert found.cpu[0].throttled == 38


def test_what_is_worth_a_word_is_said(tmp_path: Path) -> None:
    assert read(tmp_path, OLD).remarks == (
        "its group may use 5% of a processor and was stopped for that in 38 of 40 periods so far",
        "its group has 64 of the 64 MiB that it may, 3 killed for that so far",
        "its group has 24 of the 24 processes and threads that it may",
    )
    assert Confines().remarks == ()


def test_without_groups_there_are_no_limits(tmp_path: Path) -> None:
    assert read(tmp_path, {"/proc/42/cgroup": "0::/\n"}) == Confines()
    assert read(tmp_path, {"/proc/thread-self/mountinfo": SECOND_VERSION}) == Confines()
