"""A rep's win rate, shrunk to what the data can bear (specification, section 0.3)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.coaching.said import say, say_many
from bot.coaching.settings import Settings
from bot.coaching.wording import half_up, share, whole


@dataclass(frozen=True, slots=True)
class WinRate:
    """``value`` with its 80% interval ``low`` to ``high``; ``own`` is the share of the rep's own evidence (Z)."""

    value: float
    low: float
    high: float
    own: float
    closed: int


class Credibility:
    """What the records of any number of reps say of how much they differ, in a size that doesn't depend on how many.

    Reps with equally many closed deals are added up, so the sums are whole numbers and their order makes no difference.
    """

    def __init__(self) -> None:
        self._reps: Counter[int] = Counter()
        self._won: Counter[int] = Counter()
        self._squares: Counter[int] = Counter()

    def add(self, won: Iterable[int], closed: Iterable[int]) -> None:
        """Add wins and closed deals of reps, one entry each."""
        for k, n in zip(won, closed, strict=True):
            if n:
                self._reps[n] += 1
                self._won[n] += k
                self._squares[n] += k * k

    def add_all(self, other: Credibility) -> None:
        """Add everything that another one was told."""
        self._reps.update(other._reps)
        self._won.update(other._won)
        self._squares.update(other._squares)

    def prior_weight(self, settings: Settings) -> float:
        """Return m, the pool's weight in deals.

        Buhlmann-Straub credibility with the ANOVA estimator of the beta-binomial: few deals where reps truly differ,
        many where the differences are noise.
        """
        sizes = sorted(n for n in self._reps if n >= settings.prior_min_closed)
        reps = sum(self._reps[n] for n in sizes)
        if reps < settings.prior_min_reps:
            return settings.prior_few_reps
        total = sum(n * self._reps[n] for n in sizes)
        won = sum(self._won[n] for n in sizes)
        p = won / total
        # n_r p_r^2 is k_r^2 / n_r, so with the same n the k_r^2 add up.
        own = math.fsum(self._squares[n] / n for n in sizes)
        between = (own - won * p) / (reps - 1)
        within = (won - own) / (total - reps)
        typical = (total - sum(n * n * self._reps[n] for n in sizes) / total) / (reps - 1)
        tau2 = (between - within) / typical
        if tau2 <= 0:
            return settings.prior_max
        return min(settings.prior_max, max(settings.prior_min, p * (1 - p) / tau2 - 1))


def prior_weight(won: Sequence[int], closed: Sequence[int], settings: Settings) -> float:
    """Return m of the wins and closed deals of every rep (one entry each)."""
    known = Credibility()
    known.add(won, closed)
    return known.prior_weight(settings)


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
    head = say(
        "You win about {rate} of 100 ({low} to {high})",
        rate=half_up(100 * rate.value),
        low=half_up(100 * rate.low),
        high=half_up(100 * rate.high),
    )
    own = share(rate.own)
    if rate.closed == 0:
        return say(
            "{head}; all of that comes from {others} until you have closed deals of your own.", head=head, others=others
        )
    if own == "all":
        return say_many(
            "{head}; that comes from your own {n} deal.",
            "{head}; that comes from your own {n} deals.",
            rate.closed,
            n=whole(rate.closed),
            head=head,
        )
    return say_many(
        "{head}; {portion} of that comes from your own {n} deal, the rest from {others} until you have more.",
        "{head}; {portion} of that comes from your own {n} deals, the rest from {others} until you have more.",
        rate.closed,
        n=whole(rate.closed),
        head=head,
        portion=say("a small part") if own == "none" else own,
        others=others,
    )
