"""Asks the rep before the 1:1, and keeps what the rep answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.coaching.commitment import HELD_BY_REP
from bot.coaching.meeting import OPEN_STATES, Meeting, MeetingId, MeetingState
from bot.coaching.said import say
from bot.errors import StaleError
from bot.services import access
from bot.services.office import HOUR, Office
from bot.services.ports import Transaction
from bot.services.posting import show_prompt
from bot.services.publication import Publication
from bot.views import prompts as view

CLOSED = {
    MeetingState.HELD: say(
        "This 1:1 is closed (held); its questions can't be answered any more. /1on1 shows the next."
    ),
    MeetingState.EXCUSED: say(
        "This 1:1 is closed (excused); its questions can't be answered any more. /1on1 shows the next."
    ),
    MeetingState.MOVED: say(
        "This 1:1 is closed (moved); its questions can't be answered any more. /1on1 shows the next."
    ),
    MeetingState.MISSED: say(
        "This 1:1 is closed (missed); its questions can't be answered any more. /1on1 shows the next."
    ),
}


class Prompts:
    def __init__(self, office: Office, publication: Publication) -> None:
        self._office = office
        self._publication = publication

    async def prompt(self, tx: Transaction, meeting: Meeting) -> None:
        """Ask the rep, two working days before; late, but not when the 1:1 has begun."""
        now = self._office.clock.now()
        if meeting.state is MeetingState.PLANNED:
            prompted = replace(meeting, state=MeetingState.PROMPTED)
            if await tx.meetings.save(prompted, was=meeting) and now < meeting.appointment.starts_at:
                rep = await access.person_or_refuse(tx, meeting.rep)
                latest = meeting.appointment.starts_at - HOUR
                await show_prompt(tx, prompted, await self._office.at_work(tx, rep, latest=latest))

    async def open(self, meeting_id: MeetingId, user: str) -> dict[str, Any]:
        """Return the modal with the three topics and the last goals, filled in with what was answered before.

        Raises NotAllowedError for anybody but the rep, StaleError once the 1:1 is closed.
        """
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            meeting = _still_open(await access.own_meeting(tx, asker, meeting_id))
            manager = await access.person_or_refuse(tx, meeting.manager)
            goals = await tx.goals.of_rep(asker.id, states=HELD_BY_REP)
            return view.modal(meeting, manager, goals)

    async def answer(self, meeting_id: MeetingId, user: str, answers: tuple[tuple[str, str], ...]) -> None:
        """Keep the answers; the last ones count. Late ones are kept too and marked in the manager's agenda."""
        now = self._office.clock.now()
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            meeting = _still_open(await access.own_meeting(tx, asker, meeting_id))
            answered = replace(meeting, answers=answers, answered_at=now)
            if not await tx.meetings.save(answered, was=meeting):
                raise StaleError(
                    say("This 1:1 changed while you were writing. Open the questions again and save once more.")
                )
            await show_prompt(tx, answered, now)
            await self._publication.rewrite(tx, answered)


def _still_open(meeting: Meeting) -> Meeting:
    if meeting.state in OPEN_STATES:
        return meeting
    raise StaleError(CLOSED[meeting.state])
