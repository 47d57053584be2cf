"""Whether one coverage multiple for everybody would be right for a rep (specification, section 4).

Managers see how many of their reps it is too much, right or not enough for; a rep sees only the own need.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal, Protocol

from bot.coaching.said import Said, say
from bot.coaching.settings import Settings
from bot.coaching.wording import half_up, times

Fit = Literal["too much", "right", "not enough"]

USUAL_RULE = (3.0, 4.0)
"""The multiple that everybody is told, whoever they are."""

FIT_WORDS: dict[Fit, Said] = {  # no words: keys
    "too much": say("would ask too much of you"),
    "right": say("would be about right for you"),
    "not enough": say("would ask too little of you"),
}


class Pipeline(Protocol):
    """A rep's live pipeline in money, and what is expected of it by a day."""

    @property
    def live(self) -> float: ...
    @property
    def live_expected(self) -> float: ...


def average_need(pipelines: Iterable[Pipeline]) -> float | None:
    """Return 1/y over all reps' live pipeline together, in "x"; None where it is expected to bring nothing.

    ``pipelines`` are every rep's, up to the same day.
    """
    every = tuple(pipelines)
    expected = math.fsum(each.live_expected for each in every)
    return math.fsum(each.live for each in every) / expected if expected > 0 else None


def against_average(own_need: float | None, average_need: float | None, settings: Settings) -> Fit | None:
    """Return what the average multiple would be for a rep; None where either need is unknown."""
    if own_need is None or average_need is None:
        return None
    band = 1 + settings.average_band
    if average_need > own_need * band:
        return "too much"  # no words: a key
    if own_need > average_need * band:
        return "not enough"  # no words: a key
    return "right"


def fit_sentence(fit: Fit | None, own_need: float | None) -> str:
    """Return what a rep reads beside the own need, and nothing of the average itself; "" where nothing is known."""
    if fit is None or own_need is None:
        return ""
    need = half_up(own_need * 10) / 10
    low, high = USUAL_RULE
    if low <= need <= high:
        return say(
            "One multiple for everybody {fits}: your own number is {need}.", fits=FIT_WORDS[fit], need=times(need)
        )
    return say(
        "One multiple for everybody {fits}: your own number is {need}, and the 3-4x rule isn't it.",
        fits=FIT_WORDS[fit],
        need=times(need),
    )
