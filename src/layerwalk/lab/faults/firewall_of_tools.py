"""Rules in the style that firewall tools write: chains in chains, defaults, and owners by name.

As the client meets them on its own way out and in, and as a server has them for who comes in.
"""

from collections.abc import Callable, Sequence

from layerwalk.lab.firewall import NEIGHBOURS
from layerwalk.lab.serving import LOCAL, at_server, client_of, server_fault
from layerwalk.lab.shapes import Fault, Scenario, Shape, at_client, base, target_address

DROP, REJECT = "firewall-drop", "firewall-reject"
_FAMILY = {4: "ip", 6: "ip6"}
_UFW = {4: "ufw", 6: "ufw6"}
_PINGS = {4: "ip protocol icmp accept", 6: "meta l4proto ipv6-icmp accept"}
_LENGTHS = (0, 2)

Rules = Callable[[Shape], tuple[str, str]]
"""Writes rules for a shape; and gives the words that the refusing one is known by."""


def _table(family: str, name: str, **chains: Sequence[str]) -> str:
    """Write a table; a chain's first line may give it a hook."""
    parts = [
        "\n".join([f"  chain {chain.replace('__', '-')} {{", *rules, "  }"])
        for chain, rules in chains.items()
    ]
    return "\n".join([f"table {family} {name} {{", *parts, "}", ""])


def _hooked(hook: str, priority: int = 0, policy: str = "accept") -> str:
    return f"type filter hook {hook} priority {priority}; policy {policy};"


def _ufw_out(shape: Shape) -> tuple[str, str]:
    """A user's rule against going out, three chains deep."""
    own = _UFW[shape.family]
    chains = {
        f"{own}__user__output": [f"tcp dport {shape.port} counter drop"],
        f"{own}__before__output": [
            'oifname "lo" counter accept',
            "ct state established,related counter accept",
            f"counter jump {own}-user-output",
        ],
        f"{own}__track__output": ["meta l4proto tcp ct state new counter accept"],
        "OUTPUT": [
            _hooked("output"),
            f"counter jump {own}-before-output",
            f"counter jump {own}-track-output",
        ],
    }
    return _table(_FAMILY[shape.family], "filter", **chains), f"tcp dport {shape.port}"


def _ufw_in(shape: Shape) -> tuple[str, str]:
    """The default: only what the user allowed gets in, and that is another port."""
    own, family = _UFW[shape.family], _FAMILY[shape.family]
    chains = {
        f"{own}__user__input": [f"tcp dport {shape.port + 1} counter accept"],
        f"{own}__before__input": [
            'iifname "lo" counter accept',
            "ct state established,related counter accept",
            _PINGS[shape.family],
            f"counter jump {own}-user-input",
        ],
        "INPUT": [_hooked("input", policy="drop"), f"counter jump {own}-before-input"],
    }
    return _table(family, "filter", **chains), "policy drop"


def _firewalld(allowed: int) -> str:
    """A zone for the interface, with one port open, and a refusal of the rest."""
    return _table(
        "inet",
        "firewalld",
        filter_IN_public_allow=[f"tcp dport {allowed} accept"],
        filter_IN_public=["jump filter_IN_public_allow", "meta l4proto { icmp, ipv6-icmp } accept"],
        filter_INPUT_ZONES=['iifname "eth0" goto filter_IN_public', "goto filter_IN_public"],
        filter_INPUT=[
            _hooked("input", 10),
            "ct state { established, related } accept",
            'iifname "lo" accept',
            "ct state invalid drop",
            "jump filter_INPUT_ZONES",
            "reject with icmpx admin-prohibited",
        ],
    )


def _zone(shape: Shape) -> tuple[str, str]:
    return _firewalld(allowed=shape.port + 1), "reject"


def _policy_out(shape: Shape) -> tuple[str, str]:
    rules = _table(
        "inet",
        "firewalld",
        filter_OUT_block=[f"tcp dport {shape.port} reject with icmpx admin-prohibited"],
        filter_OUTPUT_POLICIES=["jump filter_OUT_block"],
        filter_OUTPUT=[
            _hooked("output", 10),
            "ct state { established, related } accept",
            'oifname "lo" accept',
            "jump filter_OUTPUT_POLICIES",
        ],
    )
    return rules, f"tcp dport {shape.port} reject"


def _two_tables(shape: Shape) -> tuple[str, str]:
    """One table accepts, and the other, which comes later, does not."""
    first = _table("inet", "friendly", out=[_hooked("output", -10), "accept"])
    rule = f"tcp dport {shape.port} drop"
    family = _FAMILY[shape.family]
    return first + _table(family, "strict", out=[_hooked("output", 10), rule]), rule


def _banned(shape: Shape) -> tuple[str, str]:
    """Who guessed too often is in a set, and every packet of theirs is refused."""
    kind, client = f"ipv{shape.family}_addr", base(shape).address("client", shape.family)
    family = _FAMILY[shape.family]
    rule = f"tcp dport {{ 22, {shape.port} }} {family} saddr @banned"
    rules = f"""table inet f2b-table {{
      set banned {{ type {kind}; flags timeout; elements = {{ {client} timeout 1h }}; }}
      chain f2b-chain {{
        {_hooked("input", -1)}
        {rule} reject
      }}
    }}
    """
    return rules, "@banned"


def _answers(shape: Shape) -> tuple[str, str]:
    rule = f"tcp sport {shape.port} ct state established drop"
    return _table("inet", "lab", output=[_hooked("output"), rule]), rule.partition(" ct")[0]


def _at_client(rules: Rules, cause: str | None) -> Callable[[Shape], Scenario]:
    def build(shape: Shape) -> Scenario:
        network, (text, words) = base(shape), rules(shape)
        guarded = network.with_host("client", firewall=text)
        where = {"kind": "local", "rule": words} if cause else {}
        return Scenario(guarded, target_address(network, shape), cause, where)

    return build


def _at_server(
    rules: Rules, cause: str | None, *, named: bool = False
) -> Callable[[Shape], Scenario]:
    def build(shape: Shape) -> Scenario:
        network, (text, words) = base(shape), rules(shape)
        guarded = network.with_host("server", firewall=text)
        where = {"kind": "local", "rule": words} if cause else LOCAL
        more = client_of(network, shape) if named else ()
        return at_server(guarded, shape, cause, where, *more)

    return build


def _harmless(shape: Shape) -> tuple[str, str]:
    """Rules that look for others: other ports, sources and states, sets without us."""
    family, kind = _FAMILY[shape.family], f"ipv{shape.family}_addr"
    other = "203.0.113.200" if shape.family == 4 else "2001:db8:ff::200"
    port = shape.port
    rules = f"""table inet lab {{
      set others {{ type {kind}; flags timeout; elements = {{ {other} timeout 1h }}; }}
      set ports {{ type inet_service; flags interval; elements = {{ 1-21, 60000-65535 }}; }}
      chain refused {{ tcp flags syn counter drop; }}
      chain out {{
        {_hooked("output")}
        {family} daddr @others tcp dport {port} counter drop
        tcp dport @ports counter reject
        tcp dport {{ 21, {port + 1} }} counter drop
        ct state invalid counter drop
        tcp dport {port} counter accept
        tcp dport {port} counter drop
        counter jump refused
      }}
      chain in {{
        {_hooked("input", policy="drop")}
        ct state established,related counter accept
        tcp flags & (syn | ack) == syn tcp dport {port} counter accept
        meta l4proto {{ icmp, ipv6-icmp }} counter accept
        {NEIGHBOURS}
        udp sport 53 counter accept
      }}
    }}
    """
    return rules, ""


def _zone_open(shape: Shape) -> tuple[str, str]:
    return _firewalld(allowed=shape.port), ""


def _short() -> tuple[Shape, ...]:
    """Some lengths stand for all: nothing of it depends on the path."""
    return tuple(shape for shape in at_client() if shape.routers in _LENGTHS)


FAULTS = (
    Fault(
        "firewall-drop-client-ufw",
        "a rule of this machine's ufw drops connections to the port",
        DROP,
        _short,
        _at_client(_ufw_out, DROP),
    ),
    Fault(
        "firewall-drop-client-second-table",
        "of this machine's two tables of rules the second drops what the first accepts",
        DROP,
        _short,
        _at_client(_two_tables, DROP),
    ),
    Fault(
        "firewall-reject-client-firewalld",
        "a policy of this machine's firewalld rejects connections to the port",
        REJECT,
        _short,
        _at_client(_policy_out, REJECT),
    ),
    Fault(
        "healthy-client-other-rules",
        "this machine's rules refuse others, and a drop comes after the accept",
        None,
        _short,
        _at_client(_harmless, None),
    ),
    server_fault(
        "firewall-drop-server-ufw",
        "the server's ufw lets in another port only",
        DROP,
        _at_server(_ufw_in, DROP),
    ),
    server_fault(
        "firewall-reject-server-firewalld",
        "the zone of the server's firewalld has another port open",
        REJECT,
        _at_server(_zone, REJECT),
    ),
    server_fault(
        "firewall-reject-server-banned",
        "the server has banned the client",
        REJECT,
        _at_server(_banned, REJECT, named=True),
    ),
    server_fault(
        "firewall-drop-server-answers",
        "a rule of the server's own drops its answers",
        DROP,
        _at_server(_answers, DROP),
    ),
    server_fault(
        "healthy-server-firewalld",
        "the zone of the server's firewalld has the port open",
        None,
        _at_server(_zone_open, None),
    ),
)
