"""Publishes the agenda of a 1:1 to both sides, one working day before, and freezes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.coaching.build_pre_read import Rhythm, build_pre_read
from bot.coaching.meeting import Meeting, MeetingId, MeetingState
from bot.coaching.numbers import numbers_of
from bot.coaching.pre_read import PreRead
from bot.coaching.records import Person
from bot.errors import StaleError
from bot.services import access
from bot.services.office import Office, local_day
from bot.services.ports import Transaction
from bot.services.posting import tell
from bot.views import pre_read as view

FIRST_RHYTHM = Rhythm(interval=14)
"""What is assumed for a rep whose cadence was never computed."""


class Publication:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def publish(self, tx: Transaction, meeting: Meeting) -> None:
        """Freeze the agenda and send it to rep and manager."""
        if meeting.state not in (MeetingState.PLANNED, MeetingState.PROMPTED):
            return
        now = self._office.clock.now()
        published = replace(meeting, state=MeetingState.PUBLISHED, published_at=now)
        if not await tx.meetings.save(published, was=meeting):
            return
        rep = await access.person_or_refuse(tx, meeting.rep)
        agenda = await self.agenda(tx, rep, meeting.appointment.day, meeting.appointment.minutes)
        await tx.meetings.freeze_agenda(meeting.id, agenda)
        await self.show(tx, published)

    async def show(self, tx: Transaction, meeting: Meeting, changes: tuple[str, ...] = ()) -> None:
        """Bring both copies up to date; the numbers are the frozen ones, what changed since is marked."""
        agenda = await tx.meetings.agenda(meeting.id)
        if agenda is None:
            return
        now = self._office.clock.now()
        rep = await access.person_or_refuse(tx, meeting.rep)
        manager = await access.person_or_refuse(tx, meeting.manager)
        lasts = max(meeting.appointment.starts_at - now, timedelta(hours=1))
        for reader in (rep, manager):
            message = view.pre_read(
                agenda,
                meeting,
                reader,
                rep,
                manager,
                answers_shown=reader.id == manager.id,
                changes=changes,
            )
            await tell(tx, reader, "pre_read", f"pre_read:{meeting.id}", message, now, lasts=lasts)

    async def how(self, meeting_id: MeetingId, user: str) -> dict[str, Any]:
        """Return the modal that says how each number came about, for the two who hold the 1:1."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            meeting = await access.shared_meeting(tx, asker, meeting_id)
            agenda = await tx.meetings.agenda(meeting.id)
            if agenda is None:
                raise StaleError("The agenda of this 1:1 isn't published yet. It comes one working day before.")
            return view.how(agenda)

    async def agenda(self, tx: Transaction, rep: Person, meeting_day: date | None, minutes: int) -> PreRead:
        """Compute the agenda as of the rep's today."""
        book = await self._office.shelf.book(tx, local_day(self._office.clock.now(), rep))
        cadence = await tx.cadences.latest(rep.id)
        rhythm = FIRST_RHYTHM if cadence is None else Rhythm(cadence.interval, cadence.trend, cadence.sentence)
        return build_pre_read(
            numbers_of(book, rep),
            await tx.goals.of_rep(rep.id),
            self._office.playbook,
            rhythm=rhythm,
            minutes=minutes,
            meeting_day=meeting_day or book.as_of + timedelta(days=rhythm.interval),
            previous=await tx.meetings.last_agenda(rep.id),
        )
