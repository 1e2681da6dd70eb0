"""The command that allows a connection: of the tool that keeps the rule."""

import pytest

from layerwalk.diagnosis.model import Refusal
from layerwalk.diagnosis.rule_advice import allowing, looking
from layerwalk.probes.facts import Certainty, RuleMatch, family_of

HERE = {4: "192.0.2.1", 6: "2001:db8::1"}
CLIENT = "198.51.100.7"


def refusal(
    owner: str = "",
    direction: str = "in",
    *,
    table: str = "inet filter",
    chain: str = "input",
    text: str = "tcp dport 5432 drop",
    handle: int | None = 7,
    **more: object,
) -> Refusal:
    rule = RuleMatch(
        direction=direction,
        verdict="drop",
        certainty=Certainty.EXACT,
        text=text,
        table=table,
        chain=chain,
        handle=handle,
        owner=owner,
    )
    given: dict[str, object] = {"address": HERE[4], "port": 5432, "serves": True, **more}
    return Refusal(rule=rule, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "command"),
    [
        (refusal("ufw"), "ufw allow 5432/tcp"),
        (
            refusal("ufw", chain="ufw-user-input", client=CLIENT),
            f"ufw prepend allow proto tcp from {CLIENT} to any port 5432",
        ),
        (
            refusal("ufw", "out", serves=False),
            f"ufw allow out proto tcp to {HERE[4]} port 5432",
        ),
        (refusal("ufw", "out"), "ufw allow out proto tcp from any port 5432 to any"),
        (
            refusal("ufw", serves=False),
            f"ufw allow proto tcp from {HERE[4]} port 5432 to any",
        ),
        (refusal("firewalld"), "firewall-cmd --add-port=5432/tcp"),
        (
            refusal("firewalld", client=CLIENT),
            (
                'firewall-cmd --add-rich-rule=\'rule family="ipv4" source address="198.51.100.7" '
                'port port="5432" protocol="tcp" accept\''
            ),
        ),
        (refusal("fail2ban", client=CLIENT), f"fail2ban-client unban {CLIENT}"),
        (refusal("fail2ban"), "fail2ban-client unban ADDRESS"),
        (
            refusal("Docker", table="ip filter", chain="DOCKER-FORWARD"),
            "iptables -t filter -I DOCKER-USER -p tcp --dport 5432 -j ACCEPT",
        ),
        (refusal(), "nft insert rule inet filter input handle 7 tcp dport 5432 accept"),
        (
            refusal(client=CLIENT),
            f"nft insert rule inet filter input handle 7 ip saddr {CLIENT} tcp dport 5432 accept",
        ),
        (
            refusal("", "out", chain="output", serves=False, address=HERE[6]),
            (
                "nft insert rule inet filter output handle 7 "
                "ip6 daddr 2001:db8::1 tcp dport 5432 accept"
            ),
        ),
        (
            refusal(serves=False, handle=None, text="table inet filter chain input policy drop"),
            (
                "nft add rule inet filter input "
                "ip saddr 192.0.2.1 tcp sport 5432 ct state established accept"
            ),
        ),
        (
            refusal(
                table="ip6 filter (legacy)",
                chain="INPUT",
                text="-A INPUT -j DROP",
                handle=None,
                address=HERE[6],
            ),
            "ip6tables-legacy -t filter -I INPUT -p tcp --dport 5432 -j ACCEPT",
        ),
        (
            refusal(
                table="ip filter",
                chain="INPUT",
                handle=None,
                text="table ip filter chain INPUT policy drop",
                client=CLIENT,
            ),
            f"iptables -t filter -I INPUT -p tcp -s {CLIENT} --dport 5432 -j ACCEPT",
        ),
        (refusal(table=""), ""),
    ],
)
def test_the_command_is_the_owners(found: Refusal, command: str) -> None:
    assert allowing(found) == command
    assert family_of(found.address) in HERE


@pytest.mark.parametrize(
    ("found", "command"),
    [
        (refusal("ufw"), "ufw status verbose"),
        (refusal(), "nft -a list chain inet filter input"),
        (
            refusal(table="ip filter", chain="mine", text="-A mine -j DROP"),
            "iptables -t filter -vnL mine",
        ),
        (refusal(table=""), "nft -a list ruleset"),
    ],
)
def test_the_rule_is_looked_at_where_it_is_kept(found: Refusal, command: str) -> None:
    assert looking(found) == command
