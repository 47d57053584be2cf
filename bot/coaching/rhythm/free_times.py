"""The times at which a 1:1 can be, nearest to a wish first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from heapq import heappop, heappush
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.coaching.meeting import Appointment
from bot.coaching.records import PersonId, WorkingHours
from bot.coaching.rhythm.wall_time import appointment, local_day, span
from bot.coaching.rhythm.working_days import SATURDAY, DaysOff
from bot.errors import UserError

REP_OPENS, REP_CLOSES = time(8), time(18)
"""When a rep's own clocks read this a 1:1 is in reasonable hours; it is a wish, not a rule."""

WEEK = 7
TIMES_KEPT = 1024
"""Working hours, each with a wished time, whose times are kept: most managers have the same ones."""

MOMENT = timedelta(microseconds=1)

Span = tuple[datetime, datetime]
Days = tuple[date, date]
Times = tuple[tuple[int, time], ...]


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
        first, last = local_day(start, self.zone), local_day(end - MOMENT, self.zone)
        return self.off.is_working(first) and (last == first or self.off.is_working(last))


@dataclass(frozen=True, slots=True)
class Constraints:
    """All that a rep's 1:1 has to fit into.

    ``busy`` holds spans of aware instants, start included and end not, at which manager or rep can't meet: their
    other 1:1s above all, and what their calendars say. ``reserved`` are the standing places of the manager's other
    reps, which a moved 1:1 takes only when nothing else is free within a week.
    """

    hours: WorkingHours
    manager: Diary
    rep: Diary
    busy: tuple[Span, ...] = ()
    reserved: tuple[Pairing, ...] = ()


class _Candidate(NamedTuple):
    """How far in days and in minutes a time is from the wish, and the how manieth of the day's times it is.

    ``option`` is None until it was looked at.
    """

    far: int
    apart: int
    day: date
    turn: int
    option: Appointment | None = None


def nearest(constraints: Constraints, wish: Wish, days: Days, not_before: datetime) -> Iterator[Appointment]:
    """Yield what is possible from the first to the last of ``days``, nearest to the wish first.

    Another rep's standing place, and an hour unreasonable for the rep, each count as a week further away, unless
    it is the preferred place itself. A time is only looked at when none can be nearer: the first costs little, and
    mostly it is the wish itself, than which nothing is nearer.
    """
    granted = _granted(constraints, wish, days, not_before)
    if granted is not None:
        yield granted
    for option in _by_distance(constraints, wish, days, not_before):
        if option != granted:
            yield option


def _granted(constraints: Constraints, wish: Wish, days: Days, not_before: datetime) -> Appointment | None:
    """Return the very time that is wished for, if it is possible."""
    (first, last), (day, (weekday, at)), hours = days, wish, constraints.hours
    if not first <= day <= last or day.weekday() != weekday or weekday not in hours.weekdays:
        return None
    option = appointment(day, at, constraints.manager.zone, hours.minutes)
    fits = option.starts_at >= not_before and at in starts(hours, also=at)
    return option if fits and _is_open(constraints, option) else None


def _by_distance(constraints: Constraints, wish: Wish, days: Days, not_before: datetime) -> Iterator[Appointment]:
    hours = constraints.hours
    times = _by_nearness(hours, wish.place.at)
    queue: list[_Candidate] = []
    for day in _nearest_days(days, wish.day):
        far = abs((day - wish.day).days)
        yield from _nearer_than(far, queue, times, constraints, wish, not_before)
        if times and day.weekday() in hours.weekdays and constraints.manager.off.is_working(day):
            heappush(queue, _Candidate(far, times[0][0], day, 0))
    yield from _nearer_than(None, queue, times, constraints, wish, not_before)


@lru_cache(maxsize=TIMES_KEPT)
def _by_nearness(hours: WorkingHours, wished: time) -> Times:
    """Return each time at which a 1:1 can start, the nearest to the wished one first, with the minutes between them."""
    return tuple(sorted((abs(minute(at) - minute(wished)), at) for at in starts(hours, also=wished)))


def _nearer_than(
    far: int | None,
    queue: list[_Candidate],
    times: Times,
    constraints: Constraints,
    wish: Wish,
    not_before: datetime,
) -> Iterator[Appointment]:
    """Yield what is possible of the queue and nearer than so many days, all of it for None.

    Of each day one time waits that wasn't looked at: the next one is further away.
    """
    hours = constraints.hours
    while queue and (far is None or queue[0].far < far):
        one = heappop(queue)
        if one.option is not None:
            yield one.option
            continue
        following = one.turn + 1
        if following < len(times):
            heappush(queue, one._replace(apart=times[following][0], turn=following))
        option = appointment(one.day, times[one.turn][1], constraints.manager.zone, hours.minutes)
        if option.starts_at >= not_before and _is_open(constraints, option):
            further = one.far + _penalty(constraints, wish, option)
            heappush(queue, one._replace(far=further, option=option))


def _penalty(constraints: Constraints, wish: Wish, option: Appointment) -> int:
    """Return by how many days a time counts as further away than it is."""
    here, minutes = Place(option.day.weekday(), option.at), constraints.hours.minutes
    if here == wish.place:
        return 0
    is_anothers = any(_overlap(here, other.place, minutes) for other in constraints.reserved)
    return WEEK * is_anothers + WEEK * (not is_reasonable(span(option), constraints.rep.zone))


def _nearest_days(days: Days, wished: date) -> Iterator[date]:
    """Yield each of the days, the nearest to the wished one first, whether that is one of them or not."""
    first, last = (day.toordinal() for day in days)
    middle = wished.toordinal()
    for apart in range(max(last - middle, middle - first) + 1):
        for day in sorted({middle - apart, middle + apart}):
            if first <= day <= last:
                yield date.fromordinal(day)


def _is_open(constraints: Constraints, option: Appointment) -> bool:
    start, end = span(option)
    for from_, until in constraints.busy:
        if from_ < end and start < until:
            return False
    return (
        # A clock change can push a time into the next day (Greenland skips 23 to 24) or skip the day (Samoa).
        local_day(start, option.zone) == option.day
        and constraints.manager.allows((start, end))
        and constraints.rep.allows((start, end))
    )


@lru_cache(maxsize=TIMES_KEPT)
def starts(hours: WorkingHours, also: time | None = None) -> tuple[time, ...]:
    """Return the times at which a 1:1 can start: one after the other from opening, and ``also`` if it fits."""
    opens, closes = minute(hours.opens), minute(hours.closes)
    minutes = set(range(opens, closes - hours.minutes + 1, hours.minutes))
    if also is not None and opens <= minute(also) <= closes - hours.minutes:
        minutes.add(minute(also))
    return tuple(time(start // 60, start % 60) for start in sorted(minutes))


def is_reasonable(when: Span, zone: str) -> bool:
    """Return whether clocks in ``zone`` show a working hour of a weekday from start to end."""
    start, end = (moment.astimezone(ZoneInfo(zone)) for moment in when)
    return (
        start.date() == end.date()
        and start.time() >= REP_OPENS
        and end.time() <= REP_CLOSES
        and start.weekday() < SATURDAY
    )


def _overlap(one: Place, other: Place, minutes: int) -> bool:
    return one.weekday == other.weekday and abs(minute(one.at) - minute(other.at)) < minutes


def minute(at: time) -> int:
    """Return the minutes since midnight."""
    return at.hour * 60 + at.minute
