"""The table of measurements: what each is called, how long it takes at most, and its probe."""

from layerwalk.diagnosis.tree import Step
from layerwalk.session.steps import resources, the_path, the_port, the_server, this_machine
from layerwalk.session.steps.plan import Plan, peer_of

PLANS: dict[Step, Plan] = {
    **this_machine.PLANS,
    **resources.PLANS,
    **the_path.PLANS,
    **the_port.PLANS,
    **the_server.PLANS,
}

__all__ = ["PLANS", "Plan", "peer_of"]
