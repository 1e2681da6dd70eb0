"""docker and kubectl: Go programs that wrap Go's errors in words of their own."""

from __future__ import annotations

from layerwalk.session.error_lines.rules import Rule

DOCKER, KUBECTL = "docker", "kubectl"

RULES = (
    Rule(
        needs="cannot connect to the docker daemon at",
        looks=r"Cannot connect to the Docker daemon at (?P<url><URL>)\. Is",
        runtime=DOCKER,
        phase="connect",
    ),
    Rule(
        needs="error during connect",
        looks=r"error during connect: ",
        runtime=DOCKER,
    ),
    Rule(
        needs="error response from daemon",
        looks=r"Error response from daemon: ",
        runtime=DOCKER,
    ),
    Rule(
        needs="unable to connect to the server",
        looks=r"Unable to connect to the server: ",
        runtime=KUBECTL,
    ),
    Rule(
        needs="the connection to the server ",
        looks=r"The connection to the server (?P<at><AT>) was refused",
        runtime=KUBECTL,
        phase="connect",
        errno="ECONNREFUSED",
        timer="none",
    ),
    Rule(
        needs="couldn't get current server api group list",
        looks=r"couldn't get current server API group list",
        runtime=KUBECTL,
    ),
)
