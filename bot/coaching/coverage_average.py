"""Whether one coverage multiple for everybody would be right for a rep (specification, section 4).

Managers see how many of their reps it is too much, right or not enough for; a rep sees only the own need.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

from bot.coaching.balance import Balance
from bot.coaching.settings import Settings

Fit = Literal["too much", "right", "not enough"]


def average_need(balances: Iterable[Balance]) -> float | None:
    """Return 1/y over all reps' live pipeline together, in "x"; None where it is expected to bring nothing.

    ``balances`` are the same horizon of every rep.
    """
    every = tuple(balances)
    expected = math.fsum(each.live_expected for each in every)
    return math.fsum(each.live for each in every) / expected if expected > 0 else None


def against_average(own_need: float | None, average_need: float | None, settings: Settings) -> Fit | None:
    """Return what the average multiple would be for a rep; None where either need is unknown."""
    if own_need is None or average_need is None:
        return None
    band = 1 + settings.average_band
    if average_need > own_need * band:
        return "too much"
    if own_need > average_need * band:
        return "not enough"
    return "right"
