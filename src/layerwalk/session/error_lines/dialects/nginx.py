"""nginx's error log: what it did to an upstream, and which. Client and server are not the target.

``upstream timed out (110: …)`` is nginx's own limit although it borrows the kernel's number.
"""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule
from layerwalk.session.report import PhaseWord

NGINX = "nginx"
_UPSTREAM = r".{0,4000}?\bupstream: \"(?P<url><URL>)\""
_PHASES: tuple[tuple[PhaseWord, str], ...] = (
    ("connect", r"while connecting to upstream"),
    ("tls", r"while SSL handshaking to upstream"),
    ("read", r"while (?:reading|sending|proxying)[^,]{1,60}"),
)

RULES = (
    *(
        Rule(
            needs="upstream timed out",
            looks=rf"upstream timed out \(\d+: [^)]{{1,80}}\) {words}{_UPSTREAM}",
            runtime=NGINX,
            phase=phase,
            errno="ETIMEDOUT",
            timer="program",
            alone=True,
        )
        for phase, words in _PHASES
    ),
    Rule(
        needs="connect() failed (110",
        looks=rf"connect\(\) failed \(110: [^)]{{1,80}}\){_UPSTREAM}",
        runtime=NGINX,
        phase="connect",
        errno="ETIMEDOUT",
        timer="kernel",
        alone=True,
    ),
    *(
        Rule(needs="upstream: ", looks=words + _UPSTREAM, runtime=NGINX, phase=phase, alone=True)
        for phase, words in _PHASES
    ),
    Rule(
        needs="could not be resolved",
        looks=r"(?P<host><NAME>) could not be resolved \(\d+: Host not found",
        runtime=NGINX,
        phase="name",
        errno="EAI_NONAME",
        timer="none",
        alone=True,
    ),
    Rule(
        needs="could not be resolved",
        looks=r"(?P<host><NAME>) could not be resolved \(110: ",
        runtime=NGINX,
        phase="name",
        timer="program",
        alone=True,
    ),
    Rule(
        needs="could not be resolved",
        looks=r"(?P<host><NAME>) could not be resolved \(\d+: ",
        runtime=NGINX,
        phase="name",
        alone=True,
    ),
    Rule(
        needs="host not found in upstream",
        looks=r"host not found in upstream \"(?P<at><AT>)",
        runtime=NGINX,
        phase="name",
        errno="EAI_NONAME",
        timer="none",
    ),
)
