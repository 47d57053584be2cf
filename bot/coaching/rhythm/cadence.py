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
from bot.coaching.said import Said, listed, say, say_many
from bot.coaching.settings import Settings
from bot.coaching.wording import half_up
from bot.errors import UserError

NEW_REP = "new rep"  # no words: a flag

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
        because = say("in your first {n} days we meet at least {often}", n=settings.new_rep_days, often=longest)
    return worded(decision, because)


def trend_word(inputs: CadenceInputs, as_of: date, settings: Settings) -> TrendWord:
    """Return the trend that the cadence goes by: a new rep has none yet."""
    return "flat" if _is_new(inputs, as_of, settings) else inputs.trend.word


def _is_new(inputs: CadenceInputs, as_of: date, settings: Settings) -> bool:
    return inputs.first_day is not None and (as_of - inputs.first_day).days < settings.new_rep_days


Step = tuple[int, int, Said]
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
        return current, 0, say("{trend}, and we don't change what works", trend=clause)
    return _lengthen(raw, previous, clause, settings)


def _shorten(raw: float, base: int, current: int, clause: Said, settings: Settings) -> Step:
    next_down = max(step for step in settings.cadence_steps if step < current)
    if raw <= settings.shorten_margin * upper_edge(next_down, settings):
        return base, 0, say("{trend}, and you now have more to talk about", trend=clause)
    return current, 0, say("{trend}, and the change is too small to act on", trend=clause)


def _lengthen(raw: float, previous: CadenceState, clause: Said, settings: Settings) -> Step:
    current = previous.interval
    if raw < settings.lengthen_margin * upper_edge(current, settings):
        return current, 0, say("{trend}, and the change is too small to act on", trend=clause)
    longer = min(step for step in settings.cadence_steps if step > current)
    votes = previous.lengthen_votes + 1
    if votes < settings.lengthen_votes:
        again = say("{trend}, and if that holds we go to {often} next time", trend=clause, often=every(longer))
        return current, votes, again
    return longer, 0, say("{trend} and has been, so we can meet less often", trend=clause)


TREND_CLAUSES: dict[TrendWord, Said] = {
    "negative": say("your trend points down"),
    "flat": say("your trend is steady"),
    "positive": say("your trend points up"),
}


def _falling(interval: int, otherwise: int) -> Said:
    if interval < otherwise:
        return say("your trend points down, so we meet more often until it turns")
    return say("your trend points down, so we stay close")


def every(interval: int) -> Said:
    """Return "every week", "every 2 weeks", "every 10 days"."""
    weeks, days = divmod(interval, DAYS_PER_WEEK)
    if days:
        return say("every {n} days", n=interval)
    return say_many("every week", "every {n} weeks", weeks)


def worded(decision: CadenceDecision, because: str) -> CadenceDecision:
    """Return the decision with its sentence, which ends with ``because`` unless the manager fixed the interval."""
    return replace(decision, sentence=_sentence(decision, because))


def _sentence(decision: CadenceDecision, because: str) -> Said:
    often = every(decision.interval)
    if decision.fixed_by_manager:
        return say(
            "We meet {often}: your manager chose this ({reason}); the numbers alone say {base}.",
            often=often,
            reason=decision.reason,
            base=every(decision.base),
        )
    facts = []
    if decision.activities_per_week is not None and decision.basis == "events":
        facts.append(say("you have {events} a week", events=about_events(decision.activities_per_week)))
    elif decision.activities_per_week is not None:
        facts.append(say("you do {activities} a week", activities=about_activities(decision.activities_per_week)))
    if decision.typical_cycle is not None:
        days = about_days(decision.typical_cycle)
        facts.append(say("your deals take {days} over {n} stages", days=days, n=decision.stages))
    known = listed(facts) or say("there isn't enough on record yet to say more")
    return say("We meet {often}: {facts}; {because}.", often=often, facts=known, because=because)


def about_days(value: float) -> Said:
    """Return "about 12 days", "less than one day"."""
    number = half_up(value)
    return say_many("about {n} day", "about {n} days", number) if number else say("less than one day")


def about_events(value: float) -> Said:
    """Return "about 12 deal events", "less than one deal event"."""
    number = half_up(value)
    return (
        say_many("about {n} deal event", "about {n} deal events", number) if number else say("less than one deal event")
    )


def about_activities(value: float) -> Said:
    """Return "about 12 key activities", "less than one key activity"."""
    number = half_up(value)
    if not number:
        return say("less than one key activity")
    return say_many("about {n} key activity", "about {n} key activities", number)


def fix(decision: CadenceDecision, interval: int, reason: str, as_of: date, settings: Settings) -> CadenceDecision:
    """Return the decision with the manager's own interval, which then stays until ``release``.

    Raises UserError for an interval that is no step, or without a reason, which the rep will read.
    """
    if interval not in settings.cadence_steps:
        steps = ", ".join(str(step) for step in settings.cadence_steps)
        raise UserError(say("1:1s can be {steps} days apart. Choose one of these.", steps=steps))
    if not reason.strip():
        raise UserError(say("Say in a few words why: the rep will read it."))
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
