"""The rule matcher beside the kernel: no exact answer may differ, and most are exact.

Rule sets are drawn (tests/lab/kernel_rules says what they cover) and loaded in a namespace, and
connections made both ways through them. ``--rule-cases`` says how many, ``--rule-seed`` which.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.lab.kernel_rules import iptables, nft
from tests.lab.kernel_rules.ground import Ground, ground
from tests.lab.kernel_rules.packets import cases
from tests.lab.kernel_rules.settings import works
from tests.lab.kernel_rules.trials import Case, Commands, Found

pytestmark = pytest.mark.netns

MOST_CASES = 12
LEAST_EXACT = 0.8
KINDS: dict[str, st.SearchStrategy[Commands]] = {
    "nft": st.one_of(nft.rule_sets(), nft.rule_sets(), nft.host_firewalls()).map(
        lambda text: [(["nft", "-f", "-"], text)]
    ),
    "iptables-nft": iptables.rule_sets("nft"),
    "iptables-legacy": iptables.rule_sets("legacy"),
}


@pytest.fixture(scope="module")
def standing() -> Iterator[Ground]:
    with ground() as made:
        yield made


def told(found: list[Found], commands: Commands) -> str:
    """Say what differed, and the rules that it differed on."""
    lines = [f"{it.case}: the kernel {it.truth}, we {it.said}, {it.refusals}" for it in found]
    return "\n".join([*lines, *(text for _, text in commands)])


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", KINDS)
def test_no_exact_answer_differs_from_the_kernel(
    standing: Ground, kind: str, pytestconfig: pytest.Config
) -> None:
    """Half of the connections of a kind are tried at least; what the kernel won't load is not."""
    if not works(kind):
        pytest.skip(f"{kind} is not installed, or this kernel has no room for it")
    wanted = pytestconfig.getoption("--rule-cases")
    counts: Counter[str] = Counter()

    @seed(pytestconfig.getoption("--rule-seed"))
    @settings(
        max_examples=max(wanted // 9, 1),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(KINDS[kind], st.lists(cases(), min_size=8, max_size=MOST_CASES))
    def tried(commands: Commands, drawn: list[Case]) -> None:
        found = standing.found(commands, drawn)
        if isinstance(found, str):
            counts["not loaded"] += 1
            return
        counts["cases"] += len(found)
        counts["exact"] += sum(it.exact for it in found)
        counts["refused"] += sum(not it.truth[-1] for it in found)
        assert not any(it.differs for it in found), told(
            [it for it in found if it.differs], commands
        )

    tried()
    print(f"{kind}: {dict(counts)}")  # noqa: T201  # the figures are what -s is asked for
    assert counts["cases"] >= wanted / 2
    assert counts["exact"] >= LEAST_EXACT * counts["cases"]
    assert 0 < counts["refused"] < counts["cases"]
