from layerwalk.probes.scan.patience import (
    LEAST_FOR_GOOD_S,
    LEAST_S,
    MOST_S,
    UNKNOWN_S,
    Patience,
)


def test_nothing_is_given_up_at_once_and_nothing_is_waited_for_for_ever() -> None:
    assert Patience(None).seconds == UNKNOWN_S
    assert Patience(0.0001).seconds == LEAST_S
    assert Patience(0.0001, LEAST_FOR_GOOD_S).seconds == LEAST_FOR_GOOD_S
    assert Patience(9.0).seconds == MOST_S


def test_it_grows_with_round_trips_and_their_swing_and_shrinks_again() -> None:
    patience = Patience(0.2)
    steady = patience.seconds
    assert steady > 0.6
    patience.learn(0.9)
    assert patience.seconds > steady
    for _ in range(60):
        patience.learn(0.01)
    assert patience.seconds == LEAST_S
