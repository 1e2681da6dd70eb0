"""The unit that serves a port: which one fits it, in what state it is, and what it said last.

Nothing goes on the wire and nothing is changed: systemd is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Fit, Outcome, ServiceFact, Unit
from layerwalk.probes.firewall.tools import ToolError
from layerwalk.probes.systemd import Entry, entries, last_words

_WEB = ("nginx", "apache2", "httpd", "caddy", "haproxy", "lighttpd", "traefik", "envoy")
USUAL: dict[int, tuple[str, ...]] = {
    21: ("vsftpd", "proftpd", "pure-ftpd"),
    22: ("ssh", "sshd"),
    25: ("postfix", "exim4", "exim", "sendmail"),
    53: ("named", "bind9", "unbound", "dnsmasq", "systemd-resolved", "coredns"),
    80: _WEB,
    110: ("dovecot",),
    143: ("dovecot",),
    389: ("slapd", "dirsrv"),
    443: _WEB,
    587: ("postfix", "exim4", "exim", "sendmail"),
    631: ("cups",),
    993: ("dovecot",),
    1883: ("mosquitto",),
    2375: ("docker",),
    2376: ("docker",),
    2379: ("etcd",),
    3000: ("grafana-server", "gitea"),
    3128: ("squid",),
    3306: ("mysql", "mariadb", "mysqld"),
    4222: ("nats-server", "nats"),
    5432: ("postgresql", "postgresql@*", "postgresql-*", "patroni"),
    5672: ("rabbitmq-server",),
    6379: ("redis-server", "redis", "redis-server@*", "valkey", "valkey-server"),
    6432: ("pgbouncer",),
    6443: ("kube-apiserver", "k3s", "rke2-server"),
    8080: ("tomcat*", "jenkins", "jetty*"),
    8086: ("influxdb",),
    8443: ("tomcat*", "unifi"),
    8500: ("consul",),
    9000: ("php*-fpm", "php-fpm", "minio", "clickhouse-server"),
    9042: ("cassandra", "scylla-server"),
    9090: ("prometheus", "cockpit"),
    9092: ("kafka",),
    9093: ("prometheus-alertmanager", "alertmanager"),
    9100: ("prometheus-node-exporter", "node_exporter"),
    9200: ("elasticsearch", "opensearch"),
    11211: ("memcached",),
    15672: ("rabbitmq-server",),
    27017: ("mongod", "mongodb"),
}
"""The usual services of some ports, as distributions call their units; ``*`` stands for more."""

MOST = 3
_BROKEN_FIRST = ("failed", "activating", "deactivating", "inactive", "active", "reloading")
_NOT_THERE = {"not-found", "masked", "error", "bad-setting"}


def service(port: int, units: Sequence[str], ctx: ProbeContext) -> ServiceFact:
    """Ask for the unit that fits a port; ``units`` are those of the processes that listen on it."""
    blank = ServiceFact(outcome=Outcome.ANSWERED, port=port)
    if ctx.cancel.is_set():
        return replace(blank, outcome=Outcome.CANCELLED)
    plain = [f"{name}.service" for name in USUAL.get(port, ()) if "*" not in name]
    try:
        known = entries([*units, *plain])
    except ToolError as error:
        outcome = Outcome.NOT_PERMITTED if error.not_permitted else Outcome.NOT_RUN
        return replace(blank, outcome=outcome, detail=_why(error))
    found = fitting(known, port, units)
    return replace(blank, units=tuple(replace(it, log=last_words(it.name)) for it in found))


def fitting(known: Sequence[Entry], port: int, units: Sequence[str]) -> tuple[Unit, ...]:
    """Choose the units that fit, the surest first, and of those the ones that don't run. Pure.

    A weaker reason counts only where there is no stronger one.
    """
    there = [entry for entry in known if entry.load not in _NOT_THERE]
    for fit, chosen in _by_reason(there, port, units):
        if chosen:
            ranked = sorted(chosen, key=lambda it: _rank(it.active))
            return tuple(_unit(it, fit) for it in ranked[:MOST])
    return ()


def _by_reason(
    known: Sequence[Entry], port: int, units: Sequence[str]
) -> Iterator[tuple[Fit, list[Entry]]]:
    yield Fit.PROCESS, [it for it in known if it.name in units]
    sockets = [it for it in known if any(_listens(one, port) for one in it.listens)]
    woken = {name for it in sockets for name in it.triggers}
    yield Fit.SOCKET, [*sockets, *(it for it in known if it.name in woken)]
    named = re.compile(rf"(?<![\d.]){port}(?![\d.]*\d)")
    yield Fit.COMMAND, [it for it in known if any(named.search(one) for one in _argued(it))]
    usual = "|".join(re.escape(name).replace(r"\*", ".*") for name in USUAL.get(port, ()))
    own = re.compile(rf"(?:{usual})\.service") if usual else None
    yield Fit.NAME, [it for it in known if own and own.fullmatch(it.name)]


def _listens(text: str, port: int) -> bool:
    """Whether ``[::]:22 (Stream)`` is about a port."""
    address, _, kind = text.partition(" ")
    return address.rpartition(":")[2] == str(port) and kind.strip() in {"", "(Stream)"}


def _argued(entry: Entry) -> Iterator[str]:
    """The arguments of its command lines, out of ``{ path=... ; argv[]=... ; ... }``."""
    for text in entry.commands:
        argued = text.partition("argv[]=")[2] or text
        yield argued.partition(" ; ")[0].partition(" ")[2]


def _rank(active: str) -> int:
    return _BROKEN_FIRST.index(active) if active in _BROKEN_FIRST else len(_BROKEN_FIRST)


def _unit(entry: Entry, fit: Fit) -> Unit:
    return Unit(
        name=entry.name,
        fit=fit,
        load=entry.load,
        active=entry.active,
        sub=entry.sub,
        result=entry.result,
        status=entry.status,
        restarts=entry.restarts,
        listens=entry.listens,
    )


def _why(error: ToolError) -> str:
    if error.missing:
        return "no service manager is known here: systemctl is not installed"
    return f"systemd can't be asked: {str(error).partition('. ')[0].partition('.Failed')[0]}"
