"""Where a rep's 1:1 goes in the manager's week, never closer than a week nor further than a month (section 1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.coaching.meeting import Appointment
from bot.coaching.records import PersonId, WorkingHours
from bot.coaching.rhythm.wall_time import appointment, instant, local_day, span
from bot.coaching.rhythm.working_days import DAY, SATURDAY, DaysOff, working_days_after
from bot.errors import UserError

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

REP_OPENS, REP_CLOSES = time(8), time(18)
"""When a rep's own clocks read this a 1:1 is in reasonable hours; it is a wish, not a rule."""

WEEK = 7
SAMPLE_WEEKS = range(0, 52, 4)

MOMENT = timedelta(microseconds=1)

Span = tuple[datetime, datetime]
Days = tuple[date, date]


class NoSlotError(UserError):
    """No permitted time is free; the sentence says why and what would help."""


class Place(NamedTuple):
    """A weekday (Monday 0) and wall time in the manager's week."""

    weekday: int
    at: time


@dataclass(frozen=True, slots=True)
class Pairing:
    """A rep's standing place: the same weekday (Monday 0) and wall time, in the MANAGER's zone, every time."""

    rep: PersonId
    weekday: int
    at: time

    @property
    def place(self) -> Place:
        return Place(self.weekday, self.at)


class Wish(NamedTuple):
    """The day aimed at, and the place in the week that is preferred."""

    day: date
    place: Place


@dataclass(frozen=True, slots=True)
class Diary:
    """What decides when a person can meet: the zone (IANA) they live by and their days off, dates in that zone."""

    zone: str
    off: DaysOff = field(default_factory=DaysOff)

    def allows(self, when: Span) -> bool:
        """Return whether the person works on the day (or both days, past midnight) that the span falls on."""
        start, end = when
        return all(self.off.is_working(local_day(moment, self.zone)) for moment in (start, end - MOMENT))


@dataclass(frozen=True, slots=True)
class Constraints:
    """All that a rep's 1:1 has to fit into.

    ``busy`` holds spans of aware instants, start included and end not, at which manager or rep can't meet: the
    manager's other 1:1s above all. ``reserved`` are the standing places of the manager's other reps, which a
    moved 1:1 takes only when nothing else is free within a week.
    """

    hours: WorkingHours
    manager: Diary
    rep: Diary
    busy: tuple[Span, ...] = ()
    reserved: tuple[Pairing, ...] = ()


def bounds(last_held: date) -> tuple[date, date]:
    """Return the first and last day on which the next 1:1 may be held."""
    return last_held + timedelta(days=MIN_DAYS), last_held + timedelta(days=MAX_DAYS)


def choose_standing(
    hours: WorkingHours,
    zone: str,
    reps: Sequence[tuple[PersonId, str]],
    *,
    taken: Sequence[Pairing] = (),
    on: date,
) -> tuple[Pairing, ...]:
    """Return a weekly place for each of ``reps`` (id and the rep's own zone), in their order.

    No two of them, nor one of ``taken``, ever overlap, whatever their intervals. Within 8 to 18 of the rep's own
    clocks on a weekday, looked at through the year from ``on``, is preferred, then the emptier weekday, then the
    earlier time; reps who share few such hours with the manager's ``zone`` choose first.
    Raises NoSlotError when there are more reps than places.
    """
    free = [
        Place(weekday, at)
        for at in _times(hours)
        for weekday in sorted(set(hours.weekdays))
        if not any(_overlap(Place(weekday, at), pairing.place, hours.minutes) for pairing in taken)
    ]
    if len(reps) > len(free):
        raise NoSlotError(
            f"The manager's 1:1 hours have room for {len(free)} more and {len(reps)} reps need a place: add a weekday, "
            f"open longer hours or make 1:1s shorter than {hours.minutes} minutes.",
        )
    fit = {rep_zone: _fit(free, hours.minutes, zone, rep_zone, on) for rep_zone in {each for _, each in reps}}
    per_weekday = Counter(pairing.weekday for pairing in taken)
    chosen: dict[PersonId, Pairing] = {}
    for rep, rep_zone in sorted(reps, key=lambda pair: sum(fit[pair[1]].values())):
        good = fit[rep_zone]
        best = min(free, key=lambda place: (-good[place], per_weekday[place.weekday], place.at, place.weekday))
        free.remove(best)
        per_weekday[best.weekday] += 1
        chosen[rep] = Pairing(rep, best.weekday, best.at)
    return tuple(chosen[rep] for rep, _ in reps)


def place(
    standing: Pairing,
    constraints: Constraints,
    *,
    last_held: date,
    interval: int,
    now: datetime,
) -> Appointment:
    """Return the 1:1 after the one held on ``last_held`` (manager's date), ``interval`` days later or near it.

    Counted from ``now`` (aware), both have the two working days that the prompts need; when that leaves no day, the
    one that the pre-read needs. The day aimed at is the standing weekday nearest to ``last_held + interval`` that
    allows this and lies 7 to 31 days after ``last_held``. Where the standing place isn't free that day, the nearest
    day and then the nearest time in the manager's hours takes its turn, never outside 7 to 31 days.
    Raises NoSlotError when nothing is free; then ``place_first`` starts afresh, and both should be told.
    """
    first, last = bounds(last_held)
    for notice in (PROMPT_NOTICE, PRE_READ_NOTICE):
        not_before = _after_notice(constraints, now, notice)
        window = max(first, local_day(not_before, constraints.manager.zone)), last
        target = _nearest_weekday(last_held + timedelta(days=interval), standing.weekday, window)
        options = _options(constraints, Wish(target, standing.place), window, not_before)
        if options:
            return options[0]
    raise NoSlotError(
        f"No 1:1 fits between {_say(first)} and {_say(last)}, {MIN_DAYS} to {MAX_DAYS} days after the last one: each "
        "day in the manager's 1:1 hours is taken, off for one of the two or too near to send the pre-read. "
        "Widen the 1:1 hours, free a time or shorten a leave.",
    )


def place_first(standing: Pairing, constraints: Constraints, *, interval: int, now: datetime) -> Appointment:
    """Return a rep's first 1:1, or the first one after a month was missed: in the standing place when possible.

    Both have three working days from ``now`` (aware) before it. So that a manager's first 1:1s don't fall into one
    week, it goes to the week with the fewest ``busy`` spans of those that one ``interval`` (days) offers.
    Raises NoSlotError when nothing is free for more than a year.
    """
    not_before = _after_notice(constraints, now, FIRST_NOTICE)
    first = local_day(not_before, constraints.manager.zone)
    weeks = [_next(standing.weekday, first) + timedelta(days=offset) for offset in range(0, max(interval, WEEK), WEEK)]
    load = Counter(_week_of(local_day(start, constraints.manager.zone)) for start, _ in constraints.busy)
    target = min(weeks, key=lambda day: (load[_week_of(day)], day))
    for horizon in (interval + MAX_DAYS, FIRST_HORIZON):
        last = first + timedelta(days=horizon)
        options = _options(constraints, Wish(target, standing.place), (first, last), not_before)
        if options:
            return options[0]
    raise NoSlotError(
        f"No 1:1 fits from {_say(first)} on for more than a year: manager and rep have no free working day in common "
        "in the manager's 1:1 hours. Widen the hours or correct the leave.",
    )


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
    ``now``. Another day comes before a second time on the same day. ``busy`` should not hold ``current`` itself.
    Raises NoSlotError when there is none at all.
    """
    today = local_day(now, constraints.manager.zone)
    first, last = bounds(last_held) if last_held else (today, today + timedelta(days=MAX_DAYS))
    wish = Wish(current.day, Place(current.day.weekday(), current.at))
    options = [
        option
        for option in _options(constraints, wish, (max(first, today), last), now + MOMENT)
        if option.starts_at != current.starts_at
    ]
    if not options:
        raise NoSlotError(
            f"There is no other free time until {_say(last)}, the last day for this 1:1. "
            "Free a time in the manager's 1:1 hours, or excuse this 1:1 and say why.",
        )
    seen: Counter[date] = Counter()
    turns: list[tuple[int, int]] = []
    for nearness, option in enumerate(options):
        turns.append((seen[option.day], nearness))
        seen[option.day] += 1
    return tuple(sorted((options[nearness] for _, nearness in sorted(turns)[:count]), key=lambda o: o.starts_at))


def _options(constraints: Constraints, wish: Wish, days: Days, not_before: datetime) -> list[Appointment]:
    """Return what is possible from the first to the last of ``days``, nearest to the wish first.

    Another rep's standing place, and an hour unreasonable for the rep, each count as a week further away, unless
    it is the preferred place itself.
    """
    hours, zone = constraints.hours, constraints.manager.zone
    first, last = days
    ranked: list[tuple[tuple[int, int, date, time], Appointment]] = []
    for day in (first + timedelta(days=offset) for offset in range((last - first).days + 1)):
        if day.weekday() not in hours.weekdays or not constraints.manager.off.is_working(day):
            continue
        for at in _times(hours, also=wish.place.at):
            option = appointment(day, at, zone, hours.minutes)
            if option.starts_at < not_before or not _is_open(constraints, option):
                continue
            far = abs((day - wish.day).days)
            here = Place(day.weekday(), at)
            if here != wish.place:
                far += WEEK * any(_overlap(here, other.place, hours.minutes) for other in constraints.reserved)
                far += WEEK * (not _is_reasonable(span(option), constraints.rep.zone))
            ranked.append(((far, abs(_minute(at) - _minute(wish.place.at)), day, at), option))
    return [option for _, option in sorted(ranked, key=itemgetter(0))]


def _is_open(constraints: Constraints, option: Appointment) -> bool:
    start, end = span(option)
    return (
        # A clock change can push a time into the next day (Greenland skips 23 to 24) or skip the day (Samoa).
        local_day(start, option.zone) == option.day
        and constraints.manager.allows((start, end))
        and constraints.rep.allows((start, end))
        and all(end <= from_ or until <= start for from_, until in constraints.busy)
    )


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


def _times(hours: WorkingHours, also: time | None = None) -> list[time]:
    """Return the times at which a 1:1 can start: one after the other from opening, and ``also`` if it fits."""
    opens, closes = _minute(hours.opens), _minute(hours.closes)
    starts = set(range(opens, closes - hours.minutes + 1, hours.minutes))
    if also is not None and opens <= _minute(also) <= closes - hours.minutes:
        starts.add(_minute(also))
    return [time(start // 60, start % 60) for start in sorted(starts)]


def _fit(places: Sequence[Place], minutes: int, zone: str, rep_zone: str, on: date) -> Mapping[Place, int]:
    """Return in how many sampled weeks of the year from ``on`` each place is at a reasonable hour for the rep."""
    monday = on - timedelta(days=on.weekday())
    return {
        place: sum(
            _is_reasonable(
                span(appointment(monday + timedelta(weeks=week, days=place.weekday), place.at, zone, minutes)), rep_zone
            )
            for week in SAMPLE_WEEKS
        )
        for place in places
    }


def _is_reasonable(when: Span, zone: str) -> bool:
    start, end = (moment.astimezone(ZoneInfo(zone)) for moment in when)
    return (
        start.date() == end.date()
        and start.time() >= REP_OPENS
        and end.time() <= REP_CLOSES
        and start.weekday() < SATURDAY
    )


def _overlap(one: Place, other: Place, minutes: int) -> bool:
    return one.weekday == other.weekday and abs(_minute(one.at) - _minute(other.at)) < minutes


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _week_of(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def _say(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
