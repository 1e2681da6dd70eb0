"""ip, tc and nft, run in the calling process's namespaces; their errors become LabError."""

import os
import re
import subprocess

from layerwalk.lab.errors import LabError

SEARCHED = ("/usr/sbin", "/sbin", "/usr/bin", "/bin")


def environment() -> dict[str, str]:
    """Return the environment with the system folders on PATH, where ip, tc and nft live."""
    path = os.environ.get("PATH", "").split(os.pathsep)
    missing = [folder for folder in SEARCHED if folder not in path]
    return {**os.environ, "PATH": os.pathsep.join([*filter(None, path), *missing]), "LC_ALL": "C"}


def ip_batch(lines: list[str], *options: str) -> None:
    """Run these lines of `ip` in one process."""
    if lines:
        _run(["ip", *options, "-batch", "-"], lines)


def tc_batch(lines: list[str]) -> None:
    """Run these lines of `tc` in one process."""
    if lines:
        _run(["tc", "-batch", "-"], lines)


def load_firewall(ruleset: str) -> None:
    """Load an nft ruleset."""
    if ruleset.strip():
        _run(["nft", "-f", "-"], ruleset.splitlines())


def _run(command: list[str], lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    try:
        done = subprocess.run(
            command, input=text, env=environment(), capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise LabError(f"{command[0]} is not installed") from error
    if done.returncode:
        raise LabError(f"{' '.join(command)}: {_explained(done.stderr or done.stdout, lines)}")


def _explained(complaint: str, lines: list[str]) -> str:
    """Join the tool's words and the line that it means, where it names one."""
    words = " ".join(complaint.split())
    found = re.search(r"-:(\d+)", words)
    number = int(found.group(1)) if found else 0
    return f"{words} ({lines[number - 1].strip()})" if 0 < number <= len(lines) else words
