"""How a connection is allowed before a rule of this machine: by the tool that keeps the rule. Pure.

Each entry gives the command for the program that the rule's table or chains belong to; where nobody
shows, it is the one that wrote it: iptables or nft.
"""

from __future__ import annotations

from collections.abc import Callable

from layerwalk.diagnosis.model import Refusal
from layerwalk.probes.facts import family_of

LEGACY = " (legacy)"


def allowing(refusal: Refusal) -> str:
    """Give the command that allows the connection, in front of the rule."""
    command = _BY_OWNER.get(refusal.rule.owner)
    if command:
        return command(refusal)
    return _by_tool(refusal) if refusal.rule.table else ""


def looking(refusal: Refusal) -> str:
    """Give the command that shows the rule where its owner keeps it."""
    rule = refusal.rule
    if rule.owner in _LISTED:
        return _LISTED[rule.owner]
    if not rule.table:
        return "nft -a list ruleset"
    if _is_iptables(refusal):
        table = rule.table.partition(" ")[2].removesuffix(LEGACY)
        return f"{_iptables(refusal)} -t {table} -vnL {rule.chain}"
    return f"nft -a list chain {rule.table} {rule.chain}"


def _by_tool(refusal: Refusal) -> str:
    rule = refusal.rule
    if _is_iptables(refusal):
        return _by_iptables(refusal, rule.chain)
    at = f" handle {rule.handle}" if rule.handle is not None else ""
    verb = "insert" if at else "add"
    return f"nft {verb} rule {rule.table} {rule.chain}{at} {_in_nft(refusal)} accept"


def _is_iptables(refusal: Refusal) -> bool:
    """Whether iptables wrote it: by its text, or a policy by the names that are iptables' own."""
    rule = refusal.rule
    family, _, table = rule.table.partition(" ")
    policy = rule.handle is None and rule.chain.isupper()
    own = family in {"ip", "ip6"} and table in {"filter", "raw", "mangle", "nat", "security"}
    return rule.text.startswith("-A ") or rule.table.endswith(LEGACY) or (policy and own)


def _in_nft(refusal: Refusal) -> str:
    """Name the packet that is refused, in nft's words."""
    side = "d" if refusal.to_service else "s"
    ends = [f"ip{_six(refusal)} {side}addr {refusal.address}"] if not refusal.serves else []
    if refusal.client:
        ends = [f"ip{_six(refusal)} {'s' if refusal.to_service else 'd'}addr {refusal.client}"]
    state = ["ct state established"] if _is_under_way(refusal) else []
    return " ".join([*ends, f"tcp {side}port {refusal.port}", *state])


def _by_iptables(refusal: Refusal, chain: str) -> str:
    table = refusal.rule.table.partition(" ")[2].removesuffix(LEGACY)
    side, other = ("d", "s") if refusal.to_service else ("s", "d")
    ends = f" -{side} {refusal.address}" if not refusal.serves else ""
    if refusal.client:
        ends = f" -{other} {refusal.client}"
    state = " -m conntrack --ctstate ESTABLISHED" if _is_under_way(refusal) else ""
    match = f"-p tcp{ends} --{side}port {refusal.port}{state}"
    return f"{_iptables(refusal)} -t {table} -I {chain} {match} -j ACCEPT"


def _is_under_way(refusal: Refusal) -> bool:
    """Whether it is an answer that is refused, or what comes after it."""
    return bool(refusal.rule.stage) or not refusal.to_service


def _iptables(refusal: Refusal) -> str:
    backend = "-legacy" if refusal.rule.table.endswith(LEGACY) else ""
    return f"ip{_six(refusal)}tables{backend}"


def _six(refusal: Refusal) -> str:
    return "6" if ":" in refusal.address else ""


def _by_ufw(refusal: Refusal) -> str:
    """Put it before the user's own rules where one of them refuses; a default comes after all."""
    verb = "prepend allow" if "user" in refusal.rule.chain else "allow"
    if refusal.rule.direction == "out":
        if refusal.serves:
            to = refusal.client or "any"
            return f"ufw {verb} out proto tcp from any port {refusal.port} to {to}"
        return f"ufw {verb} out proto tcp to {refusal.address} port {refusal.port}"
    if refusal.client:
        return f"ufw {verb} proto tcp from {refusal.client} to any port {refusal.port}"
    if refusal.serves:
        return f"ufw {verb} {refusal.port}/tcp"
    return f"ufw {verb} proto tcp from {refusal.address} port {refusal.port} to any"


def _by_firewalld(refusal: Refusal) -> str:
    if refusal.rule.direction == "out" or not refusal.serves:
        return "firewall-cmd --get-active-policies; firewall-cmd --direct --get-all-rules"
    if not refusal.client:
        return f"firewall-cmd --add-port={refusal.port}/tcp"
    family = f"ipv{family_of(refusal.address)}"
    source = f'rule family="{family}" source address="{refusal.client}"'
    port = f'port port="{refusal.port}" protocol="tcp"'
    return f"firewall-cmd --add-rich-rule='{source} {port} accept'"


def _by_docker(refusal: Refusal) -> str:
    return _by_iptables(refusal, "DOCKER-USER")


def _unbanned(words: str) -> Callable[[Refusal], str]:
    def command(refusal: Refusal) -> str:
        banned = (refusal.client or "ADDRESS") if refusal.serves else refusal.address
        return f"{words} {banned}"

    return command


_BY_OWNER: dict[str, Callable[[Refusal], str]] = {
    "ufw": _by_ufw,
    "firewalld": _by_firewalld,
    "Docker": _by_docker,
    "fail2ban": _unbanned("fail2ban-client unban"),
    "CrowdSec": _unbanned("cscli decisions delete --ip"),
    "libvirt": lambda _: "virsh net-list --all; virsh nwfilter-list",
    "kube-proxy": lambda _: "kubectl get networkpolicies,services --all-namespaces",
    "Calico": lambda _: "kubectl get networkpolicies --all-namespaces",
    "Cilium": lambda _: "kubectl get networkpolicies,ciliumnetworkpolicies --all-namespaces",
    "Podman": lambda _: "podman network ls",
    "OpenWrt": lambda _: "uci show firewall",
}
_LISTED = {
    "ufw": "ufw status verbose",
    "firewalld": "firewall-cmd --list-all-zones",
    "fail2ban": "fail2ban-client status",
    "CrowdSec": "cscli decisions list",
}
