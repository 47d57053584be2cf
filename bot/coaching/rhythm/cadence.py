"""How many days lie between two 1:1s of a rep, and why (specification, section 1)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from bot.coaching.basis.ground import Ground
from bot.coaching.basis.rates import DAYS_PER_WEEK
from bot.coaching.records import Records
from bot.coaching.rhythm.cadence_inputs import Basis, CadenceInputs, inputs_for
from bot.coaching.rhythm.key_activities import ActivityFeed
from bot.coaching.rhythm.trend import TrendWord
from bot.coaching.settings import Settings
from bot.coaching.wording import half_up
from bot.errors import UserError

NEW_REP = "new rep"

MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True)
class CadenceDecision:
    """The interval in days on ``as_of`` with everything it came from; stored, and given back as ``previous``.

    ``evaluated_on`` is the day of the last real evaluation; ``raw`` and ``base`` are the interval before and after
    snapping to a step; ``k`` is how many activities or events one 1:1 can coach on; ``lengthen_votes`` are the
    evaluations running that asked for a longer interval. ``reason`` is the manager's, for a fixed interval.
    """

    interval: int
    as_of: date
    evaluated_on: date
    raw: float
    base: int
    trend: TrendWord
    Z: float | None
    M: float | None
    activities_per_week: float | None
    basis: Basis | None
    k: float | None
    typical_cycle: float | None
    stages: int
    lengthen_votes: int
    fixed_by_manager: bool
    reason: str
    flags: tuple[str, ...]
    sentence: str


CadenceState = CadenceDecision
"""What is kept between two evaluations."""


def cadence_for(
    ground: Ground,
    records: Records,
    previous: CadenceState | None,
    as_of: date,
    settings: Settings,
    stages: int | None = None,
    key_types: frozenset[str] = frozenset(),
    feed: ActivityFeed | None = None,
) -> CadenceDecision:
    """Return the decision for the ground's rep; for several reps make an ``ActivityFeed`` once and pass it."""
    known = feed or ActivityFeed(records, as_of, settings, key_types)
    return decide(inputs_for(ground, known, as_of, settings, stages), previous, as_of, settings)


def raw_interval(inputs: CadenceInputs, settings: Settings) -> float:
    """Return the interval before snapping: the geometric mean of what activity and cycle ask for, 14 if unknown."""
    shortest, middle, longest = settings.cadence_steps
    asked = []
    if inputs.activities_per_week:
        asked.append(DAYS_PER_WEEK * _per_meeting(inputs, settings) / inputs.activities_per_week)
    if inputs.typical_cycle is not None:
        asked.append(inputs.typical_cycle / _stages(inputs, settings))
    kept = [min(max(days, shortest), longest) for days in asked]
    return math.prod(kept) ** (1 / len(kept)) if kept else float(middle)


def _per_meeting(inputs: CadenceInputs, settings: Settings) -> float:
    return settings.events_per_meeting if inputs.basis == "events" else settings.key_activities_per_meeting


def _stages(inputs: CadenceInputs, settings: Settings) -> int:
    return min(max(inputs.stages, settings.min_stages), settings.max_stages)


def upper_edge(step: int, settings: Settings) -> float:
    """Return where ``step`` ends on the log scale; the longest has no end."""
    longer = [other for other in settings.cadence_steps if other > step]
    return math.sqrt(step * min(longer)) if longer else math.inf


def snap(days: float, settings: Settings) -> int:
    """Return the step nearest to ``days`` on a log scale."""
    return next(step for step in settings.cadence_steps if days <= upper_edge(step, settings))


def decide(
    inputs: CadenceInputs,
    previous: CadenceState | None,
    as_of: date,
    settings: Settings,
) -> CadenceDecision:
    """Return the interval from ``as_of`` on. Call it after each held 1:1 and whenever records changed.

    Between evaluations (28 days, a negative trend at once) it is the previous one with the new day.
    """
    is_new, word = _is_new(inputs, as_of, settings), trend_word(inputs, as_of, settings)
    if previous is not None and word != "negative":
        days_since = (as_of - previous.evaluated_on).days
        if days_since < settings.evaluate_every_days:
            return replace(previous, as_of=as_of)

    raw = raw_interval(inputs, settings)
    wanted = min(raw, settings.new_rep_max_interval) if is_new else raw
    base = snap(wanted, settings)
    interval, votes, because = _step(wanted, base, word, previous, settings)
    fixed = previous is not None and previous.fixed_by_manager
    decision = CadenceDecision(
        interval=previous.interval if previous is not None and fixed else interval,
        as_of=as_of,
        evaluated_on=as_of,
        raw=raw,
        base=base,
        trend=word,
        Z=inputs.trend.Z,
        M=inputs.trend.M,
        activities_per_week=inputs.activities_per_week,
        basis=inputs.basis,
        k=_per_meeting(inputs, settings) if inputs.activities_per_week else None,
        typical_cycle=inputs.typical_cycle,
        stages=_stages(inputs, settings),
        lengthen_votes=0 if fixed else votes,
        fixed_by_manager=fixed,
        reason=previous.reason if previous is not None and fixed else "",
        flags=(*inputs.flags, NEW_REP) if is_new else inputs.flags,
        sentence="",
    )
    if is_new:
        longest = every(settings.new_rep_max_interval)
        because = f"in your first {settings.new_rep_days} days we meet at least {longest}"
    return worded(decision, because)


def trend_word(inputs: CadenceInputs, as_of: date, settings: Settings) -> TrendWord:
    """Return the trend that the cadence goes by: a new rep has none yet."""
    return "flat" if _is_new(inputs, as_of, settings) else inputs.trend.word


def _is_new(inputs: CadenceInputs, as_of: date, settings: Settings) -> bool:
    return inputs.first_day is not None and (as_of - inputs.first_day).days < settings.new_rep_days


Step = tuple[int, int, str]
"""An interval, the votes to lengthen it, and why."""


def _step(raw: float, base: int, word: TrendWord, previous: CadenceState | None, settings: Settings) -> Step:
    """Return the first run's step or that of the rules 1 to 4."""
    halved = snap(max(settings.cadence_steps[0], base / 2), settings)
    clause = TREND_CLAUSES[word]
    if previous is None:
        return (halved, 0, _falling(halved, base)) if word == "negative" else (base, 0, clause)
    current = previous.interval
    if word == "negative":
        interval = min(current, halved)
        return interval, 0, _falling(interval, min(current, base))
    if base < current:
        return _shorten(raw, base, current, clause, settings)
    if base == current:
        return current, 0, clause
    if word != "flat":
        return current, 0, f"{clause}, and we don't change what works"
    return _lengthen(raw, previous, clause, settings)


def _shorten(raw: float, base: int, current: int, clause: str, settings: Settings) -> Step:
    next_down = max(step for step in settings.cadence_steps if step < current)
    if raw <= settings.shorten_margin * upper_edge(next_down, settings):
        return base, 0, f"{clause}, and you now have more to talk about"
    return current, 0, f"{clause}, and the change is too small to act on"


def _lengthen(raw: float, previous: CadenceState, clause: str, settings: Settings) -> Step:
    current = previous.interval
    if raw < settings.lengthen_margin * upper_edge(current, settings):
        return current, 0, f"{clause}, and the change is too small to act on"
    longer = min(step for step in settings.cadence_steps if step > current)
    votes = previous.lengthen_votes + 1
    if votes < settings.lengthen_votes:
        return current, votes, f"{clause}, and if that holds we go to {every(longer)} next time"
    return longer, 0, f"{clause} and has been, so we can meet less often"


TREND_CLAUSES: dict[TrendWord, str] = {
    "negative": "your trend points down",
    "flat": "your trend is steady",
    "positive": "your trend points up",
}


def _falling(interval: int, otherwise: int) -> str:
    head = TREND_CLAUSES["negative"]
    return f"{head}, so we meet more often until it turns" if interval < otherwise else f"{head}, so we stay close"


def every(interval: int) -> str:
    """Return "every week", "every 2 weeks", "every 10 days"."""
    weeks, days = divmod(interval, DAYS_PER_WEEK)
    if days:
        return f"every {interval} days"
    return "every week" if weeks == 1 else f"every {weeks} weeks"


def worded(decision: CadenceDecision, because: str) -> CadenceDecision:
    """Return the decision with its sentence, which ends with ``because`` unless the manager fixed the interval."""
    return replace(decision, sentence=_sentence(decision, because))


def _sentence(decision: CadenceDecision, because: str) -> str:
    head = f"We meet {every(decision.interval)}"
    if decision.fixed_by_manager:
        return f"{head}: your manager chose this ({decision.reason}); the numbers alone say {every(decision.base)}."
    facts = []
    if decision.activities_per_week is not None:
        noun = "deal event" if decision.basis == "events" else "key activity"
        facts.append(
            f"you {'have' if decision.basis == 'events' else 'do'} {about(decision.activities_per_week, noun)} a week"
        )
    if decision.typical_cycle is not None:
        facts.append(f"your deals take {about(decision.typical_cycle, 'day')} over {decision.stages} stages")
    said = " and ".join(facts) or "there isn't enough on record yet to say more"
    return f"{head}: {said}; {because}."


def about(value: float, noun: str) -> str:
    """Return "about 12 days", "less than one key activity"."""
    number = half_up(value)
    plural = f"{noun[:-1]}ies" if noun.endswith("ty") else f"{noun}s"
    return f"less than one {noun}" if number < 1 else f"about {number} {noun if number == 1 else plural}"


def fix(decision: CadenceDecision, interval: int, reason: str, as_of: date, settings: Settings) -> CadenceDecision:
    """Return the decision with the manager's own interval, which then stays until ``release``.

    Raises UserError for an interval that is no step, or without a reason, which the rep will read.
    """
    if interval not in settings.cadence_steps:
        steps = ", ".join(str(step) for step in settings.cadence_steps)
        raise UserError(f"1:1s can be {steps} days apart. Choose one of these.")
    if not reason.strip():
        raise UserError("Say in a few words why: the rep will read it.")
    fixed = replace(
        decision,
        interval=interval,
        as_of=as_of,
        lengthen_votes=0,
        fixed_by_manager=True,
        reason=reason.strip().rstrip("."),
    )
    return worded(fixed, "")


def release(decision: CadenceDecision, as_of: date) -> CadenceDecision:
    """Return the decision free to follow the numbers again, from its present interval on."""
    free = replace(decision, as_of=as_of, lengthen_votes=0, fixed_by_manager=False, reason="")
    return worded(free, TREND_CLAUSES[free.trend])


def hours_per_week(meetings: Iterable[tuple[int, int]]) -> float:
    """Return a manager's hours a week in 1:1s from (minutes, interval in days) of each rep."""
    return sum(minutes / interval * DAYS_PER_WEEK for minutes, interval in meetings) / MINUTES_PER_HOUR
