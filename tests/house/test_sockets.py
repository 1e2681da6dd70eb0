"""Whatever sends for a walk goes through ``Origin``: no probe opens a socket of its own."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import layerwalk.probes

ROOM = Path(layerwalk.probes.__file__).parent

UNSTEERED = {
    "rule_trace/netlink.py": "asks the kernel alone",
    "rtnetlink/asking.py": "asks the kernel alone",
    "scan/ear.py": "listens only",
    "sock_diag/__init__.py": "asks the kernel alone",
    "systemd/door.py": "asks systemd on this machine, over no network",
    "wire/kernel/datagrams.py": "tries whether it may, and sends nothing",
    "wire/link_layer.py": "asks on the link, where nothing is routed; or asks the kernel alone",
    "wire/sender.py": "gets the mark, and is told the way of each packet",
    "wire/tap.py": "listens only",
}
"""What opens sockets and leaves out what the origin says of their way, and why."""

STARTS = {
    "drop_reasons/instance.py": "takes the tracing away, and sends nothing",
    "firewall/tools.py": "only reads",
    "rule_trace/table.py": "changes the rules that are asked for, and sends nothing",
    "wire/kernel/ping.py": "with the source and the interface as options; not with a mark",
}
LOOKS_UP = {"resolve/system.py": "not asked where it would leave another way"}
WRITTEN = re.compile(r"\w+\.(address|source)")
"""An address that is written as one: reading it asks nobody."""

NAMESPACES = ("/proc/net", "/proc/self", "/sys/class/net")
"""Of the process and of whoever mounted it: a walk's thread may be in another namespace."""


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOM.rglob("*.py")):
        yield str(path.relative_to(ROOM)), ast.parse(path.read_text(encoding="utf-8"))


def called(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def functions(tree: ast.AST) -> set[str]:
    return {ast.unparse(call.func) for call in called(tree)}


def test_sockets_go_the_way_that_the_origin_says() -> None:
    opening = {name for name, tree in sources() if "socket.socket" in functions(tree)}
    steering = {name for name, tree in sources() if any("steer" in it for it in functions(tree))}
    assert opening - steering == set(UNSTEERED)


def test_programs_are_started_where_the_origin_is_minded() -> None:
    starting = {"subprocess.run", "subprocess.Popen"}
    assert {name for name, tree in sources() if starting & functions(tree)} == set(STARTS)


def test_names_are_looked_up_where_the_origin_is_minded() -> None:
    asking = ("gethostby", "getnameinfo", "getfqdn", "create_connection", "getaddrinfo")
    calls = [
        (name, ast.unparse(call.args[0]))
        for name, tree in sources()
        for call in called(tree)
        if ast.unparse(call.func).rpartition(".")[2].startswith(asking)
    ]
    assert {name for name, about in calls if not WRITTEN.fullmatch(about)} == set(LOOKS_UP)


def test_nothing_is_read_of_another_namespace() -> None:
    texts = [
        (name, node.value)
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    wrong = [(name, text) for name, text in texts if text.startswith(NAMESPACES)]
    assert wrong == []
