"""The unit that serves a port: which one fits it, in what state it is, and what it said last.

Nothing goes on the wire and nothing is changed: systemd is asked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from layerwalk.probes.context import ProbeContext
from layerwalk.probes.facts import Fit, Outcome, ServiceFact, Unit
from layerwalk.probes.firewall.tools import ToolError, Tools
from layerwalk.probes.systemd import Chosen, Entry, Wish, units
from layerwalk.probes.systemd.journal import last_words

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
_INIT = 1
"""Holds the sockets of units that it will start; which unit that is, the port tells."""


def service(port: int, processes: Mapping[int, str], ctx: ProbeContext) -> ServiceFact:
    """Ask for the unit that fits a port.

    ``processes`` are those that listen on it, each with the unit that its control group names.
    """
    quarters = ctx.origin.quarters
    elsewhere = quarters is not None and quarters.foreign
    blank = ServiceFact(outcome=Outcome.ANSWERED, port=port, elsewhere=elsewhere)
    if ctx.cancel.is_set():
        return replace(blank, outcome=Outcome.CANCELLED)
    wish = Wish(
        choice=partial(fitting, port=port, by_process=elsewhere),
        names=() if elsewhere else tuple(_plain_names(port)),
        processes={pid: unit for pid, unit in processes.items() if pid != _INIT},
    )
    tools = Tools()
    try:
        found, asked = units(wish, tools, ctx.cancel)
    except ToolError as error:
        outcome = Outcome.NOT_PERMITTED if error.not_permitted else Outcome.NOT_RUN
        return replace(blank, outcome=outcome, detail=_why(error))
    told = tuple(_unit(entry, fit, last_words(entry.name, tools)) for entry, fit in found)
    return replace(blank, units=told, asked=asked)


def _plain_names(port: int) -> Iterator[str]:
    return (f"{name}.service" for name in USUAL.get(port, ()) if "*" not in name)


def fitting(
    known: Sequence[Entry], own: Collection[str], *, port: int, by_process: bool = False
) -> Chosen:
    """Choose the units that fit, the surest first, and of those the ones that don't run. Pure.

    ``own`` are the units of the processes that listen; with ``by_process`` no other reason counts.
    A weaker reason counts only where there is no stronger one.
    """
    there = [entry for entry in known if entry.load != "not-found"]
    for fit, chosen in _by_reason(there, port, own):
        if chosen and not (by_process and fit is not Fit.PROCESS):
            ranked = sorted(chosen, key=_rank)
            return tuple((it, fit) for it in ranked[:MOST])
    return ()


def _by_reason(
    known: Sequence[Entry], port: int, own: Collection[str]
) -> Iterator[tuple[Fit, list[Entry]]]:
    yield Fit.PROCESS, [it for it in known if it.name in own]
    sockets = [it for it in known if any(_listens(one, port) for one in it.listens)]
    woken = {name for it in sockets for name in it.triggers}
    yield Fit.SOCKET, [*sockets, *(it for it in known if it.name in woken)]
    named = re.compile(rf"(?<![\d.]){port}(?![\d.]*\d)")
    yield Fit.COMMAND, [it for it in known if any(named.search(one) for one in it.commands)]
    usual = "|".join(re.escape(name).replace(r"\*", ".*") for name in USUAL.get(port, ()))
    called = re.compile(rf"(?:{usual})\.service") if usual else None
    yield Fit.NAME, [it for it in known if called and called.fullmatch(it.name)]


def _listens(text: str, port: int) -> bool:
    """Whether ``[::]:22 (Stream)`` is about a port."""
    address, _, kind = text.partition(" ")
    return address.rpartition(":")[2] == str(port) and kind.strip() in {"", "(Stream)"}


def _rank(entry: Entry) -> tuple[bool, int]:
    """What can be started goes before what can't, and of that what is broken before what runs."""
    known = entry.active in _BROKEN_FIRST
    broken = _BROKEN_FIRST.index(entry.active) if known else len(_BROKEN_FIRST)
    return entry.load == "masked", broken


def _unit(entry: Entry, fit: Fit, log: tuple[str, ...]) -> Unit:
    return Unit(
        name=entry.name,
        fit=fit,
        load=entry.load,
        active=entry.active,
        sub=entry.sub,
        result=entry.result,
        status=entry.status,
        enabled=entry.enabled,
        restarts=entry.restarts,
        listens=entry.listens,
        log=log,
    )


def _why(error: ToolError) -> str:
    if error.missing:
        return f"no service manager is known here: {error}"
    return f"systemd can't be asked: {str(error).partition('. ')[0].partition('.Failed')[0]}"
