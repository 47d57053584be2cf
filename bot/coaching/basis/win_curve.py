"""When opportunities are won and lost, counted from their start (specification, section 0.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.coaching.records import DealStatus
from bot.coaching.said import say
from bot.coaching.wording import half_up

HORIZON = 730
"""Days a curve covers; what happens later counts on its last day."""

OPEN, WON, LOST = 0, 1, 2
"""The rows of the counts a curve is made from."""

CODES = {DealStatus.OPEN: OPEN, DealStatus.WON: WON, DealStatus.LOST: LOST}

ASSUMED = say("assumed")
ASSUMED_WIN_SHARE = 0.25
ASSUMED_HALF_LIFE = 60
NO_CHANCE_LEFT = 1e-9
ROUNDING = 1e-12

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class WinCurve:
    """Shares of starts won (F) and lost (L) within t days of starting.

    ``won`` and ``lost`` hold one cumulative share per day 0..730 and are read-only; ``records`` is the number
    of starts used; ``flags`` has "assumed" where too few starts exist to know a curve. ``watched`` is the last day on
    which a start was still at risk: beyond it the curve is flat because nothing was there to be seen.
    """

    won: Floats
    lost: Floats
    records: int = 0
    flags: tuple[str, ...] = ()
    watched: int = 0

    def __post_init__(self) -> None:
        self.won.setflags(write=False)
        self.lost.setflags(write=False)

    def F(self, t: float) -> float:  # noqa: N802 - the specification's letter
        """Share of starts won within ``t`` days: 0 before day 0, the last value after day 730."""
        return _at(self.won, t)

    def L(self, t: float) -> float:  # noqa: N802 - the specification's letter
        """Share of starts lost within ``t`` days: 0 before day 0, the last value after day 730."""
        return _at(self.lost, t)

    @property
    def F_inf(self) -> float:  # noqa: N802 - the specification's letter
        """Share of starts that become wins."""
        return float(self.won[-1])

    def day(self, q: float) -> int | None:
        """Return the first day by which the share ``q`` of all wins is in; None if nothing is ever won."""
        if self.F_inf <= ROUNDING:
            return None
        return int(np.argmax(self.won >= q * self.F_inf - ROUNDING))

    def typical_cycle(self) -> float | None:
        """Return the trimean of days to win; None if nothing is ever won."""
        lower, middle, upper = self.day(0.25), self.day(0.5), self.day(0.75)
        if lower is None or middle is None or upper is None:
            return None
        return (lower + 2 * middle + upper) / 4

    def stale_age(self) -> int | None:
        """Return the age by which 95% of wins are in; None if nothing is ever won."""
        return self.day(0.95)

    def chance(self, age: float, days: float) -> float:
        """Return the chance that a deal open at ``age`` is won within the next ``days`` days: p(a, h)."""
        if days <= 0:
            return 0.0
        still_open = 1 - self.F(age) - self.L(age)
        if still_open <= NO_CHANCE_LEFT:
            return 0.0
        return min(1.0, max(0.0, (self.F(age + days) - self.F(age)) / still_open))


def _at(curve: Floats, t: float) -> float:
    return 0.0 if t < 0 else float(curve[min(int(t), HORIZON)])


def counts(ages: NDArray[np.int64], codes: NDArray[np.int64]) -> Counts:
    """Count deals by OPEN, WON, LOST (rows) and age 0..730 (columns); ages outside are moved to the edge."""
    days = np.clip(ages, 0, HORIZON)
    flat = np.bincount(codes * (HORIZON + 1) + days, minlength=3 * (HORIZON + 1))
    return flat.reshape(3, HORIZON + 1).astype(np.int64)


def from_counts(table: Counts) -> WinCurve:
    """Return the Aalen-Johansen curve of a table made by ``counts``; sums of tables are tables."""
    per_day = table.sum(axis=0)
    at_risk = per_day[::-1].cumsum()[::-1]
    someone = np.maximum(at_risk, 1)
    remaining = np.cumprod(1 - (table[WON] + table[LOST]) / someone)
    before = np.concatenate(([1.0], remaining[:-1]))
    won = np.minimum(np.cumsum(before * table[WON] / someone), 1.0)
    lost = np.minimum(np.cumsum(before * table[LOST] / someone), 1.0)
    watched = int(np.flatnonzero(per_day).max(initial=0))
    return WinCurve(won, lost, int(per_day.sum()), watched=watched)


def aalen_johansen(ages: Sequence[int], outcomes: Sequence[DealStatus]) -> WinCurve:
    """Return the curve of deals with ``ages`` in days at close, or now if open, and their ``outcomes``."""
    codes = np.array([CODES[outcome] for outcome in outcomes], dtype=np.int64)
    return from_counts(counts(np.array(ages, dtype=np.int64), codes))


def mix(rep_curve: WinCurve, n: float, pool_curve: WinCurve, m: float) -> WinCurve:
    """Return the rep's curve of ``n`` starts shrunk towards the pool's, which weighs ``m`` starts."""
    own = n / (n + m) if n + m > 0 else 0.0
    return WinCurve(
        own * rep_curve.won + (1 - own) * pool_curve.won,
        own * rep_curve.lost + (1 - own) * pool_curve.lost,
        rep_curve.records + pool_curve.records,
        tuple(sorted({*rep_curve.flags, *pool_curve.flags})),
        max(rep_curve.watched, pool_curve.watched),
    )


def assumed() -> WinCurve:
    """Return the curve for an organisation without enough history: half of the outcomes in 60 days, 25% won."""
    closed = 1 - np.exp2(-np.arange(HORIZON + 1) / ASSUMED_HALF_LIFE)
    return WinCurve(ASSUMED_WIN_SHARE * closed, (1 - ASSUMED_WIN_SHARE) * closed, 0, (ASSUMED,))


def sentence(curve: WinCurve) -> str:
    """Return the sentence of 0.4; that none was won later is said only where some were still open later."""
    cycle, last = curve.typical_cycle(), curve.day(1.0)
    if cycle is None or last is None:
        return say("None of the opportunities like yours has been won yet, so we can't say how long a win takes.")
    wins = say(
        "{wins} end as wins; a typical win takes {days} days", wins=half_up(100 * curve.F_inf), days=half_up(cycle)
    )
    if ASSUMED in curve.flags:
        return say("Until there is more history we assume that of 100 opportunities {wins}.", wins=wins)
    if last >= HORIZON:
        return say("Of 100 opportunities like yours {wins}.", wins=wins)
    if curve.watched <= last:
        return say(
            "Of 100 opportunities like yours {wins}, and no deal has been watched past day {last}.",
            wins=wins,
            last=last,
        )
    return say("Of 100 opportunities like yours {wins}, and after day {last} none has been won.", wins=wins, last=last)
