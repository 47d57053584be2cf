"""A rep's win rate, shrunk to what the data can bear (specification, section 0.3)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.coaching.settings import Settings
from bot.coaching.wording import count, half_up, share


@dataclass(frozen=True, slots=True)
class WinRate:
    """``value`` with its 80% interval ``low`` to ``high``; ``own`` is the share of the rep's own evidence (Z)."""

    value: float
    low: float
    high: float
    own: float
    closed: int


def prior_weight(won: Sequence[int], closed: Sequence[int], settings: Settings) -> float:
    """Return m, the pool's weight in deals, from wins and closed deals of every rep (one entry each).

    Buhlmann-Straub credibility with the ANOVA estimator of the beta-binomial: few deals where reps truly differ,
    many where the differences are noise.
    """
    n_all = np.array(closed, dtype=np.float64)
    enough = n_all >= settings.prior_min_closed
    n = n_all[enough]
    k = np.array(won, dtype=np.float64)[enough]
    reps = len(n)
    if reps < settings.prior_min_reps:
        return settings.prior_few_reps
    total = float(n.sum())
    p = float(k.sum()) / total
    rates = k / n
    between = float((n * (rates - p) ** 2).sum()) / (reps - 1)
    within = float((n * rates * (1 - rates)).sum()) / (total - reps)
    typical = (total - float((n**2).sum()) / total) / (reps - 1)
    tau2 = (between - within) / typical
    if tau2 <= 0:
        return settings.prior_max
    return min(settings.prior_max, max(settings.prior_min, p * (1 - p) / tau2 - 1))


def shrunk_win_rate(won: int, closed: int, m: float, pool: float, settings: Settings) -> WinRate:
    """Return the win rate of ``won`` of ``closed`` deals mixed with ``m`` deals at the ``pool``'s rate."""
    n = closed + m
    value = (won + m * pool) / n
    low, high = wilson(value, n, settings.z_80)
    return WinRate(value, low, high, closed / n, closed)


def wilson(p: float, n: float, z: float) -> tuple[float, float]:
    """Return the Wilson score interval of a share ``p`` seen in ``n`` cases."""
    centre = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def sentence(rate: WinRate, others: str) -> str:
    """Return the sentence; ``others`` says whose record the rest comes from ("your team's record")."""
    head = f"You win about {half_up(100 * rate.value)} of 100 ({half_up(100 * rate.low)} to {half_up(100 * rate.high)})"
    own = share(rate.own)
    if rate.closed == 0:
        return f"{head}; all of that comes from {others} until you have closed deals of your own."
    if own == "all":
        return f"{head}; that comes from your own {count(rate.closed, 'deal')}."
    portion = "a small part" if own == "none" else own
    mine = count(rate.closed, "deal")
    return f"{head}; {portion} of that comes from your own {mine}, the rest from {others} until you have more."
