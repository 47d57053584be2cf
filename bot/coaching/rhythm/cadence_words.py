"""What a rep's cadence came from and what comes next, in words (specification, section 1)."""

from __future__ import annotations

from datetime import timedelta

from bot.coaching.basis.rates import DAYS_PER_WEEK
from bot.coaching.rhythm.cadence import (
    NEW_REP,
    TREND_CLAUSES,
    CadenceDecision,
    about_activities,
    about_days,
    about_events,
    every,
)
from bot.coaching.rhythm.market import MARKET_WIDE
from bot.coaching.said import Said, joined, say
from bot.coaching.settings import Settings
from bot.coaching.wording import day, fixed, half_up, number, percent


def explained(decision: CadenceDecision, settings: Settings) -> tuple[str, ...]:
    """Return a sentence for each thing the interval came from, and one for what happens next; all speak to "you"."""
    return (
        _activity(decision, settings),
        _cycle(decision, settings),
        _together(decision, settings),
        _trend(decision, settings),
        _next(decision, settings),
    )


def _activity(decision: CadenceDecision, settings: Settings) -> str:
    rate, k = decision.activities_per_week, decision.k
    if rate is None or k is None:
        return say("There are no key activities or deal events of yours on record in the last 8 weeks to go by.")
    often = _days(DAYS_PER_WEEK * k / rate, settings)
    if decision.basis == "events":
        return say(
            "You had {events} a week (starts, stage moves and closings; nobody logs key activities) in the last 8 "
            "weeks: one 1:1 can coach on {n}, which asks for one {often}.",
            events=about_events(rate),
            n=half_up(k),
            often=often,
        )
    return say(
        "You did {activities} a week in the last 8 weeks: one 1:1 can coach on {n}, which asks for one {often}.",
        activities=about_activities(rate),
        n=half_up(k),
        often=often,
    )


def _cycle(decision: CadenceDecision, settings: Settings) -> str:
    if decision.typical_cycle is None:
        return say("None of the opportunities like yours has been won yet, so no cycle is known.")
    return say(
        "A typical win takes {days} over {n} stages: one 1:1 a stage is one {often}.",
        days=about_days(decision.typical_cycle),
        n=decision.stages,
        often=_days(decision.typical_cycle / decision.stages, settings),
    )


def _together(decision: CadenceDecision, settings: Settings) -> str:
    if decision.activities_per_week is None and decision.typical_cycle is None:
        return say("With neither known we begin in the middle: {often}.", often=every(decision.base))
    steps = ", ".join(str(step) for step in settings.cadence_steps)
    raw, often = number(decision.raw), every(decision.base)
    if _is_new(decision):
        return say(
            "Together that is {raw} days. Of {steps} days the numbers alone choose {often}; in your first {n} days "
            "it's never rarer than that.",
            raw=raw,
            steps=steps,
            often=often,
            n=settings.new_rep_days,
        )
    return say(
        "Together that is {raw} days. Of {steps} days the numbers alone choose {often}.",
        raw=raw,
        steps=steps,
        often=often,
    )


def _trend(decision: CadenceDecision, settings: Settings) -> str:
    if _is_new(decision):
        return say(
            "In your first {n} days no trend is read: there is no own past to compare with.", n=settings.new_rep_days
        )
    if decision.Z is None or decision.M is None:
        return say(
            "There is too little on record to compare your last 13 weeks with earlier ones: that counts as steady."
        )
    return joined((_change(decision.M), _chance(decision, decision.Z, decision.M, settings)))


def _change(size: float) -> Said:
    change = half_up(100 * (size - 1)) / 100
    if not change:
        return say("What you start and win is the same in your last 13 weeks, against the 13 they are compared with.")
    if change > 0:
        return say(
            "What you start and win is {share} more in your last 13 weeks, against the 13 they are compared with.",
            share=percent(change),
        )
    return say(
        "What you start and win is {share} less in your last 13 weeks, against the 13 they are compared with.",
        share=percent(-change),
    )


def _chance(decision: CadenceDecision, z: float, size: float, settings: Settings) -> Said:
    trend, score, much = TREND_CLAUSES[decision.trend], fixed(z, 1, signed=True), fixed(size, 2)
    if abs(z) < settings.trend_z:
        return say(
            "That is no more than chance does by itself (Z {z}, size {size}): {trend}.", z=score, size=much, trend=trend
        )
    if not settings.trend_size < size < 1 / settings.trend_size:
        return say(
            "That is more than chance alone often does (Z {z}, size {size}): {trend}.", z=score, size=much, trend=trend
        )
    return say(
        "That is more than chance alone often does, but too little to act on (Z {z}, size {size}): {trend}.",
        z=score,
        size=much,
        trend=trend,
    )


def _next(decision: CadenceDecision, settings: Settings) -> str:
    if decision.fixed_by_manager:
        return say("It stays so until your manager frees it; the numbers go on being looked at meanwhile.")
    if MARKET_WIDE in decision.flags:
        return say("Your manager is asked what to do, and you hear of any change before it happens.")
    return say(
        "We look again at the first 1:1 held on {day} or later; a trend that points down counts at once, and only a "
        "steady one lengthens it.",
        day=day(decision.evaluated_on + timedelta(days=settings.evaluate_every_days)),
    )


def _is_new(decision: CadenceDecision) -> bool:
    return NEW_REP in decision.flags


def _days(days: float, settings: Settings) -> Said:
    """Return how often, kept within the shortest and the longest interval."""
    steps = settings.cadence_steps
    kept = half_up(min(max(days, steps[0]), steps[-1]))
    return every(kept)
