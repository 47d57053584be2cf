"""Decides when each rep and manager meet, and what falls due around it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.coaching.cadence import CadenceDecision, cadence_for
from bot.coaching.meeting import OPEN_STATES, Appointment, Meeting, MeetingId, MeetingState
from bot.coaching.placement import (
    Constraints,
    Diary,
    NoSlotError,
    Pairing,
    choose_standing,
    free_slots,
    place,
    place_first,
)
from bot.coaching.records import Person, PersonId
from bot.coaching.wall_time import instant, span
from bot.coaching.working_days import next_working_day, working_days_before
from bot.services.access import person_or_refuse
from bot.services.office import Office, local_day, new_id
from bot.services.ports import Duty, DutyKind, Standing, Transaction
from bot.services.posting import tell
from bot.views import closing as view

MORNING = time(9)
LAPSE_AFTER = 3
"""Working days a 1:1 may stand unclosed before it counts as missed: held is never assumed."""


class Planning:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def plan(self, tx: Transaction, rep: Person) -> Meeting | None:
        """Plan the rep's next 1:1 unless there is one. None: there is one, or somebody can't be reached in Slack."""
        manager = await self._partner(tx, rep)
        if manager is None or await tx.meetings.open_of(rep.id) is not None:
            return None
        decision = await tx.cadences.latest(rep.id) or await self.recompute(tx, rep)
        standing = await self._standing(tx, rep, manager)
        constraints = await self._constraints(tx, rep, manager)
        last = await tx.meetings.last_held(rep.id)
        now = self._office.clock.now()
        pairing = _pairing(standing)
        if last is None:
            appointment = place_first(pairing, constraints, interval=decision.interval, now=now)
            due = appointment.day
        else:
            held = last.appointment.day
            due = held + timedelta(days=decision.interval)
            try:
                appointment = place(pairing, constraints, last_held=held, interval=decision.interval, now=now)
            except NoSlotError:
                # A month went by without a free day of both: it starts afresh, as soon as can be.
                appointment = place_first(pairing, constraints, interval=decision.interval, now=now)
        return await self.book(tx, rep, manager, appointment, due)

    async def book(
        self,
        tx: Transaction,
        rep: Person,
        manager: Person,
        appointment: Appointment,
        due: date,
        answers: tuple[tuple[str, str], ...] = (),
        answered_at: datetime | None = None,
    ) -> Meeting:
        """Write a planned 1:1 with everything that falls due around it, and tell both."""
        meeting = Meeting(
            id=MeetingId(new_id("m")),
            rep=rep.id,
            manager=manager.id,
            state=MeetingState.PLANNED,
            due=due,
            appointment=appointment,
            answers=answers,
            answered_at=answered_at,
        )
        await tx.meetings.add(meeting)
        off = await self._office.days_off(tx, rep, manager)
        morning_after = instant(next_working_day(appointment.day, off), MORNING, manager.timezone)
        lapse_day = appointment.day
        for _ in range(LAPSE_AFTER):
            lapse_day = next_working_day(lapse_day, off)
        due_at = {
            DutyKind.PROMPT: instant(working_days_before(appointment.day, 2, off), MORNING, rep.timezone),
            DutyKind.PUBLISH: instant(working_days_before(appointment.day, 1, off), MORNING, rep.timezone),
            DutyKind.START: appointment.starts_at,
            DutyKind.ASK_TO_CLOSE: morning_after,
            DutyKind.LAPSE: instant(lapse_day, time(17), manager.timezone),
        }
        for kind, when in due_at.items():
            await tx.duties.put(Duty(key=f"{kind}:{meeting.id}", kind=kind, subject=meeting.id, due_at=when))
        await self._announce(tx, meeting, rep, manager)
        return meeting

    async def recompute(self, tx: Transaction, rep: Person) -> CadenceDecision:
        """Compute the rep's cadence as of the rep's today and keep it with its reasons."""
        today = local_day(self._office.clock.now(), rep)
        book = await self._office.shelf.book(tx, today)
        decision = cadence_for(
            book.grounds.of(rep.id),
            book.records,
            await tx.cadences.latest(rep.id),
            today,
            self._office.maths,
            stages=len(self._office.playbook.stages),
            feed=book.feed,
        )
        await tx.cadences.add(rep.id, decision)
        return decision

    async def slots(self, tx: Transaction, meeting: Meeting) -> tuple[Appointment, ...]:
        """Return three free times to move a 1:1 to, inside the cadence. Raises NoSlotError when there is none."""
        rep = await person_or_refuse(tx, meeting.rep)
        manager = await person_or_refuse(tx, meeting.manager)
        last = await tx.meetings.last_held(rep.id)
        return free_slots(
            await self._constraints(tx, rep, manager),
            last_held=None if last is None else last.appointment.day,
            current=meeting.appointment,
            now=self._office.clock.now(),
        )

    async def everybody(self, tx: Transaction) -> tuple[Person, ...]:
        """Return the active reps who, with their managers, can be reached in Slack."""
        people = await tx.people.all()
        live = {account.person for account in await tx.people.accounts() if not account.deleted}
        active = {person.id for person in people if person.active and person.id in live}
        return tuple(person for person in people if person.id in active and person.manager_id in active)

    async def _partner(self, tx: Transaction, rep: Person) -> Person | None:
        """Return the rep's manager if both are there and in Slack."""
        if not rep.active or rep.manager_id is None:
            return None
        manager = await tx.people.get(rep.manager_id)
        if manager is None or not manager.active:
            return None
        for person in (rep, manager):
            account = await tx.people.account_of(person.id)
            if account is None or account.deleted:
                return None
        return manager

    async def _standing(self, tx: Transaction, rep: Person, manager: Person) -> Standing:
        standing = await tx.standings.get(rep.id)
        if standing is not None and standing.manager == manager.id:
            return standing
        taken = tuple(_pairing(other) for other in await tx.standings.of_manager(manager.id) if other.rep != rep.id)
        hours = await self._office.hours_of(tx, manager.id)
        today = local_day(self._office.clock.now(), manager)
        (chosen,) = choose_standing(hours, manager.timezone, ((rep.id, rep.timezone),), taken=taken, on=today)
        standing = Standing(rep.id, manager.id, chosen.weekday, chosen.at, manager.timezone)
        await tx.standings.put(standing)
        return standing

    async def _constraints(self, tx: Transaction, rep: Person, manager: Person) -> Constraints:
        booked = await tx.meetings.of_manager(manager.id, states=OPEN_STATES)
        standings = await tx.standings.of_manager(manager.id)
        return Constraints(
            hours=await self._office.hours_of(tx, manager.id),
            manager=Diary(manager.timezone, await self._office.days_off(tx, manager)),
            rep=Diary(rep.timezone, await self._office.days_off(tx, rep)),
            busy=tuple(span(meeting.appointment) for meeting in booked if meeting.rep != rep.id),
            reserved=tuple(_pairing(other) for other in standings if other.rep != rep.id),
        )

    async def _announce(self, tx: Transaction, meeting: Meeting, rep: Person, manager: Person) -> None:
        """Tell both when they meet and why then: one message per rep for ever, rewritten with each new date."""
        decision = await tx.cadences.latest(rep.id)
        sentence = "" if decision is None else decision.sentence
        now = self._office.clock.now()
        for reader in (rep, manager):
            message = view.scheduled(meeting, rep, manager, sentence)
            await tell(tx, reader, "scheduled", f"next:{rep.id}", message, now)


def _pairing(standing: Standing) -> Pairing:
    return Pairing(PersonId(standing.rep), standing.weekday, standing.at)
