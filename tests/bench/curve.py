"""How the win curve compares with lifelines' Aalen-Johansen estimate of the same deals."""

from __future__ import annotations

from datetime import date

import numpy as np
from lifelines import AalenJohansenFitter

from bot.coaching.basis import win_curve
from bot.coaching.basis.cleaning import clean
from bot.coaching.basis.win_curve import HORIZON, LOST, OPEN, WON, Floats
from bot.crm import maven
from tests.bench.pre_read import DATA
from tests.bench.timing import seconds

TODAY = date(2017, 10, 2)
TIE = 1e-5
"""Days between two outcomes of one day; so many deals of one day stay within a quarter of it."""


def report() -> None:
    deals = clean(maven.read(DATA), TODAY, maven.SETTINGS).opportunities
    ages = np.array([((deal.close or TODAY) - (deal.start or TODAY)).days for deal in deals], dtype=np.int64)
    codes = np.array([win_curve.CODES[deal.status] for deal in deals], dtype=np.int64)
    ages = np.clip(ages, 0, HORIZON)
    times, ordered = without_ties(ages, codes)
    ours = seconds(lambda: win_curve.from_counts(win_curve.counts(ages, codes)))
    theirs = seconds(lambda: [_fitted(times, ordered, cause) for cause in (WON, LOST)], times=3)
    curve = win_curve.from_counts(win_curve.counts(ages, codes))
    apart = max(
        float(np.abs(mine - _fitted(times, ordered, cause)).max())
        for mine, cause in ((curve.won, WON), (curve.lost, LOST))
    )
    print(
        f"{len(deals):,} deals, won and lost: {1e3 * ours:.2f} ms, lifelines {1e3 * theirs:.0f} ms, "
        f"ratio {theirs / ours:,.0f}, largest difference {apart:.0e}"
    )


def without_ties(ages: Floats, codes: Floats) -> tuple[Floats, Floats]:
    """Return times and outcomes that mean to lifelines what days mean to us.

    It moves tied times by chance. An open deal is at risk for the whole day of its age, so it is taken out half a day
    later; outcomes of one day follow each other closely, which changes nothing: taking them one by one from those at
    risk gives the same shares as all at once.
    """
    order = np.lexsort((codes == OPEN, ages))
    times = ages[order].astype(np.float64)
    first = np.searchsorted(ages[order], ages[order], side="left")
    place = np.arange(len(times)) - first
    return times + TIE * place + np.where(codes[order] == OPEN, 0.5, 0.0), codes[order]


def _fitted(times: Floats, codes: Floats, cause: int) -> Floats:
    """Return lifelines' curve of one cause on days 0 to 730; the variance isn't asked for."""
    fitter = AalenJohansenFitter(calculate_variance=False)
    fitter.fit(times, codes, event_of_interest=cause)
    known = fitter.cumulative_density_
    reached = np.searchsorted(known.index.to_numpy(), np.arange(HORIZON + 1) + 0.4, side="right") - 1
    return np.asarray(known.iloc[reached, 0].to_numpy())
