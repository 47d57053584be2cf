"""What a rep's cadence came from and what comes next, in words (specification, section 1)."""

from __future__ import annotations

from datetime import timedelta

from bot.coaching.basis.rates import DAYS_PER_WEEK
from bot.coaching.rhythm.cadence import NEW_REP, CadenceDecision, about, every
from bot.coaching.rhythm.market import MARKET_WIDE
from bot.coaching.settings import Settings
from bot.coaching.wording import day, half_up

EVENTS_ARE = "starts, stage moves and closings"


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
        return "There are no key activities or deal events of yours on record in the last 8 weeks to go by."
    asks = f"one 1:1 can coach on {half_up(k)}, which asks for one {_days(DAYS_PER_WEEK * k / rate, settings)}"
    if decision.basis == "events":
        counted = f"{about(rate, 'deal event')} a week ({EVENTS_ARE}; nobody logs key activities)"
        return f"You had {counted} in the last 8 weeks: {asks}."
    return f"You did {about(rate, 'key activity')} a week in the last 8 weeks: {asks}."


def _cycle(decision: CadenceDecision, settings: Settings) -> str:
    if decision.typical_cycle is None:
        return "None of the opportunities like yours has been won yet, so no cycle is known."
    asks = _days(decision.typical_cycle / decision.stages, settings)
    takes = f"{about(decision.typical_cycle, 'day')} over {decision.stages} stages"
    return f"A typical win takes {takes}: one 1:1 a stage is one {asks}."


def _together(decision: CadenceDecision, settings: Settings) -> str:
    steps = ", ".join(str(step) for step in settings.cadence_steps)
    if decision.activities_per_week is None and decision.typical_cycle is None:
        return f"With neither known we begin in the middle: {every(decision.base)}."
    new = f"; in your first {settings.new_rep_days} days it's never rarer than that" if _is_new(decision) else ""
    raw = f"{half_up(decision.raw * 10) / 10:g}"
    return f"Together that is {raw} days. Of {steps} days the numbers alone choose {every(decision.base)}{new}."


def _trend(decision: CadenceDecision, settings: Settings) -> str:
    if _is_new(decision):
        return f"In your first {settings.new_rep_days} days no trend is read: there is no own past to compare with."
    if decision.Z is None or decision.M is None:
        return "There is too little on record to compare your last 13 weeks with earlier ones: that counts as steady."
    beyond = abs(decision.Z) >= settings.trend_z
    matters = not settings.trend_size < decision.M < 1 / settings.trend_size
    chance = "more than chance alone often does" if beyond else "no more than chance does by itself"
    change = (
        f"What you start and win is {_size(decision.M)} in your last 13 weeks, against the 13 they are compared with"
    )
    small = ", but too little to act on" if beyond and not matters else ""
    word = {"negative": "points down", "positive": "points up", "flat": "is steady"}[decision.trend]
    figures = f"(Z {decision.Z:+.1f}, size {decision.M:.2f})"
    return f"{change}. That is {chance}{small} {figures}: your trend {word}."


def _size(m: float) -> str:
    change = half_up(100 * (m - 1))
    if not change:
        return "the same"
    return f"{abs(change)}% {'more' if change > 0 else 'less'}"


def _next(decision: CadenceDecision, settings: Settings) -> str:
    if decision.fixed_by_manager:
        return "It stays so until your manager frees it; the numbers go on being looked at meanwhile."
    if MARKET_WIDE in decision.flags:
        return "Your manager is asked what to do, and you hear of any change before it happens."
    again = day(decision.evaluated_on + timedelta(days=settings.evaluate_every_days))
    soonest = "a trend that points down counts at once"
    return f"We look again at the first 1:1 held on {again} or later; {soonest}, and only a steady one lengthens it."


def _is_new(decision: CadenceDecision) -> bool:
    return NEW_REP in decision.flags


def _days(days: float, settings: Settings) -> str:
    """Return how often, kept within the shortest and the longest interval."""
    steps = settings.cadence_steps
    kept = half_up(min(max(days, steps[0]), steps[-1]))
    return every(kept)
