"""What must hold of a year, computed from calendar and clocks alone and not with the bot's own rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays

from bot.coaching.meeting import Meeting
from bot.coaching.records import PersonId
from tests.year.simulated import NOTICE, Post, Year

DAY = timedelta(days=1)
NINE = time(9)
MINUTE = timedelta(minutes=1)
STALE = timedelta(days=14)
"""What is said longer before a 1:1 is stale by then."""
WEEK, MONTH = 7, 31
SELDOM = 45
"""Days that a rep with the longest interval, leave and a manager on leave may be without a 1:1 on average."""


def broken(year: Year) -> list[str]:
    """Return a line for each promise that doesn't hold."""
    return [
        *_said_twice(year),
        *_begun_at_the_right_time(year),
        *_apart(year),
        *_before_each(year),
        *_each_week(year),
        *_awake(year),
    ]


@cache
def _public(country: str | None, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year)) if country else frozenset()


def works(year: Year, person: PersonId, day: date, *, known_by: date = date.max) -> bool:
    """Whether somebody works on a day, after all leave that they have announced by another."""
    off = any(first <= day <= last and first - NOTICE <= known_by for first, last in year.leave[person])
    return day.weekday() < 5 and not off and day not in _public(year.people[person].country, day.year)


def instants(day: date, at: time, zone: str) -> list[datetime]:
    """Return the instants at which clocks read a wall time on a day: none in a gap, two where it is repeated.

    Found by trying every offset that the zone has around that day.
    """
    noon = datetime.combine(day, time(12), UTC)
    rules = ZoneInfo(zone)
    offsets = {(noon + timedelta(hours=hours)).astimezone(rules).utcoffset() for hours in range(-40, 41)}
    wanted = datetime.combine(day, at)
    tried = sorted((wanted - offset).replace(tzinfo=UTC) for offset in offsets if offset is not None)
    return [moment for moment in tried if moment.astimezone(rules).replace(tzinfo=None) == wanted]


def first_instant(day: date, at: time, zone: str) -> datetime:
    """Return the first instant of a wall time; of one that is skipped the one later by as much as clocks skip."""
    there = instants(day, at, zone)
    if there:
        return there[0]
    rules = ZoneInfo(zone)
    moment = datetime.combine(day, time(12), UTC) - timedelta(hours=40)
    offset = moment.astimezone(rules).utcoffset()
    while (moment + MINUTE).astimezone(rules).replace(tzinfo=None) <= datetime.combine(day, at):
        moment += MINUTE
        offset = moment.astimezone(rules).utcoffset()
    assert offset is not None
    return (datetime.combine(day, at) - offset).replace(tzinfo=UTC)


def _said_twice(year: Year) -> Iterator[str]:
    for key, times in Counter(post.key for post in year.posts).items():
        if times > 1:
            yield f"{key} was posted {times} times"


def _begun_at_the_right_time(year: Year) -> Iterator[str]:
    for meeting in year.meetings.values():
        planned, times = meeting.appointment, year.begun[meeting.id]
        if len(times) > 1:
            yield f"{meeting.id} began {len(times)} times"
        if planned.starts_at != first_instant(planned.day, planned.at, planned.zone):
            yield f"{meeting.id} is at {planned.starts_at} and not at {planned.at} in {planned.zone} on {planned.day}"
        if times and times[0] != planned.starts_at:
            yield f"{meeting.id} began at {times[0]} and not at {planned.starts_at}"
        if times and not (works(year, meeting.rep, _day(year, meeting.rep, times[0]))):
            yield f"{meeting.id} is on a day off of {meeting.rep}"
        if times and not works(year, meeting.manager, _day(year, meeting.manager, times[0])):
            yield f"{meeting.id} is on a day off of {meeting.manager}"


def _apart(year: Year) -> Iterator[str]:
    """A held 1:1 and the next one that began are 7 to 31 days apart, or more when the month left no day for it."""
    for rep, meetings in _by_rep(year):
        begun = [one for one in meetings if year.begun[one.id]]
        if len(begun) < (year.ends - year.begins).days // SELDOM:
            yield f"{rep} had only {len(begun)} 1:1s"
        for before, after in pairwise(one for one in meetings if year.begun[one.id]):
            days = (after.appointment.day - before.appointment.day).days
            if before.id in year.held and (days < WEEK or (days > MONTH and _had_a_day(year, before, after))):
                yield f"{rep} met on {before.appointment.day} and next on {after.appointment.day}"


def _had_a_day(year: Year, before: Meeting, after: Meeting) -> bool:
    """Whether, when the later 1:1 got its time, the month still had one in the manager's hours at which both work.

    Both work on a day before it, too, on which they read the agenda. What is taken by others isn't looked at.
    """
    assert after.planned_at is not None
    days = (before.appointment.day + number * DAY for number in range(WEEK, MONTH + 1))
    return any(_is_possible(year, after, day, after.planned_at) for day in days)


def _is_possible(year: Year, meeting: Meeting, day: date, since: datetime) -> bool:
    hours, zone = year.hours[meeting.manager], year.zone(meeting.manager, since)
    if day.weekday() not in hours.weekdays:
        return False
    opens, closes = (datetime.combine(day, at) for at in (hours.opens, hours.closes))
    starts = (opens + number * MINUTE for number in range(0, (closes - opens) // MINUTE - hours.minutes + 1, 30))
    return any(_may_meet(year, meeting, first_instant(day, at.time(), zone), since) for at in starts)


def _may_meet(year: Year, meeting: Meeting, at: datetime, since: datetime) -> bool:
    for person in (meeting.rep, meeting.manager):
        rules = ZoneInfo(year.zone(person, since))
        today, day = since.astimezone(rules).date(), at.astimezone(rules).date()
        if not works(year, person, day, known_by=today):
            return False
        if not any(works(year, person, today + number * DAY, known_by=today) for number in range((day - today).days)):
            return False
    return True


def _before_each(year: Year) -> Iterator[str]:
    """The questions come two working days before a 1:1, the agenda one, at nine by the reader's own clocks."""
    posts = {post.key: post for post in year.posts}
    for meeting in year.meetings.values():
        if not year.begun[meeting.id]:
            continue
        for key, reader, days in (
            (f"prompt:{meeting.id}:{meeting.rep}", meeting.rep, 2),
            (f"pre_read:{meeting.id}:{meeting.rep}", meeting.rep, 1),
            (f"pre_read:{meeting.id}:{meeting.manager}", meeting.manager, 1),
        ):
            post = posts.get(key)
            if post is None:
                yield f"{key} was never posted"
            else:
                yield from _in_the_morning(year, meeting, post, reader, days)


def _in_the_morning(year: Year, meeting: Meeting, post: Post, reader: PersonId, days: int) -> Iterator[str]:
    due = wanted = _morning(year, meeting, reader, days, post.at)
    if meeting.appointment.starts_at - due > STALE and days > 1:  # then the questions come with the agenda
        wanted = min(_morning(year, meeting, one, 1, post.at) for one in (meeting.rep, meeting.manager))
        due = _when_awake(year, reader, wanted)  # the other of the two may be far ahead of the reader's morning
    moved_since = any(due - 5 * DAY < since <= post.at for since, _ in year.zones[reader][1:])
    # What is planned after that instant says at once what it still can.
    if meeting.planned_at is not None and meeting.planned_at < wanted and not moved_since and post.at != due:
        yield f"{post.key} came at {post.at} and was due at {due}"


def _when_awake(year: Year, reader: PersonId, at: datetime) -> datetime:
    """Return an instant of the reader's working hours as it is, and of any other the next nine in the morning."""
    zone = year.zone(reader, at)
    local = at.astimezone(ZoneInfo(zone))
    if time(8) <= local.time() < time(18) and works(year, reader, local.date()):
        return at
    day = local.date() + (DAY if local.time() >= NINE else timedelta())
    while not works(year, reader, day):
        day += DAY
    return first_instant(day, NINE, zone)


def _morning(year: Year, meeting: Meeting, reader: PersonId, days: int, at: datetime) -> datetime:
    """Return nine in the morning so many working days of both before a 1:1, where the reader is at an instant."""
    zone = year.zone(reader, at)
    day = meeting.appointment.starts_at.astimezone(ZoneInfo(zone)).date()
    while days:
        day -= DAY
        days -= works(year, meeting.rep, day) and works(year, meeting.manager, day)
    return first_instant(day, NINE, zone)


def _each_week(year: Year) -> Iterator[str]:
    """Whoever has a goal is asked once a week, at nine on Monday or on the first working day after it."""
    asked = {post.key: post for post in year.posts if post.kind == "reminder"}
    for rep, since in year.goals.items():
        monday = since.astimezone(ZoneInfo(year.zone(rep, since))).date()
        monday += timedelta(days=7 - monday.weekday())
        while datetime.combine(monday + 8 * DAY, NINE, UTC) < year.ends:
            day = next(monday + late * DAY for late in range(60) if works(year, rep, monday + late * DAY))
            post = asked.pop(f"reminder:{monday}:{rep}", None)
            moves = [moved for moved, _ in year.zones[rep][1:] if abs(moved.date() - day) <= 2 * DAY]
            if post is None and day < monday + 7 * DAY:
                yield f"{rep} wasn't asked in the week of {monday}"
            if post is not None and not moves:
                due = first_instant(day, NINE, year.zone(rep, post.at))
                if post.at != due:
                    yield f"{post.key} came at {post.at} and was due at {due}"
            monday += 7 * DAY


def _awake(year: Year) -> Iterator[str]:
    """Nobody is written to at night or on a day off, but about the 1:1 that begins or that they just closed."""
    for post in year.posts:
        if post.kind in {"course", "closing", "fork", "home"}:
            continue
        local = post.at.astimezone(ZoneInfo(year.zone(post.to, post.at)))
        if not time(8) <= local.time() < time(18) or not works(year, post.to, local.date()):
            yield f"{post.key} came at {local}"


def _day(year: Year, person: PersonId, at: datetime) -> date:
    return at.astimezone(ZoneInfo(year.zone(person, at))).date()


def _by_rep(year: Year) -> Iterator[tuple[PersonId, list[Meeting]]]:
    for rep, person in year.people.items():
        if person.manager_id is not None:
            theirs = [one for one in year.meetings.values() if one.rep == rep]
            yield rep, sorted(theirs, key=lambda one: one.appointment.starts_at)
