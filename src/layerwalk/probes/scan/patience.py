"""How long an answer is waited for: as TCP reckons it (RFC 6298), from the answers so far."""

from __future__ import annotations

LEAST_S, LEAST_FOR_GOOD_S, MOST_S = 0.1, 0.3, 3.0
"""Nothing is given up sooner: computers pause, too. Nothing is waited for longer.

The second is for those who, once they have given up, can't hear a late answer any more.
"""

UNKNOWN_S = 0.5
"""Where no round trip is known: twice that until the second try is over (RFC 6298 2.1: 1 s)."""

_GRAIN_S = 0.05


class Patience:
    """A smoothed round trip and its variation, both in seconds."""

    def __init__(self, rtt_s: float | None, least_s: float = LEAST_S) -> None:
        self._least_s = least_s
        self._smooth_s = self._swing_s = 0.0
        self.seconds = UNKNOWN_S
        """How long to wait after a question."""
        if rtt_s is not None:
            self.learn(rtt_s)

    def learn(self, rtt_s: float) -> None:
        """Take in a round trip."""
        if not self._smooth_s:
            self._smooth_s, self._swing_s = rtt_s, rtt_s / 2
        else:
            self._swing_s += (abs(rtt_s - self._smooth_s) - self._swing_s) / 4
            self._smooth_s += (rtt_s - self._smooth_s) / 8
        self.seconds = self.seconds_of(self._smooth_s + 4 * self._swing_s)

    def seconds_of(self, longest_s: float) -> float:
        """Keep a time within reason."""
        return min(max(longest_s + _GRAIN_S, self._least_s), MOST_S)
