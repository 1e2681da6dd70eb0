"""Which program keeps a rule, told from the names that it gives to tables and chains. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from layerwalk.probes.firewall.ruleset import Place, Ruleset

_CHAINS = {
    "ufw": r"ufw6?-.*",
    "firewalld": r"(IN|FWDI|FWDO|FWD|OUT|PRE|POST|filter_IN|filter_FWD\w?|filter_OUT)_.+|"
    r"(INPUT|OUTPUT|FORWARD|PREROUTING|POSTROUTING|filter_\w+)_(direct|ZONES\w*|POLICIES\w*)",
    "Docker": r"DOCKER(-.+)?",
    "libvirt": r"LIBVIRT_.+",
    "kube-proxy": r"KUBE-.+",
    "Cilium": r"(OLD_)?CILIUM_.+",
    "Calico": r"cali-.+",
    "fail2ban": r"(f2b|fail2ban)-.+",
    "Podman": r"NETAVARK[-_].+|CNI-.+",
    "Tailscale": r"ts-.+",
    "CrowdSec": r"CROWDSEC_.+|crowdsec.*-chain",
    "NixOS": r"nixos-(fw|drop|vpn).*",
    "Proxmox": r"PVEFW-.+",
    "Istio": r"ISTIO_.+",
}
_TABLES = {
    "firewalld": r"firewalld(_.+)?",
    "Docker": r"docker-.+",
    "libvirt": r"libvirt_.+",
    "kube-proxy": r"kube-proxy",
    "Cilium": r"cilium.*",
    "Calico": r"calico",
    "fail2ban": r"(f2b|fail2ban)-.+",
    "Podman": r"netavark",
    "CrowdSec": r"crowdsec6?.*",
    "sshguard": r"sshguard",
    "OpenWrt": r"fw4",
    "NixOS": r"nixos-fw",
    "NetworkManager": r"nm-(shared|sh|mlag).*",
    "systemd": r"io\.systemd\..+",
    "wg-quick": r"wg-quick-.+",
    "Incus": r"incus",
    "LXD": r"lxd",
}
_OF_CHAINS = {name: re.compile(rf"(?:{words})\Z") for name, words in _CHAINS.items()}
_OF_TABLES = {name: re.compile(rf"(?:{words})\Z") for name, words in _TABLES.items()}
_WHOLE = ("ufw", "firewalld")
"""Those that keep the rest of a table, too: its policy, and the chains of the hooks."""


def owner_of(ruleset: Ruleset, place: Place, chains: Iterable[str]) -> str:
    """Name who keeps a rule in a place that was come to through chains; empty where nobody shows.

    The innermost chain counts first. A rule of the hook's own chain is anyone's, but its policy is
    the firewall's whose chains are all around.
    """
    for chain in (place[2], *reversed(tuple(chains))):
        if name := _named(chain, _OF_CHAINS):
            return name
    if name := _named(place[1].removesuffix(" (legacy)"), _OF_TABLES):
        return name
    return "" if tuple(chains) else _whole(ruleset, place)


def _whole(ruleset: Ruleset, place: Place) -> str:
    around = {_named(it[2], _OF_CHAINS) for it in ruleset.chains if it[:2] == place[:2]}
    return next((name for name in _WHOLE if name in around), "")


def _named(word: str, patterns: dict[str, re.Pattern[str]]) -> str:
    return next((name for name, pattern in patterns.items() if pattern.match(word)), "")
