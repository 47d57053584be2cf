"""The 1:1s with their agendas."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bot.coaching.meeting import Meeting, MeetingId, MeetingState
from bot.coaching.pre_read import PreRead
from bot.coaching.records import PersonId


class Meetings(Protocol):
    async def get(self, meeting: MeetingId, *, lock: bool = False) -> Meeting | None: ...
    async def locked_open(self, meetings: Collection[MeetingId]) -> frozenset[MeetingId]:
        """Lock those of many that are open once nobody else has them; returns which they are."""

    async def add(self, meeting: Meeting) -> None: ...
    async def save(self, meeting: Meeting, *, was: Meeting) -> bool:
        """Compare-and-set on state and version; saves with version + 1. False: somebody else was faster."""

    async def exist(self) -> bool:
        """Whether any 1:1 was ever planned."""

    async def open_of(self, rep: PersonId) -> Meeting | None: ...
    async def all_open(self) -> tuple[Meeting, ...]:
        """Everybody's, by starting instant."""

    async def last_held(self, rep: PersonId) -> Meeting | None: ...
    async def of_rep(self, rep: PersonId) -> tuple[Meeting, ...]:
        """All, newest first."""

    async def latest_of(self, event: str) -> Meeting | None:
        """What became last of the 1:1 that calendars know by ``event``, however often it moved."""

    async def of_manager(self, manager: PersonId, *, states: frozenset[MeetingState]) -> tuple[Meeting, ...]:
        """By starting instant."""

    async def with_person(self, person: PersonId, since: datetime) -> tuple[Meeting, ...]:
        """Those of a rep or a manager that start at or after an instant, in whatever state, by starting instant."""

    async def freeze_agenda(self, meeting: MeetingId, agenda: PreRead) -> None: ...
    async def agenda(self, meeting: MeetingId) -> PreRead | None: ...
    async def last_agenda(self, rep: PersonId) -> PreRead | None:
        """The frozen agenda of the rep's latest 1:1 that has one."""
