"""A rep's typical deal, which one giant can't set (specification, section 0.5)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.coaching.settings import Settings
from bot.coaching.wording import count, money


@dataclass(frozen=True, slots=True)
class DealSize:
    """``value`` is A and ``variance`` v; ``wins`` are the rep's own, ``at_cap`` those of them above the cap."""

    value: float
    variance: float
    wins: int
    at_cap: int


def size_cap(amounts: Sequence[float], settings: Settings) -> float | None:
    """Return the amount above which a win counts as this much; None with too few wins to say."""
    if len(amounts) < settings.size_cap_min_wins:
        return None
    # Without the rounding 0.95 * 20 would be a hair above 19 and give the 20th.
    position = math.ceil(round(settings.size_cap_share * len(amounts), 9))
    return float(np.sort(np.asarray(amounts, dtype=np.float64))[position - 1])


def typical_deal_size(
    own: Sequence[float],
    pool: Sequence[float],
    cap: float | None,
    settings: Settings,
) -> DealSize:
    """Return the mean of the rep's ``own`` capped wins, mixed with ten wins at the ``pool``'s mean.

    Amounts are positive and in the reporting currency. Without any win in the pool the own mean stands alone;
    without any win at all the size is 0, and then nothing that needs a size can be said.
    """
    limit = math.inf if cap is None else cap
    mine = np.minimum(np.asarray(own, dtype=np.float64), limit)
    theirs = np.minimum(np.asarray(pool, dtype=np.float64), limit)
    prior = settings.size_prior_wins if len(theirs) else 0.0
    pool_mean = float(theirs.mean()) if len(theirs) else 0.0
    weight = len(mine) + prior
    value = (float(mine.sum()) + prior * pool_mean) / weight if weight else 0.0
    spread = mine if len(mine) >= settings.size_variance_min_wins else theirs
    variance = float(spread.var(ddof=1)) if len(spread) > 1 else 0.0
    return DealSize(value, variance, len(mine), int((np.asarray(own, dtype=np.float64) > limit).sum()))


def sentence(size: DealSize, currency: str, others: str) -> str:
    """Return the sentence; ``others`` says whose record the rest comes from ("your team's record")."""
    if size.value <= 0:
        return "Nothing has been won yet, so we can't say how large your typical deal is."
    head = f"Your typical deal is {money(size.value, currency)}"
    if size.at_cap == 1:
        return f"{head}; one unusually large deal counts at the cap so that it can't set your plan."
    if size.at_cap:
        return f"{head}; {size.at_cap} unusually large deals count at the cap so that they can't set your plan."
    if size.wins == 0:
        return f"{head}, going by {others} until you have wins of your own."
    return f"{head}, from your own {count(size.wins, 'win')} and {others}."
