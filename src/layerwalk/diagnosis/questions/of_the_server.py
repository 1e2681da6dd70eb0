"""What the measurements of this machine's own port ask, where it is the server."""

from __future__ import annotations

from layerwalk.diagnosis.questions.record import Choice, Question
from layerwalk.diagnosis.tree import Step

_ABSENT = ("service-not-running", "listens-elsewhere")
LISTENERS = Question(
    id=Step.LISTENERS,
    text="Who listens on port PORT of this machine, and at which addresses?",
    why="It costs nothing; a client can only get in where somebody listens.",
    choices=(
        Choice(
            id="listens",
            text="The service does, at the address that clients come to.",
            proves="It runs; a rule, its queue or its own state is likelier.",
            disfavours=_ABSENT,
        ),
        Choice(
            id="elsewhere",
            text="The service does, but at another address: on loopback, say.",
            proves="It runs and can't be met from outside.",
            favours=("listens-elsewhere",),
            disfavours=("service-not-running",),
        ),
        Choice(
            id="nobody",
            text="Nobody does.",
            proves="The service is to be started, or set to this port.",
            favours=("service-not-running",),
            disfavours=("accept-queue-full",),
        ),
    ),
)
INTAKE = Question(
    id=Step.INTAKE,
    text="Does the service take a connection from this very machine, and soon?",
    why="No network is in the way here: what fails now is the service's own doing.",
    choices=(
        Choice(
            id="taken",
            text="It takes it at once.",
            proves="The service works; what is between it and the client is likelier.",
            favours=("firewall-drop", "firewall-reject"),
            disfavours=(*_ABSENT, "accept-queue-full"),
        ),
        Choice(
            id="waits",
            text="It hangs, or comes about late.",
            proves="The service does not accept as fast as connections come, or not at all.",
            favours=("accept-queue-full",),
        ),
        Choice(
            id="refused",
            text="It is refused.",
            proves="Nobody listens at that address.",
            favours=_ABSENT,
            disfavours=("accept-queue-full",),
        ),
    ),
)
SERVICE = Question(
    id=Step.SERVICE,
    text="What does the service manager say of the unit that serves port PORT?",
    why="Nobody takes connections as they should be; its state and its last words may say why.",
    choices=(
        Choice(
            id="runs",
            text="It is active.",
            proves="It was started; it may listen elsewhere, or hang.",
            disfavours=("service-not-running",),
        ),
        Choice(
            id="failed",
            text="It has failed, or was never started.",
            proves="That it does not run is the fault; its log says why.",
            favours=("service-not-running",),
        ),
    ),
)
