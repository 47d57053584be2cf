"""Whether a rep's work is growing, steady or shrinking (specification, section 1, Trend)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from bot.coaching.basis.rates import DAYS_PER_WEEK
from bot.coaching.settings import Settings

TrendWord = Literal["negative", "flat", "positive"]
Weekly = tuple[Sequence[int], Sequence[int]]


@dataclass(frozen=True, slots=True)
class TrendInputs:
    """Counts before and now, in this order.

    ``starts`` and ``activities`` are 13 weekly counts each; ``closings`` are (won, closed) each. None where one of
    the two windows isn't covered by records, so that a missing past is never taken for growth.
    """

    starts: Weekly | None = None
    activities: Weekly | None = None
    closings: tuple[tuple[int, int], tuple[int, int]] | None = None


@dataclass(frozen=True, slots=True)
class Trend:
    """``Z`` is Stouffer's sum of ``signals`` (name, z), ``M`` the size of the change; None without any test."""

    word: TrendWord
    Z: float | None = None
    M: float | None = None
    signals: tuple[tuple[str, float], ...] = ()


def trend(inputs: TrendInputs, settings: Settings) -> Trend:
    """Return the trend; flat unless it is both beyond chance and of a size that matters."""
    signals: list[tuple[str, float]] = []
    size = 1.0
    if inputs.starts is not None:
        before, now = inputs.starts
        if sum(before) + sum(now) >= settings.trend_min_starts:
            signals.append(("starts", welch_z(before, now)))
            size *= (sum(now) + 1) / (sum(before) + 1)
    if inputs.activities is not None:
        before, now = inputs.activities
        if sum(before) + sum(now) >= settings.trend_min_activities:
            signals.append(("activities", welch_z(before, now)))
    if inputs.closings is not None:
        (won_before, closed_before), (won_now, closed_now) = inputs.closings
        if min(closed_before, closed_now) >= settings.trend_min_closed:
            z_of_wins = two_proportion_z(won_before, closed_before, won_now, closed_now)
            signals.append(("win rate", z_of_wins))  # no words: the name of a test
            size *= ((won_now + 1) / (closed_now + 2)) / ((won_before + 1) / (closed_before + 2))
    if not signals:
        return Trend("flat")
    z = sum(value for _, value in signals) / math.sqrt(len(signals))
    word: TrendWord = "flat"
    if z <= -settings.trend_z and size <= settings.trend_size:
        word = "negative"
    elif z >= settings.trend_z and size >= 1 / settings.trend_size:
        word = "positive"
    return Trend(word, z, size, tuple(signals))


def welch_z(before: Sequence[int], now: Sequence[int]) -> float:
    """Return Welch's statistic of two series of weekly counts; a variance is at least the mean, as for Poisson."""
    a, b = np.asarray(before, dtype=np.float64), np.asarray(now, dtype=np.float64)
    noise = max(float(b.var(ddof=1)), float(b.mean())) + max(float(a.var(ddof=1)), float(a.mean()))
    return float(b.mean() - a.mean()) / math.sqrt(noise / len(a)) if noise > 0 else 0.0


def two_proportion_z(won_before: int, closed_before: int, won_now: int, closed_now: int) -> float:
    """Return the pooled two-proportion statistic; 0 where everything or nothing was won."""
    p = (won_before + won_now) / (closed_before + closed_now)
    noise = p * (1 - p) * (1 / closed_before + 1 / closed_now)
    change = won_now / closed_now - won_before / closed_before
    return change / math.sqrt(noise) if noise > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Windows:
    """The last days of the two spans compared: ``now`` and ``before``; each is 91 days long."""

    now: date
    before: date


def windows(as_of: date, known_since: date | None, settings: Settings) -> Windows | None:
    """Return the spans to compare for something known from day ``known_since`` on; None if it is too young.

    The same span a year ago if the records reach back so far, so that a season is no trend; else the one before.
    """
    if known_since is None:
        return None
    history = (as_of - known_since).days + 1
    span = settings.quarter_days
    if history >= settings.trend_seasonal_history_days:
        return Windows(as_of, date.fromordinal(as_of.toordinal() - settings.year_days))
    if history >= 2 * span:
        return Windows(as_of, date.fromordinal(as_of.toordinal() - span))
    return None


def weekly(days: Iterable[tuple[date, int]], last: date, settings: Settings) -> tuple[int, ...]:
    """Return 13 counts, oldest week first, of ``days`` (day, number) in the 91 days up to and with ``last``."""
    counts = [0] * settings.quarter_weeks
    for day, number in days:
        week = (last - day).days // DAYS_PER_WEEK
        if 0 <= week < len(counts):
            counts[-1 - week] += number
    return tuple(counts)


def won_and_closed(closings: Iterable[tuple[date, bool]], last: date, settings: Settings) -> tuple[int, int]:
    """Return wins and closed deals in the 91 days up to and with ``last``; ``closings`` are (day, won)."""
    inside = [won for day, won in closings if 0 <= (last - day).days < settings.quarter_days]
    return sum(inside), len(inside)
