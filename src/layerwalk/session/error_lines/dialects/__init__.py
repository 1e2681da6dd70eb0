"""The dialects: how each program or family of programs says that a connection failed.

The first rule that matches has the first word, so what wraps others comes before them.
"""

from layerwalk.session.error_lines.dialects import (
    apipark,
    containers,
    curl,
    databases,
    dotnet,
    envoy,
    go,
    grpc,
    haproxy,
    java,
    nginx,
    node,
    php,
    postgres,
    python,
    ruby,
    rust,
    ssh,
    tools,
)
from layerwalk.session.error_lines.dialects.generic import LIMITS, PLACES, QUOTED

RULES = tuple(
    rule
    for dialect in (
        *(nginx, haproxy, envoy, containers, apipark, grpc, go, postgres, databases, python),
        *(node, java, dotnet, php, ruby, ssh, curl, tools, rust),
    )
    for rule in dialect.RULES
)

__all__ = ["LIMITS", "PLACES", "QUOTED", "RULES"]
