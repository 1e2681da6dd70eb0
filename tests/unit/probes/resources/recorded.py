"""Files of other machines, written below a folder as they stand there: none of them is real."""

from collections.abc import Mapping
from pathlib import Path

from layerwalk.probes.resources.figures import Files

STAT = """\
cpu  1000 200 300 8000 400 10 20 70 0 0
cpu0 500 100 150 4000 200 5 10 35 0 0
cpu1 500 100 150 4000 200 5 10 35 0 0
intr 12345
"""
MEMINFO = """\
MemTotal:        4000000 kB
MemFree:          100000 kB
MemAvailable:     250000 kB
SwapTotal:       1000000 kB
SwapFree:         600000 kB
"""
VMSTAT = "pswpin 30\npswpout 70\npgmajfault 900\noom_kill 2\n"
DISKSTATS = """\
   7       0 loop0 12 0 3 4 0 0 0 0 0 50 60 0 0 0 0 0 0
 259       0 nvme0n1 100 0 800 50 200 0 1600 900 3 4500 950 0 0 0 0 0 0
 259       1 nvme0n1p1 90 0 700 40 190 0 1500 800 0 4400 840 0 0 0 0 0 0
   8       0 sda 10 0 80 5 20 0 160 90 0 700 95 0 0 0 0 0 0
   8       1 sda1 10 0 80 5 20 0 160 90 0 700 95 0 0 0 0 0 0
   8      16 sdb 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
"""
PRESSURE = (
    "some avg10=12.50 avg60=5.00 avg300=1.00 total=2500000\n"
    "full avg10=3.00 avg60=1.00 avg300=0.00 total=500000\n"
)
FIRST_VERSION = """\
30 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
31 30 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
32 30 0:31 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
33 30 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
34 30 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd
"""
SECOND_VERSION = "35 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"


def recorded(folder: Path, files: Mapping[str, str]) -> Files:
    """Write files below a folder, and give them as a machine's."""
    for path, text in files.items():
        place = folder / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return Files(folder)
