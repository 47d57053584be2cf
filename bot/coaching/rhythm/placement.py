"""Where a rep's 1:1 goes in the manager's week, never closer than a week nor further than a month (section 1)."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from bot.coaching import wording
from bot.coaching.meeting import Appointment
from bot.coaching.rhythm.free_times import (
    MOMENT,
    WEEK,
    Constraints,
    Days,
    NoSlotError,
    Pairing,
    Place,
    Wish,
    is_reasonable,
    nearest,
)
from bot.coaching.rhythm.wall_time import NOON, instant, local_day, span
from bot.coaching.rhythm.working_days import DAY, working_days_after
from bot.coaching.said import Said, say

MIN_DAYS, MAX_DAYS = 7, 31
"""Days from one held 1:1 to the next, also after moves."""

PROMPT_NOTICE = 2
"""Working days before a 1:1 on which the rep's prompts go out."""

PRE_READ_NOTICE = 1
"""Working days before a 1:1 on which both get the pre-read: never a surprise [J1], so never less."""

FIRST_NOTICE = 3
"""Working days from planning a first 1:1 to holding it: the rep meets the bot before its first prompts."""

FIRST_HORIZON = 400
"""Days within which a first 1:1 has to find its place; more than the longest leave."""


def bounds(last_held: date) -> tuple[date, date]:
    """Return the first and last day on which the next 1:1 may be held."""
    return last_held + timedelta(days=MIN_DAYS), last_held + timedelta(days=MAX_DAYS)


def place(
    standing: Pairing,
    constraints: Constraints,
    *,
    last_held: date,
    interval: int,
    now: datetime,
    after: date | None = None,
) -> Appointment:
    """Return the 1:1 after the one held on ``last_held`` (manager's date), ``interval`` days later or near it.

    Counted from ``now`` (aware), both have the two working days that the prompts need; when that leaves no day, the
    one that the pre-read needs. The day aimed at is the standing weekday nearest to ``last_held + interval`` that
    allows this and lies 7 to 31 days after ``last_held``. Where the standing place isn't free that day, the nearest
    day and then the nearest time in the manager's hours takes its turn, never outside 7 to 31 days. It is later than
    ``after``, the day of a 1:1 that was left out. Raises NoSlotError when nothing is free; then ``place_late`` comes as
    soon as can be, and both should be told.
    """
    first, last = bounds(last_held)
    first = first if after is None else max(first, after + DAY)
    for notice in (PROMPT_NOTICE, PRE_READ_NOTICE):
        not_before = _after_notice(constraints, now, notice)
        window = max(first, local_day(not_before, constraints.manager.zone)), last
        target = _nearest_weekday(last_held + timedelta(days=interval), standing.weekday, window)
        for option in nearest(constraints, Wish(target, standing.place), window, not_before):
            return option
    raise NoSlotError(
        say(
            "No 1:1 fits between {first} and {last}, {least} to {most} days after the last one: each day in the "
            "manager's 1:1 hours is taken, off for one of the two or too near to send the pre-read. Widen the 1:1 "
            "hours, free a time or shorten a leave.",
            first=_say(first),
            last=_say(last),
            least=MIN_DAYS,
            most=MAX_DAYS,
        ),
    )


def place_late(
    standing: Pairing, constraints: Constraints, *, last_held: date, now: datetime, after: date | None = None
) -> Appointment:
    """Return the first 1:1 that can be once more than a month has to go by: often the first days back from a leave.

    From the day after the month, or from ``now`` (aware) where that is later, both have one working day before it, on
    which the pre-read is read; of that first day the time nearest to the standing one is taken.
    Raises NoSlotError when nothing is free for more than a year.
    """
    zone = constraints.manager.zone
    _, last = bounds(last_held)
    earliest = max(last if after is None else max(last, after), local_day(now, zone) - DAY) + DAY
    not_before = _after_notice(constraints, max(now, instant(earliest, NOON, zone)), PRE_READ_NOTICE)
    first = local_day(not_before, zone)
    days = first, first + timedelta(days=FIRST_HORIZON)
    wish = Wish(first, standing.place)
    for option in nearest(constraints, wish, days, not_before):
        # What is another rep's place or early for the rep counts as a week further away; here the day comes first.
        until = nearest(constraints, wish, (first, option.day), not_before)
        return min(until, key=lambda one: (one.day, not is_reasonable(span(one), constraints.rep.zone)))
    raise _never(first)


def place_first(
    standing: Pairing,
    constraints: Constraints,
    *,
    interval: int,
    now: datetime,
    after: date | None = None,
    soon: bool = False,
) -> Appointment:
    """Return a rep's first 1:1, or the first one after a month was missed: in the standing place when possible.

    Both have three working days from ``now`` (aware) before it. So that a manager's first 1:1s don't fall into one
    week, it goes to the week with the fewest ``busy`` spans of those that one ``interval`` (days) offers. It is later
    than ``after``, the day of a 1:1 that was left out. ``soon`` is for who has just joined: it takes the first day that
    is free, whatever weekday it is. Raises NoSlotError when nothing is free for more than a year.
    """
    not_before = _after_notice(constraints, now, FIRST_NOTICE)
    if after is not None:
        not_before = max(not_before, instant(after + DAY, time(0), constraints.manager.zone))
    first = local_day(not_before, constraints.manager.zone)
    weeks = [_next(standing.weekday, first) + timedelta(days=offset) for offset in range(0, max(interval, WEEK), WEEK)]
    load = Counter([_week_at(start, constraints.manager.zone) for start, _ in constraints.busy])
    target = first if soon else min(weeks, key=lambda day: (load[_week_of(day)], day))
    for horizon in (interval + MAX_DAYS, FIRST_HORIZON):
        last = first + timedelta(days=horizon)
        for option in nearest(constraints, Wish(target, standing.place), (first, last), not_before):
            return option
    raise _never(first)


def free_slots(
    constraints: Constraints,
    *,
    last_held: date | None,
    current: Appointment,
    now: datetime,
    count: int = 3,
) -> tuple[Appointment, ...]:
    """Return up to ``count`` other times for ``current``, earliest first, as near to it as can be.

    They start after ``now`` (aware) and lie 7 to 31 days after ``last_held``; without one, within 31 days of
    ``now``. They lie in the manager's 1:1 hours and within 8 to 18 of the rep's own clocks; only where the two share no
    such time at all the manager's hours decide alone. Another day comes before a second time on the same day.
    ``busy`` should not hold ``current`` itself. Raises NoSlotError when there is none at all.
    """
    today = local_day(now, constraints.manager.zone)
    first, last = bounds(last_held) if last_held else (today, today + timedelta(days=MAX_DAYS))
    wish = Wish(current.day, Place(current.day.weekday(), current.at))
    options = [
        option
        for option in nearest(constraints, wish, (max(first, today), last), now + MOMENT)
        if option.starts_at != current.starts_at
    ]
    if not options:
        raise NoSlotError(
            say(
                "There is no other free time until {day}, the last day for this 1:1. Free a time in the manager's 1:1 "
                "hours, or excuse this 1:1 and say why.",
                day=_say(last),
            ),
        )
    options = [one for one in options if is_reasonable(span(one), constraints.rep.zone)] or options
    seen: Counter[date] = Counter()
    turns: list[tuple[int, int]] = []
    for nearness, option in enumerate(options):
        turns.append((seen[option.day], nearness))
        seen[option.day] += 1
    return tuple(sorted((options[nearness] for _, nearness in sorted(turns)[:count]), key=lambda o: o.starts_at))


def _after_notice(constraints: Constraints, now: datetime, notice: int) -> datetime:
    """Return the first instant before which both have ``notice`` working days, today included."""
    return max(
        instant(working_days_after(local_day(now, who.zone) - DAY, notice + 1, who.off), time(0), who.zone)
        for who in (constraints.manager, constraints.rep)
    )


def _nearest_weekday(day: date, weekday: int, window: Days) -> date:
    """Return the ``weekday`` nearest to ``day`` in the window, the earlier of two; ``day`` itself if there is none."""
    first, last = window
    start = _next(weekday, first)
    fitting = [start + timedelta(days=offset) for offset in range(0, (last - start).days + 1, WEEK)]
    return min(fitting, key=lambda each: (abs((each - day).days), each), default=day)


def _next(weekday: int, day: date) -> date:
    """Return the first such weekday on or after ``day``."""
    return day + timedelta(days=(weekday - day.weekday()) % WEEK)


@lru_cache(maxsize=4096)  # each 1:1 of a team is in the way of all the others
def _week_at(moment: datetime, zone: str) -> tuple[int, int]:
    return _week_of(local_day(moment, zone))


def _week_of(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def _never(first: date) -> NoSlotError:
    return NoSlotError(
        say(
            "No 1:1 fits from {day} on for more than a year: manager and rep have no free working day in common in the "
            "manager's 1:1 hours. Widen the hours or correct the leave.",
            day=_say(first),
        ),
    )


def _say(day: date) -> Said:
    """Return "Tuesday 3 October 2017"."""
    return say("{weekday} {day} {year}", weekday=wording.weekday(day), day=wording.day(day), year=day.year)
