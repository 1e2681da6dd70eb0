"""What in the path of a folder or a control group tells something: who it is named after."""

from __future__ import annotations

import re
from collections.abc import Iterator

_USUAL_WORDS = (
    "bin blkio boot cache cgroup containers containerd cpu cpuacct cpuset cri crio data dev docker"
    " etc fs hugetlb init io kubelet kubepods lib libpod log logs machine media memory mnt opt"
    " overlay pids pods proc run scope shm slice snap spool srv sys system systemd tmp unified"
    " usr var volume volumes besteffort burstable guaranteed node_modules python python3 java node"
    " nginx apache2 httpd haproxy envoy postgres mysqld mariadbd redis-server sshd bash sh"
)
_USUAL = frozenset(_USUAL_WORDS.split())
_WORD = re.compile(r"[\w-]{2,63}")
_LETTER = re.compile(r"[^\W\d_]")


def telling_words(path: str) -> Iterator[str]:
    """Give the words of a path, or of a program's name, that are not found on every machine."""
    for word in _WORD.findall(path):
        if word.lower() not in _USUAL and _LETTER.search(word):
            yield word
