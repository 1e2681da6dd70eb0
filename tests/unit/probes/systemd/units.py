"""Units as systemd 252 has them on the bus: their properties, each with its type."""

from typing import Any

Properties = dict[str, tuple[str, Any]]
Interfaces = dict[str, Properties]

PREFIX = "org.freedesktop.systemd1"
UNIT, SERVICE, SOCKET = f"{PREFIX}.Unit", f"{PREFIX}.Service", f"{PREFIX}.Socket"
NO_LIMIT = (1 << 64) - 1


def path(name: str) -> str:
    """The object of a unit, as sd_bus_path_encode(3) spells it."""
    letters = (char if char.isalnum() else f"_{ord(char):02x}" for char in name)
    return "/org/freedesktop/systemd1/unit/" + "".join(letters)


def unit(name: str, *, load: str = "loaded", active: str = "active", sub: str = "running") -> Any:
    return {
        "Id": ("s", name),
        "Names": ("as", [name]),
        "Description": ("s", f"What {name} is \x1b[31mfor"),
        "LoadState": ("s", load),
        "ActiveState": ("s", active),
        "SubState": ("s", sub),
        "UnitFileState": ("s", "enabled"),
        "StateChangeTimestamp": ("t", 1767225600000000),
        "Job": ("(uo)", (0, "/")),
        "Conditions": ("a(sbbsi)", [("ConditionPathExists", False, True, "/etc/x", 1)]),
        "InvocationID": ("ay", bytes(range(16))),
        "Triggers": ("as", []),
        "Refs": ("as", []),
    }


def service(*argv: str, **more: tuple[str, Any]) -> Properties:
    lines = [(argv[0], [*argv], False, 0, 0, 0, 0, 0, 0, 0)] if argv else []
    return {
        "Type": ("s", "notify"),
        "MainPID": ("u", 0),
        "ExecMainCode": ("i", 0),
        "ExecMainStatus": ("i", 0),
        "Result": ("s", "success"),
        "NRestarts": ("u", 0),
        "ExecStart": ("a(sasbttttuii)", lines),
        "MemoryMax": ("t", NO_LIMIT),
        "TasksMax": ("t", 4915),
        "LimitNOFILE": ("t", 524288),
        "Environment": ("as", ["PASSWORD=hunter2"]),
        "SystemCallFilter": ("(bas)", (False, [])),
        "IOReadBandwidthMax": ("a(st)", []),
        **more,
    }


def socket(*listens: tuple[str, str]) -> Properties:
    return {"Listen": ("a(ss)", [*listens]), "Accept": ("b", False), "Result": ("s", "success")}


NGINX = "nginx.service"
FAILED: dict[str, Interfaces] = {
    NGINX: {
        UNIT: unit(NGINX, active="failed", sub="failed"),
        SERVICE: service(
            "/usr/sbin/nginx",
            "-g",
            "daemon on;",
            Result=("s", "exit-code"),
            ExecMainCode=("i", 1),
            ExecMainStatus=("i", 1),
            NRestarts=("u", 5),
        ),
    },
    "gunicorn.service": {
        UNIT: {
            **unit("gunicorn.service", active="inactive", sub="dead"),
            "UnitFileState": ("s", "disabled"),
        },
        SERVICE: service("/usr/bin/gunicorn", "-b", "0.0.0.0:8000", "--token=hunter2", "app:app"),
    },
    "sshd.socket": {
        UNIT: {
            **unit("sshd.socket", active="inactive", sub="dead"),
            "Triggers": ("as", ["sshd.service"]),
        },
        SOCKET: socket(("Stream", "[::]:22"), ("Stream", "0.0.0.0:2222"), ("Datagram", "[::]:53")),
    },
    "sshd.service": {
        UNIT: unit("sshd.service"),
        SERVICE: service("/usr/sbin/sshd", "-D", ExecMainCode=("i", 2), ExecMainStatus=("i", 9)),
    },
    "init.scope": {UNIT: unit("init.scope")},
}
NOT_LOADED: dict[str, Interfaces] = {
    "redis-server.service": {
        UNIT: {
            **unit("redis-server.service", active="inactive", sub="dead"),
            "UnitFileState": ("s", "disabled"),
        },
        SERVICE: service("/usr/bin/redis-server", "/etc/redis.conf"),
    },
    "mosquitto.service": {
        UNIT: unit("mosquitto.service", load="masked", active="inactive", sub="dead"),
        SERVICE: service(),
    },
}
"""What systemd looks up only when it is asked for by name."""
