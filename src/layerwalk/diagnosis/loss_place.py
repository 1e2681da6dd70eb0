"""After which hop packets begin to get lost: the place that the hops' answers make likeliest.

Behind the place every hop loses at least as much as the target does, whose sample has its chances,
too; in front of it none need lose anything. A router that is slow to answer for itself loses more
of its own answers than its neighbours do, on either side, and is forgiven for a price.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from layerwalk.probes.facts import HopTally, Share

_RARE = 0.003
_FORGIVEN, _NOT_MEANT = 5.0, 5.0
_SURE = 3.0
_STEPS = 8
"""Rates that are tried, from one bound of the target's to the other."""


@dataclass(frozen=True)
class LossPlace:
    """``after`` is the last hop in front of the loss, ``sure`` whether no other is as likely."""

    after: int
    sure: bool


def loss_place(hops: tuple[HopTally, ...], lost: Share) -> LossPlace:
    """Find the place by maximum likelihood; ``lost`` are the packets to the target."""
    width = (lost.high - lost.low) / _STEPS
    rates = [lost.rate, *(lost.low + step * width for step in range(_STEPS + 1))]
    beside = [(rate, _likelihood(lost, rate)) for rate in rates]
    scores = {
        after: max(_score(hops, after, rate) + own for rate, own in beside)
        for after in range(len(hops) + 1)
    }
    best = max(scores, key=lambda after: scores[after])
    others = [score for after, score in scores.items() if after != best]
    return LossPlace(best, sure=all(scores[best] - score > _SURE for score in others))


def _score(hops: tuple[HopTally, ...], after: int, rate: float) -> float:
    """The log-likelihood that loss of this rate begins after a hop."""
    floors = [rate if hop.hop > after else _RARE for hop in hops]
    expiring = [_fit(_expiring(hop), floor) for hop, floor in zip(hops, floors, strict=True)]
    direct = [_fit(_direct(hop), floor) for hop, floor in zip(hops, floors, strict=True)]
    # What drops packets to the target alone leaves those to the routers in peace.
    spared = sum(_fit(_direct(hop), _RARE) for hop in hops) - _NOT_MEANT
    return sum(expiring) + max(sum(direct), spared)


def _expiring(hop: HopTally) -> Share:
    return Share(hop.expiring - hop.expired, hop.expiring)


def _direct(hop: HopTally) -> Share:
    return Share(hop.asked - hop.replied, hop.asked)


def _fit(lost: Share, floor: float) -> float:
    """How well a share fits a rate of at least ``floor``."""
    own = max(floor, lost.rate)
    return max(_likelihood(lost, floor), _likelihood(lost, own) - _FORGIVEN)


def _likelihood(lost: Share, rate: float) -> float:
    sure = min(max(rate, _RARE), 1 - _RARE)
    return lost.part * log(sure) + (lost.whole - lost.part) * log(1 - sure)
