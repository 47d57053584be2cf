"""What a rep's open deals are expected to bring by a day (specification, section 4)."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.coaching.basis.ground import Ground
from bot.coaching.basis.win_curve import HORIZON, NO_CHANCE_LEFT, WinCurve
from bot.coaching.settings import Settings

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Money in the reporting currency. ``expected`` is Y of ``deals`` open deals, ``low`` to ``high`` its 80% range.

    ``variance`` is var, without the market that all deals share. ``live`` are the amounts of deals not stale and
    ``live_expected`` what is expected of those. ``yield_`` is y: what a dollar of live pipeline is expected to bring,
    or F(h) without any.
    """

    deals: int
    expected: float
    variance: float
    low: float
    high: float
    live: float
    live_expected: float
    yield_: float

    @property
    def need(self) -> float | None:
        """Dollars of live pipeline per dollar to be won, in "x"; None where live pipeline brings nothing."""
        return 1 / self.yield_ if self.yield_ > 0 else None

    def have(self, remaining: float) -> float | None:
        """Return the dollars of live pipeline per dollar still to win, in "x"; None with nothing left to win."""
        return self.live / remaining if remaining > 0 else None


def market_spread(settings: Settings) -> float:
    """Return the standard deviation, as a share, of the market that all deals of a period have in common."""
    return settings.spread * math.sqrt(2 / 3)


def outlook(ground: Ground, ends: date, settings: Settings) -> Outlook:
    """Return what the rep's open deals bring by the end of ``ends``; the order of the deals makes no difference."""
    days = (ends - ground.as_of).days
    deals = ground.open_deals
    amounts = np.array([deal.amount for deal in deals], dtype=np.float64)
    is_live = np.array([not deal.stale for deal in deals], dtype=bool)
    chances = _chances(ground, days)
    worth = chances * amounts
    expected, live_expected = _total(worth), _total(worth[is_live])
    live = _total(amounts[is_live])
    variance = _total(worth * (1 - chances) * amounts)
    half = settings.z_80 * math.hypot(math.sqrt(variance), market_spread(settings) * expected)
    return Outlook(
        deals=len(deals),
        expected=expected,
        variance=variance,
        low=max(0.0, expected - half),
        high=expected + half,
        live=live,
        live_expected=live_expected,
        yield_=live_expected / live if live > 0 else ground.curve.F(days),
    )


def _chances(ground: Ground, days: int) -> Floats:
    """Return what ``Ground.chance`` returns for each open deal: three horizons of 300 deals have to be quick."""
    on_curve: dict[int, list[int]] = defaultdict(list)
    curves = {}
    for place, deal in enumerate(ground.open_deals):
        curve = deal.stage_curve or ground.curve
        curves[id(curve)] = curve
        on_curve[id(curve)].append(place)
    ages = np.array([deal.age if deal.stage_curve is None else deal.stage_age for deal in ground.open_deals])
    found = np.zeros(len(ages))
    for curve_id, places in on_curve.items():
        found[places] = _on_curve(curves[curve_id], ages[places], days)
    return found


def _on_curve(curve: WinCurve, ages: NDArray[np.int64], days: int) -> Floats:
    """Return for each age what ``WinCurve.chance`` returns for one."""
    if days <= 0:
        return np.zeros(len(ages))
    now, then = np.minimum(ages, HORIZON), np.minimum(ages + days, HORIZON)
    still_open = 1 - curve.won[now] - curve.lost[now]
    possible = still_open > NO_CHANCE_LEFT
    found = np.zeros(len(ages))
    np.divide(curve.won[then] - curve.won[now], still_open, out=found, where=possible)
    return np.clip(found, 0.0, 1.0)


def _total(values: Floats) -> float:
    # The exact sum: numpy's own depends on the order in its last digit.
    return math.fsum(values.tolist())
