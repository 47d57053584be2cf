"""How steadily the 1:1s are held: the leader is held to it first (specification, section 9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.coaching.meeting import Meeting, MeetingState
from bot.coaching.records import PersonId
from bot.coaching.said import Said, say, say_many
from bot.coaching.settings import DEFAULTS, Settings
from bot.coaching.wording import half_up

ON_TIME, LATE, NOT_HELD = 1.0, 0.5, 0.0
CLOSED = frozenset({MeetingState.HELD, MeetingState.MISSED, MeetingState.EXCUSED})


@dataclass(frozen=True, slots=True)
class Consistency:
    """``value`` is a share of 0..1 in which newer 1:1s weigh more, None while under three have been ``counted``.

    ``held_on_time`` are those held on time, ``streak`` the ones on time in a row, newest first.
    """

    value: float | None
    held_on_time: int
    counted: int
    streak: int
    sentence: str

    @property
    def percent(self) -> int | None:
        return None if self.value is None else half_up(100 * self.value)


@dataclass(frozen=True, slots=True)
class OneOnOne:
    """A 1:1 that came to an end, however often it was moved: due on ``due``, the one after it ``interval`` days later.

    ``held`` is the day it was held, None if it was missed.
    """

    due: date
    interval: int
    held: date | None


def consistency(
    meetings: Iterable[Meeting],
    interval: int,
    today: date,
    settings: Settings = DEFAULTS,
) -> Consistency:
    """Return how steadily one rep's 1:1s were held. ``meetings`` are all of the rep's, in any order.

    ``interval`` is today's cadence in days; it stands in only where the record doesn't show what the cadence was.
    A 1:1 is due on the day it was planned for, which a move by people keeps: it is still the
    same 1:1. It counts once it is closed: until then nothing says that it wasn't held. Held before its day is on
    time. Where the manager changed, only the 1:1s with the rep's present manager count.
    """
    return _consistency(_closed(tuple(meetings), interval, settings), today, settings)


def team_consistency(
    meetings: Iterable[Meeting],
    intervals: Mapping[PersonId, int],
    today: date,
    settings: Settings = DEFAULTS,
) -> Consistency:
    """Return how steadily a manager's 1:1s with all reps were held; ``intervals`` are each rep's days of cadence.

    Only reps with an interval count. The rest is as for one rep.
    """
    of_rep: dict[PersonId, list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        of_rep[meeting.rep].append(meeting)
    closed = [
        one_on_one
        for rep, interval in intervals.items()
        for one_on_one in _closed(tuple(of_rep[rep]), interval, settings)
    ]
    return _consistency(closed, today, settings)


def score(one_on_one: OneOnOne, settings: Settings = DEFAULTS) -> float:
    """Return 1 for a 1:1 held on time, .5 for one held before the next was due, else 0."""
    if one_on_one.held is None:
        return NOT_HELD
    late = (one_on_one.held - one_on_one.due).days
    weekly = one_on_one.interval <= settings.cadence_steps[0]
    if late <= (settings.on_time_days_weekly if weekly else settings.on_time_days):
        return ON_TIME
    return LATE if late < one_on_one.interval else NOT_HELD


def _consistency(closed: Iterable[OneOnOne], today: date, settings: Settings) -> Consistency:
    # Of two due on one day, the one not on time stands first, so that no order of the records makes a streak longer.
    newest_first = sorted(
        ((one.due, score(one, settings)) for one in closed), key=lambda one: (-one[0].toordinal(), one[1])
    )
    counted = len(newest_first)
    on_time = [points == ON_TIME for _, points in newest_first]
    streak = next((place for place, kept in enumerate(on_time) if not kept), counted)
    value = None
    if counted >= settings.consistency_min:
        weights = [2 ** (-max(0, (today - due).days) / settings.half_life_days) for due, _ in newest_first]
        points = (weight * points for weight, (_, points) in zip(weights, newest_first, strict=True))
        value = min(1.0, sum(points) / sum(weights))
    held = sum(on_time)
    return Consistency(value, held, counted, streak, _sentence(held, counted, streak, settings))


def _sentence(held: int, counted: int, streak: int, settings: Settings) -> Said:
    if counted < settings.consistency_min:
        so_far = say_many("only one of our 1:1s has come and gone", "only {n} of our 1:1s have come and gone", counted)
        if not counted:
            so_far = say("none of our 1:1s has come and gone yet")
        return say(
            "It's too early to say how steadily we meet: {so_far}, and it takes {least}.",
            so_far=so_far,
            least=settings.consistency_min,
        )
    if streak > 1:
        return say(
            "We've held {held} of {counted} on time, {streak} in a row.", held=held, counted=counted, streak=streak
        )
    return say("We've held {held} of {counted} on time.", held=held, counted=counted)


def _closed(meetings: tuple[Meeting, ...], interval: int, settings: Settings) -> Iterator[OneOnOne]:
    """Yield one rep's 1:1s that were held or missed; excused ones are left out."""
    if not meetings:
        return
    manager = max(meetings, key=lambda meeting: meeting.appointment.starts_at).manager
    held_days = [meeting.appointment.day for meeting in meetings if meeting.state is MeetingState.HELD]
    of_due: dict[date, list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        if meeting.manager == manager:
            of_due[meeting.due].append(meeting)
    for due, group in of_due.items():
        kept = next((meeting.interval for meeting in group if meeting.interval is not None), None)
        known = kept or _interval(due, held_days, settings) or interval
        day: date | None = due
        for meeting in sorted(group, key=_ended):
            # After a missed or excused 1:1 the next one carries the same due day: nothing was held in between.
            day = day or meeting.appointment.day
            if meeting.state in CLOSED:
                if meeting.state is not MeetingState.EXCUSED:
                    yield OneOnOne(day, known, meeting.appointment.day if meeting.state is MeetingState.HELD else None)
                day = None


def _interval(due: date, held_days: Iterable[date], settings: Settings) -> int | None:
    """Return the cadence of a 1:1 that doesn't keep it itself: it was due one interval after the last one held.

    None if none is known.
    """
    before = [day for day in held_days if day < due]
    days = (due - max(before)).days if before else None
    return days if days in settings.cadence_steps else None


def _ended(meeting: Meeting) -> datetime:
    """Order the meetings of one due day: each is closed before the one after it is planned."""
    return meeting.closed_at or meeting.appointment.starts_at
