"""The manager's word on what became of a 1:1: held or excused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.coaching.commitment import GoalState
from bot.coaching.meeting import OPEN_STATES, Appointment, Meeting, MeetingId, MeetingState
from bot.coaching.said import say
from bot.errors import BadFieldsError, StaleError
from bot.services import access
from bot.services.cadences import Cadences
from bot.services.ended import still_open
from bot.services.forks import Forks
from bot.services.office import Office
from bot.services.planning import Planning
from bot.services.ports import DutyKind, Transaction
from bot.services.posting import show_approval, show_course, show_prompt, tell
from bot.services.publication import Publication
from bot.views import closing as view
from bot.views.speaking import said_to


class Closing:
    def __init__(
        self, office: Office, cadences: Cadences, planning: Planning, forks: Forks, publication: Publication
    ) -> None:
        self._office = office
        self._cadences = cadences
        self._planning = planning
        self._forks = forks
        self._publication = publication

    async def held(self, meeting_id: MeetingId, user: str) -> None:
        """Close as held; the cadence is computed anew and the next 1:1 planned. Twice is the same as once."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            meeting = await access.managed_meeting(tx, asker, meeting_id)
            if meeting.state is MeetingState.HELD:
                return
            closed = await self.close(tx, meeting, MeetingState.HELD, "")
            rep = await access.person_or_refuse(tx, closed.rep)
            await self._cadences.recompute(tx, rep)
            await self._planning.plan(tx, rep)
            await show_course(tx, closed, self._office.clock.now())  # once more, with the next date

    async def excuse(self, meeting_id: MeetingId, user: str, reason: str) -> None:
        """Close as excused with a reason both can read, and plan the next."""
        if not reason.strip():
            raise BadFieldsError({"reason": say("Say why, in words the rep can read too.")})
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            meeting = await access.managed_meeting(tx, asker, meeting_id)
            if meeting.state is MeetingState.EXCUSED and meeting.closing_words == reason.strip():
                return
            closed = await self.close(tx, meeting, MeetingState.EXCUSED, reason.strip())
            await self._forks.withdraw_open(tx, closed, say("The 1:1 was excused; this comes again with the next one."))
            rep = await access.person_or_refuse(tx, closed.rep)
            following = await self._planning.plan(tx, rep, after=closed.appointment.day)
            await self.tell_excused(tx, closed, following)

    async def form(self, meeting_id: MeetingId, user: str) -> dict[str, Any]:
        """Return the modal that asks for the reason of an excuse."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            return view.excuse_modal(still_open(await access.managed_meeting(tx, asker, meeting_id)))

    async def ask_again(self, tx: Transaction, meeting: Meeting) -> None:
        """Ask, the next working morning, what became of a 1:1 that nobody closed."""
        if meeting.state in OPEN_STATES:
            await tx.outbox.withdraw(f"closing:{meeting.id}:{meeting.manager}")
            rep = await access.person_or_refuse(tx, meeting.rep)
            manager = await access.person_or_refuse(tx, meeting.manager)
            when = await self._office.at_work(tx, manager)
            message = said_to(manager, view.still_open, meeting, rep)
            await tell(tx, manager, "still_open", f"still_open:{meeting.id}", message, when)

    async def lapse(self, tx: Transaction, meeting: Meeting) -> None:
        """Count a 1:1 that stayed unclosed as missed, and plan the next: held is never assumed."""
        if meeting.state in OPEN_STATES:
            closed = await self.close(tx, meeting, MeetingState.MISSED, say("Nobody said whether it was held."))
            await self._forks.withdraw_open(tx, closed, say("The 1:1 wasn't held; this comes again with the next one."))
            await self._planning.plan(tx, await access.person_or_refuse(tx, closed.rep))

    async def close(
        self,
        tx: Transaction,
        meeting: Meeting,
        state: MeetingState,
        words: str,
        *,
        moved_to: Appointment | None = None,
    ) -> Meeting:
        """End an open 1:1 with all that would still fall due for it. Raises StaleError when it is closed already."""
        still_open(meeting)
        now = self._office.clock.now()
        closed = replace(meeting, state=state, closed_at=now, closing_words=words)
        if not await tx.meetings.save(closed, was=meeting):
            raise StaleError(say("This 1:1 changed at the same moment. Its message shows how it stands now."))
        await tx.duties.withdraw(meeting.id, frozenset(DutyKind))
        await self._ask_outside(tx, closed)
        await self._show_record(tx, closed, moved_to)
        return closed

    async def _ask_outside(self, tx: Transaction, closed: Meeting) -> None:
        """Ask the manager about what wasn't approved in the 1:1 itself."""
        if (await access.person_or_refuse(tx, closed.rep)).active:
            for goal in await tx.goals.of_meeting(closed.id):
                if goal.state is GoalState.ACCEPTED:
                    await show_approval(self._office, tx, goal)

    async def tell_excused(self, tx: Transaction, meeting: Meeting, following: Meeting | None) -> None:
        """Tell the rep that a 1:1 is left out, why, and when the next one is."""
        rep = await access.person_or_refuse(tx, meeting.rep)
        manager = await access.person_or_refuse(tx, meeting.manager)
        message = said_to(rep, view.excused, meeting, following, rep, manager)
        await tell(tx, rep, "excused", f"excused:{meeting.id}", message, await self._office.at_work(tx, rep))

    async def _show_record(self, tx: Transaction, closed: Meeting, moved_to: Appointment | None) -> None:
        """Rewrite what was said of the 1:1 into a record; nothing is said of it that wasn't before."""
        now = self._office.clock.now()
        for waits in (
            _questions(closed) if closed.state is MeetingState.HELD else (*_questions(closed), *_course(closed))
        ):
            await tx.outbox.withdraw(waits)  # for somebody's morning, and rewriting would bring it forward
        await show_course(tx, closed, now, moved_to=moved_to)
        if closed.state is not MeetingState.HELD:
            await self._publication.rewrite(tx, closed)
        asked_again = f"still_open:{closed.id}:{closed.manager}"
        rep = await access.person_or_refuse(tx, closed.rep)
        manager = await access.person_or_refuse(tx, closed.manager)
        if await tx.outbox.exists(asked_again):
            record = said_to(manager, view.still_open, closed, rep, moved_to)
            await tell(tx, manager, "still_open", f"still_open:{closed.id}", record, now)
        if await tx.outbox.exists(f"prompt:{closed.id}:{closed.rep}"):
            await show_prompt(tx, closed, now)


def _questions(meeting: Meeting) -> tuple[str, ...]:
    """Return under which keys the two were asked something about a 1:1 that is of no use once it is closed."""
    return f"prompt:{meeting.id}:{meeting.rep}", f"still_open:{meeting.id}:{meeting.manager}"


def _course(meeting: Meeting) -> tuple[str, ...]:
    """Return under which keys the two have the course of a 1:1, of no use when it wasn't held."""
    return f"course:{meeting.id}:{meeting.rep}", f"closing:{meeting.id}:{meeting.manager}"
