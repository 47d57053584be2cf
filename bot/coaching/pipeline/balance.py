"""Whether a rep's pipeline is enough for what is still to be won, per horizon (specification, section 4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.coaching.basis.ground import Ground
from bot.coaching.basis.rates import DAYS_PER_WEEK
from bot.coaching.pipeline import balance_words, periods
from bot.coaching.pipeline.fiscal_calendar import MONTH, PERIOD_WORDS, QUARTER, YEAR
from bot.coaching.pipeline.outlook import outlook
from bot.coaching.pipeline.periods import Target
from bot.coaching.pipeline.starts import activities_for, beyond_pace, safe_starts, starts_to_close, still_to_win, window
from bot.coaching.records import Records
from bot.coaching.said import say
from bot.coaching.settings import Settings

NO_GOAL = say("no goal")
SHARED_OUT = say("share of a longer goal")


@dataclass(frozen=True, slots=True)
class HorizonRow:
    """Pipeline balance for one horizon (section 4). None means that it can't be computed; ``sentence`` says why.

    ``name`` is "month", "quarter" or "year"; money in the reporting currency; ``need`` and ``have`` in "x". Where the
    starts are not ``within_reach`` of the rep they are no plan, and ``closing`` has no number.
    """

    name: str
    ends: date
    goal: float | None
    remaining: float | None
    expected: float | None
    low: float | None
    high: float | None
    need: float | None
    have: float | None
    gap: float | None
    starts: int | None
    extra: int | None
    sentence: str
    flags: tuple[str, ...] = ()
    within_reach: bool = True

    @property
    def closing(self) -> int | None:
        """The starts beyond the usual pace with which the gap closes; None where no number of them is a plan."""
        return self.extra if self.within_reach else None


@dataclass(frozen=True, slots=True)
class Balance:
    """One horizon of a rep. Money in the reporting currency; None where something can't be computed.

    ``name`` is "month", "quarter" or "year": the short, medium and long horizon, ``days`` from now. ``expected`` is Y
    and ``low`` to ``high`` its 80% range. ``live`` is the pipeline that isn't stale, ``live_expected`` what is
    expected of it and ``yield_`` their ratio y; ``need`` (1/y) and ``have`` are in "x". ``f`` is the share of starts
    spread over the window that is won in it. ``starts`` closes the gap as expected and ``starts_safe`` three times in
    four; ``extra`` is what of ``starts`` the usual ``pace`` leaves to be found, with so many ``activities``.
    Where the window is ``shut`` starts have no number; where they are not ``within_reach`` they are no plan. Without a
    ``target`` nothing is known that needs a goal.
    ``records`` counts the open deals used.
    """

    name: str
    ends: date
    days: int
    target: Target | None
    expected: float
    low: float
    high: float
    live: float
    live_expected: float
    yield_: float | None
    need: float | None
    have: float | None
    gap: float | None
    f: float
    new_pipeline: float | None
    starts: int | None
    starts_safe: int | None
    pace: float
    extra: int | None
    activities: int | None
    last_useful_start: date | None
    shut: bool
    within_reach: bool
    flags: tuple[str, ...]
    records: int
    sentence: str


def balance(
    ground: Ground,
    name: str,
    ends: date,
    target: Target | None,
    settings: Settings,
    *,
    starts_per_activity: float | None = None,
) -> Balance:
    """Return the balance of the horizon called ``name`` ("month", "quarter" or "year") up to ``ends``.

    ``starts_per_activity`` is the rep's rate of 0.6 for the activity that finds new deals.
    """
    pipeline = outlook(ground, ends, settings)
    left = window(ground, ends, settings)
    gap = starts = safe = extra = new_pipeline = None
    if target is not None:
        remaining = still_to_win(target)
        gap = max(0.0, remaining - pipeline.expected)
        starts = starts_to_close(gap, left)
        safe = safe_starts(remaining, pipeline, left, settings)
    if gap is not None and starts is not None:
        new_pipeline = gap / left.win_share
        extra = beyond_pace(starts, left)
    return Balance(
        name=name,
        ends=ends,
        days=left.days,
        target=target,
        expected=pipeline.expected,
        low=pipeline.low,
        high=pipeline.high,
        live=pipeline.live,
        live_expected=pipeline.live_expected,
        yield_=pipeline.yield_,
        need=pipeline.need,
        have=None if target is None else pipeline.have(still_to_win(target)),
        gap=gap,
        f=left.win_share,
        new_pipeline=new_pipeline,
        starts=starts,
        starts_safe=safe,
        pace=left.pace,
        extra=extra,
        activities=None if extra is None else activities_for(extra, starts_per_activity),
        last_useful_start=left.last_useful,
        shut=left.shut is not None,
        within_reach=starts is not None and left.within_reach(starts),
        flags=_flags(ground, target),
        records=pipeline.deals,
        sentence=balance_words.sentence(name, target, pipeline, left, starts, extra, settings.currency),
    )


def balances(
    ground: Ground,
    records: Records,
    settings: Settings,
    *,
    starts_per_activity: float | None = None,
) -> tuple[Balance, Balance, Balance]:
    """Return the short, medium and long horizon of a rep, each with the goal that ends with it."""
    goals = periods.goals_of(ground.rep.id, records, ground.as_of, settings)
    month, quarter, year = (
        balance(
            ground,
            PERIOD_WORDS[months],
            ends,
            periods.horizon_target(ends, months, goals, ground.won_between, ground.as_of, settings, own_record(ground)),
            settings,
            starts_per_activity=starts_per_activity,
        )
        for months, ends in zip((MONTH, QUARTER, YEAR), periods.horizons(ground.as_of, settings), strict=True)
    )
    return month, quarter, year


def own_record(ground: Ground) -> date | None:
    """Return since when the rep's closings are known: a year before the rep's own first day says nothing of months."""
    days = [day for day in (ground.closings_since, ground.rep.first_day) if day is not None]
    return None if ground.closings_since is None else max(days)


def sustaining_pace(ground: Ground, target: Target) -> float | None:
    """Return the starts a week that make ``target`` again and again; None where a start brings nothing known."""
    brings = ground.deal_size * ground.curve.F_inf
    weeks = ((target.end - target.start).days + 1) / DAYS_PER_WEEK
    return target.goal / weeks / brings if brings > 0 else None


def required_starts_per_week(ground: Ground, medium: Balance) -> float | None:
    """Return the starts a week that close the medium horizon's gap, and never fewer than sustain its goal.

    None without a goal, and where neither can be computed.
    """
    if medium.target is None:
        return None
    sustaining = sustaining_pace(ground, medium.target)
    closing = None if medium.starts is None else medium.starts / (medium.days / DAYS_PER_WEEK)
    return max((pace for pace in (sustaining, closing) if pace is not None), default=None)


def row(balance: Balance) -> HorizonRow:
    """Return what the agenda shows of a horizon: without a goal only what is expected, and why."""
    target = balance.target
    return HorizonRow(
        name=balance.name,
        ends=balance.ends,
        goal=None if target is None else target.goal,
        remaining=None if target is None else still_to_win(target),
        expected=balance.expected,
        low=balance.low,
        high=balance.high,
        need=None if target is None else balance.need,
        have=balance.have,
        gap=balance.gap,
        starts=balance.starts,
        extra=balance.extra,
        sentence=balance.sentence,
        flags=balance.flags,
        within_reach=balance.within_reach,
    )


def closable(horizons: Iterable[Balance]) -> Balance | None:
    """Return the nearest horizon with a gap that starts beyond the usual pace still close; None without one."""
    return next((horizon for horizon in horizons if horizon.extra and horizon.within_reach), None)


def _flags(ground: Ground, target: Target | None) -> tuple[str, ...]:
    found = {*ground.curve.flags}.union(*(deal.flags for deal in ground.open_deals))
    if target is None:
        found.add(NO_GOAL)
    elif target.is_share:
        found.add(SHARED_OUT)
    return tuple(sorted(found))
