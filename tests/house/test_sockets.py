"""Whatever sends for a walk goes through ``Origin``: no probe opens a socket of its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

import layerwalk.probes

ROOM = Path(layerwalk.probes.__file__).parent

OPENS = {
    "origin.py": "it is the place",
    "scan/ear.py": "listens only",
    "scan/volley.py": "bound to the source that its packets have, and steered",
    "seen_connection.py": "bound to the source that its packets have, and steered",
    "wire/link_layer.py": "asks on the link, where nothing is routed; or asks the kernel alone",
    "wire/kernel/datagrams.py": "tries whether it may, and sends nothing",
    "wire/kernel/sockets.py": "bound to the source that its packets have, and steered",
    "wire/ports.py": "bound to the source that its packets have, and steered",
    "wire/sender.py": "gets the mark, and is told the way of each packet",
    "wire/tap.py": "listens only",
}
STEERED = ("scan/volley.py", "seen_connection.py", "wire/kernel/sockets.py", "wire/ports.py")
STARTS = {
    "firewall/reading.py": "only reads",
    "wire/kernel/ping.py": "with the source and the interface as options; not with a mark",
}
LOOKS_UP = {
    "connect.py": "an address that is written as one",
    "seen_connection.py": "an address that is written as one",
    "scan/connecting.py": "an address that is written as one",
    "resolve/system.py": "not asked where it would leave another way",
}
NAMESPACES = ("/proc/net", "/proc/self", "/sys/class/net")
"""Of the process and of whoever mounted it: a walk's thread may be in another namespace."""


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOM.rglob("*.py")):
        yield str(path.relative_to(ROOM)), ast.parse(path.read_text(encoding="utf-8"))


def called(tree: ast.AST) -> set[str]:
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {ast.unparse(function) for function in calls}


def test_sockets_are_opened_where_the_origin_is_minded() -> None:
    found = {name for name, tree in sources() if "socket.socket" in called(tree)}
    assert found == set(OPENS)


def test_those_that_are_bound_elsewhere_are_steered() -> None:
    steered = {name for name, tree in sources() if any("steer" in it for it in called(tree))}
    assert steered >= set(STEERED)


def test_programs_are_started_where_the_origin_is_minded() -> None:
    starting = {"subprocess.run", "subprocess.Popen"}
    assert {name for name, tree in sources() if starting & called(tree)} == set(STARTS)


def test_names_are_looked_up_where_the_origin_is_minded() -> None:
    asking = {"getaddrinfo", "gethostbyname", "gethostbyaddr", "getnameinfo", "getfqdn"}
    calls = {name: {it.rpartition(".")[2] for it in called(tree)} for name, tree in sources()}
    assert {name for name, functions in calls.items() if asking & functions} == set(LOOKS_UP)


def test_nothing_is_read_of_another_namespace() -> None:
    texts = [
        (name, node.value)
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    wrong = [(name, text) for name, text in texts if text.startswith(NAMESPACES)]
    assert wrong == []
