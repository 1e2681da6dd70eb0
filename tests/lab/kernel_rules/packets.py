"""Connections to try rule sets on, in all directions and from all that rules may look at."""

from hypothesis import strategies as st

from tests.lab.kernel_rules.trials import LOOPBACK, OWN, PORTS, THEIRS, Case

MARKS = (0, 0, 0, 5, 0x10)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a connection: half of them go out, a third come in, the rest stay on loopback."""
    way = draw(st.sampled_from(("out", "out", "out", "in", "in", "lo")))
    version = draw(st.sampled_from((4, 6)))
    own, theirs = draw(st.sampled_from(OWN[version])), draw(st.sampled_from(THEIRS[version]))
    port = draw(st.sampled_from(PORTS))
    if way == "in":
        hides = draw(st.sampled_from(("", "", "", "port", "client")))
        return Case(way, version, theirs, own, port, hides=hides)
    hides = draw(st.sampled_from(("", "", "", "port")))
    mark = draw(st.sampled_from(MARKS))
    if way == "lo":
        there = draw(st.sampled_from((LOOPBACK[version], *OWN[version])))
        source = there if there in OWN[version] else LOOPBACK[version]
        return Case(way, version, source, there, port, mark, hides)
    return Case(way, version, own, theirs, port, mark, hides)
