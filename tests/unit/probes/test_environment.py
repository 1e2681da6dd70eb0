"""What a process was told by its environment, as files show it."""

import os
from pathlib import Path

import pytest

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.environment import environment
from layerwalk.probes.facts import EnvironmentFact, Outcome, ProxySetting, TimeSetting

PID = 4711


def read(folder: Path, *words: str, command: tuple[str, ...] = ("program",)) -> EnvironmentFact:
    home = folder / str(PID)
    home.mkdir()
    (home / "environ").write_bytes(b"".join(word.encode() + b"\0" for word in words))
    (home / "cmdline").write_bytes(b"".join(word.encode() + b"\0" for word in command))
    return environment(PID, ProbeContext(), folder)


def test_a_program_without_settings_connects_by_itself(tmp_path: Path) -> None:
    fact = read(tmp_path, "PATH=/usr/bin", "SECRET=hunter2", "odd", "http_proxy=")
    assert (fact.outcome, fact.proxies) == (Outcome.ANSWERED, ())
    assert fact.finding == "process 4711 was given no proxy"
    assert "hunter2" not in repr(fact)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("http://proxy.test:3128", ProxySetting(variable="", host="proxy.test", port=3128)),
        ("proxy.test:3128/", ProxySetting(variable="", host="proxy.test", port=3128)),
        ("proxy.test", ProxySetting(variable="", host="proxy.test")),
        ("http://[2001:db8::1]:80", ProxySetting(variable="", host="2001:db8::1", port=80)),
        (
            "socks5h://198.51.100.9:1080",
            ProxySetting(variable="", scheme="socks5h", host="198.51.100.9", port=1080),
        ),
        (
            "http://me:hunter2@proxy.test:3128",
            ProxySetting(variable="", host="proxy.test", port=3128, credentials=True),
        ),
        (
            "me:hunter2@proxy.test:3128",
            ProxySetting(variable="", host="proxy.test", port=3128, credentials=True),
        ),
        ("http://hunter2@ odd/", ProxySetting(variable="", credentials=True)),
        ("http://proxy.test:hunter2", ProxySetting(variable="")),
        ("http://\x1b[31mhunter2", ProxySetting(variable="")),
    ],
)
def test_a_proxy_is_read_without_its_password(
    tmp_path: Path, value: str, found: ProxySetting
) -> None:
    fact = read(tmp_path, f"https_proxy={value}")
    (proxy,) = fact.proxies
    assert proxy.variable == "https_proxy"
    assert (proxy.host, proxy.port, proxy.credentials) == (
        found.host,
        found.port,
        found.credentials,
    )
    assert proxy.scheme == (found.scheme or ("http" if found.host else ""))
    assert "hunter2" not in repr(fact)
    assert "hunter2" not in fact.finding


def test_each_variable_is_told_by_its_name(tmp_path: Path) -> None:
    fact = read(
        tmp_path,
        "http_proxy=http://one.test:3128",
        "HTTPS_PROXY=https://two.test",
        "ALL_PROXY=socks5://[2001:db8::9]:1080",
        "no_proxy=localhost, .internal.test,198.51.100.0/24",
        "NO_PROXY=localhost,*.test:8080,\x1b[1m",
    )
    assert fact.finding == (
        "proxies of process 4711: http_proxy is one.test:3128, HTTPS_PROXY is https://two.test, "
        "ALL_PROXY is socks5://[2001:db8::9]:1080, not for localhost, .internal.test, "
        "198.51.100.0/24, *.test:8080"
    )
    assert "/proc/4711/environ" in fact.command


def test_java_has_settings_of_its_own(tmp_path: Path) -> None:
    fact = read(
        tmp_path,
        "JAVA_TOOL_OPTIONS=-Xmx1g -Dhttp.proxyHost=proxy.test -Dhttp.proxyPort=3128",
        command=(
            "java",
            "-DsocksProxyHost=198.51.100.9",
            "-Dhttp.nonProxyHosts=localhost|*.test",
            "-Dsun.net.client.defaultReadTimeout=2500",
            "-Dhttp.proxyPassword=hunter2",
        ),
    )
    assert [(it.variable, it.address) for it in fact.proxies] == [
        ("-Dhttp.proxyHost", "proxy.test:3128"),
        ("-DsocksProxyHost", "socks://198.51.100.9"),
    ]
    assert fact.bypassed == ("localhost", "*.test")
    assert fact.times == (
        TimeSetting(variable="sun.net.client.defaultReadTimeout", value="2500", seconds=2.5),
    )
    assert "hunter2" not in repr(fact)


def test_wrappers_and_time_limits_are_named(tmp_path: Path) -> None:
    fact = read(
        tmp_path,
        "LD_PRELOAD=/usr/lib/libproxychains4.so.4:jemalloc.so /lib/libtsocks.so",
        "PGCONNECT_TIMEOUT=5",
        "ETCDCTL_DIAL_TIMEOUT=200ms",
        "PIP_DEFAULT_TIMEOUT=soon",
        "RES_OPTIONS=rotate timeout:2 attempts:3",
    )
    assert fact.wrappers == ("libproxychains4.so.4", "libtsocks.so")
    assert {(it.variable, it.value, it.seconds) for it in fact.times} == {
        ("PGCONNECT_TIMEOUT", "5", 5.0),
        ("ETCDCTL_DIAL_TIMEOUT", "200ms", 0.2),
        ("RES_OPTIONS", "timeout:2 attempts:3", None),
    }
    assert "libtsocks.so takes its connections over; PGCONNECT_TIMEOUT is 5" in fact.finding


def test_a_process_that_is_gone_is_not_measured(tmp_path: Path) -> None:
    fact = environment(PID, ProbeContext(), tmp_path)
    assert (fact.outcome, fact.finding) == (Outcome.FAILED, "process 4711 is gone")


def test_another_users_environment_takes_rights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def barred(_path: Path, _mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", barred)
    fact = environment(PID, ProbeContext(), tmp_path)
    assert fact.outcome is Outcome.NOT_PERMITTED
    assert "CAP_SYS_PTRACE" in fact.finding


def test_this_process_has_one() -> None:
    assert environment(os.getpid(), ProbeContext()).outcome is Outcome.ANSWERED
