"""A 1:1 and the states it passes through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import NewType

from bot.coaching.records import PersonId

MeetingId = NewType("MeetingId", str)


class MeetingState(StrEnum):
    PLANNED = "planned"
    PROMPTED = "prompted"
    PUBLISHED = "published"
    STARTED = "started"
    HELD = "held"
    MISSED = "missed"
    MOVED = "moved"
    EXCUSED = "excused"


OPEN_STATES = frozenset(
    {MeetingState.PLANNED, MeetingState.PROMPTED, MeetingState.PUBLISHED, MeetingState.STARTED},
)

TRANSITIONS: dict[MeetingState, frozenset[MeetingState]] = {
    state: frozenset(
        {MeetingState.HELD, MeetingState.MISSED, MeetingState.MOVED, MeetingState.EXCUSED}
        | {later for later in OPEN_STATES if list(MeetingState).index(later) > list(MeetingState).index(state)},
    )
    for state in OPEN_STATES
}
"""Where each state may go; a state that is not a key is final."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A wall time on a day in a zone, which is the truth, and the one instant it stands for (aware, UTC)."""

    day: date
    at: time
    zone: str
    starts_at: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """One 1:1 of one rep. ``due`` is the day it was planned for; a move by people keeps it.

    ``interval`` is the cadence in days by which it was planned, None where that wasn't kept. ``occurrence`` stays the
    same when it moves: it is the id of the first, and "" stands for the own; ``sequence`` counts the moves so far.
    ``answers`` are the rep's own, topic to words; ``agenda`` is the pre-read frozen at publication.
    """

    id: MeetingId
    rep: PersonId
    manager: PersonId
    state: MeetingState
    due: date
    appointment: Appointment
    version: int = 1
    answers: tuple[tuple[str, str], ...] = ()
    answered_at: datetime | None = None
    published_at: datetime | None = None
    closed_at: datetime | None = None
    closing_words: str = ""
    interval: int | None = None
    occurrence: str = ""
    sequence: int = 0
    planned_at: datetime | None = None

    @property
    def event(self) -> str:
        """What a calendar knows it by, however often it moves."""
        return self.occurrence or self.id
