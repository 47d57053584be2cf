"""What revenue is worth to the rep who wins it (specification, section 5)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.coaching.records import CommissionBand


def income(plan: Sequence[CommissionBand], quota: float | None, revenue: float) -> float | None:
    """Return the commission on a year's ``revenue``; None without a plan.

    ``quota`` is for the same year; where it is missing or not above 0, the first band's rate is paid on all.
    Revenue below 0 pays nothing.
    """
    if not plan:
        return None
    earned = max(0.0, revenue)
    bands = sorted(plan, key=lambda band: band.attainment)
    if quota is None or quota <= 0:
        return bands[0].rate * earned
    floors = [band.attainment * quota for band in bands]
    tops = [*floors[1:], math.inf]
    return sum(
        band.rate * max(0.0, min(earned, top) - floor) for band, floor, top in zip(bands, floors, tops, strict=True)
    )


def worth_to_rep(plan: Sequence[CommissionBand], quota: float | None, now: float, new: float) -> float | None:
    """Return how much more the rep earns a year at ``new`` revenue than ``now``; None without a plan."""
    after, before = income(plan, quota, new), income(plan, quota, now)
    return None if after is None or before is None else after - before
