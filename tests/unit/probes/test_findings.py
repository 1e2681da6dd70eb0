"""What a fact says of itself where nothing could be sent."""

from layerwalk.probes.facts import EchoFact, Outcome, TraceFact

T = "198.51.100.10"


def test_a_path_without_a_probe_says_so() -> None:
    assert TraceFact(outcome=Outcome.SILENT, address=T).finding == (
        f"path to {T}: no probe could be sent"
    )


def test_echoes_that_never_left_are_not_unanswered() -> None:
    kept = EchoFact(outcome=Outcome.REJECTED, address=T, refused_locally=3)
    assert kept.finding == "echo: this machine's kernel refused to send 3 of them"
    silent = EchoFact(outcome=Outcome.SILENT, address=T, sent=3)
    assert silent.finding == "none of 3 echoes answered"
