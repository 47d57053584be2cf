"""Outcomes per activity, and the pace of new starts (specification, section 0.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.coaching.settings import Settings

UNPROVEN = "unproven"
DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True)
class Rate:
    """Outcomes per activity; None where nothing is known. ``successes`` counts the prior's outcomes too."""

    value: float | None
    successes: float
    flags: tuple[str, ...] = ()


def rate(outcomes: float, activities: float, pool_rate: float | None, settings: Settings) -> Rate:
    """Return the gamma-Poisson rate, the pool's record being worth five outcomes.

    Without a pool rate it is plain outcomes per activity, "unproven" below five outcomes.
    """
    prior = settings.rate_prior_outcomes
    if pool_rate is not None and pool_rate > 0:
        return Rate((outcomes + prior) / (activities + prior / pool_rate), outcomes + prior)
    value = outcomes / activities if activities > 0 else None
    return Rate(value, outcomes, (UNPROVEN,) if outcomes < prior else ())


def starts_per_week(starts: int, first_day: date | None, as_of: date, settings: Settings) -> float:
    """Return lambda from the ``starts`` of the last 91 days; a shorter tenure divides by its own weeks, at least 4."""
    weeks = float(settings.quarter_weeks)
    if first_day is not None:
        weeks = min(weeks, max(settings.pace_min_weeks, (as_of - first_day).days / DAYS_PER_WEEK))
    return starts / weeks
