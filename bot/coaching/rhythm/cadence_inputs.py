"""What a rep's cadence depends on, read from the records (specification, section 1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bot.coaching.basis.ground import Ground
from bot.coaching.records import DealStatus
from bot.coaching.rhythm.key_activities import ActivityFeed, per_week
from bot.coaching.rhythm.trend import Trend, TrendInputs, trend, weekly, windows, won_and_closed
from bot.coaching.settings import Settings

NO_ACTIVITIES = "no activities logged"  # no words: a flag

Basis = Literal["activities", "events"]


@dataclass(frozen=True, slots=True)
class CadenceInputs:
    """What a decision is made from. ``activities_per_week`` and ``typical_cycle`` (days) are None where unknown."""

    trend: Trend
    activities_per_week: float | None = None
    basis: Basis | None = None
    typical_cycle: float | None = None
    stages: int = 4
    first_day: date | None = None
    flags: tuple[str, ...] = ()


def inputs_for(
    ground: Ground,
    feed: ActivityFeed,
    as_of: date,
    settings: Settings,
    stages: int | None = None,
) -> CadenceInputs:
    """Read what the cadence depends on from the records of the ground's rep up to ``as_of``."""
    deals = ground.deals
    starts = [(deal.start, 1) for deal in deals if deal.start is not None]
    closings = [(deal.close, deal.status is DealStatus.WON) for deal in ground.closed_deals if deal.close is not None]
    activities = feed.key_activities(ground.rep.id)
    basis: Basis = "events" if feed.since is None else "activities"
    done = per_week(feed.deal_events(deals) if feed.since is None else activities, as_of, settings)

    rep_since = ground.rep.first_day or min((day for day, _ in starts), default=None)
    # Starts from before the first known closings are only those that closed late: no past to compare with.
    compared = windows(as_of, _latest(rep_since, ground.records_since, ground.closings_since), settings)
    compared_activities = windows(as_of, _latest(rep_since, feed.since), settings)
    found = TrendInputs()
    if compared is not None:
        before, now = compared.before, compared.now
        found = replace(
            found,
            starts=(weekly(starts, before, settings), weekly(starts, now, settings)),
            closings=(won_and_closed(closings, before, settings), won_and_closed(closings, now, settings)),
        )
    if compared_activities is not None:
        before, now = compared_activities.before, compared_activities.now
        found = replace(found, activities=(weekly(activities, before, settings), weekly(activities, now, settings)))
    return CadenceInputs(
        trend=trend(found, settings),
        activities_per_week=done or None,
        basis=basis if done else None,
        typical_cycle=ground.typical_cycle,
        stages=settings.default_stages if stages is None else stages,
        first_day=ground.rep.first_day,
        flags=() if done else (NO_ACTIVITIES,),
    )


def _latest(*days: date | None) -> date | None:
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None
