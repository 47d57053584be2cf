"""Keeps each 1:1 at its wall time when the rules of a zone change, as a new tzdata brings them."""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.coaching.meeting import Meeting
from bot.coaching.rhythm.wall_time import appointment
from bot.coaching.said import say
from bot.errors import StaleError
from bot.services import access
from bot.services.absence import NOT_BEGUN
from bot.services.office import Office
from bot.services.ports import Transaction
from bot.services.posting import show_prompt, show_schedule
from bot.services.publication import Publication
from bot.views.moving import clocks_changed

log = logging.getLogger(__name__)


class Clocks:
    def __init__(self, office: Office, publication: Publication) -> None:
        self._office = office
        self._publication = publication

    def are_right(self, meeting: Meeting) -> bool:
        """Return whether a 1:1 begins when its zone's clocks read its time, by the rules this process knows.

        One that has begun stays as it is.
        """
        before = meeting.appointment
        if meeting.state not in NOT_BEGUN or before.starts_at <= self._office.clock.now():
            return True
        return appointment(before.day, before.at, before.zone, before.minutes) == before

    async def set(self, tx: Transaction, meeting: Meeting) -> Meeting:
        """Let a 1:1 begin when its clocks read its time, and rewrite what was said of it; returns it as it is then."""
        if self.are_right(meeting):
            return meeting
        before = meeting.appointment
        now_at = appointment(before.day, before.at, before.zone, before.minutes)
        moved = replace(meeting, appointment=now_at, sequence=meeting.sequence + 1)
        if not await tx.meetings.save(moved, was=meeting):
            raise StaleError(say("This 1:1 changed at the same moment. Its message shows how it stands now."))
        moved = replace(moved, version=meeting.version + 1)
        log.info("plan.clocks_changed", extra={"key": f"meeting:{meeting.id}", "place": before.zone})
        await self._show(tx, moved)
        return moved

    async def _show(self, tx: Transaction, meeting: Meeting) -> None:
        rep = await access.person_or_refuse(tx, meeting.rep)
        manager = await access.person_or_refuse(tx, meeting.manager)
        decision = await tx.cadences.latest(rep.id)
        for reader in (rep, manager):
            key = f"next:{rep.id}:{reader.id}"
            if await tx.outbox.exists(key):
                posted = await tx.outbox.is_posted(key)
                due = self._office.clock.now() if posted else await self._office.at_work(tx, reader)
                sentence = "" if decision is None else decision.sentence
                await show_schedule(tx, meeting, reader, sentence, due, clocks_changed(meeting))
        if await tx.outbox.exists(f"prompt:{meeting.id}:{rep.id}"):
            await show_prompt(tx, meeting, self._office.clock.now())
        await self._publication.rewrite(tx, meeting)
