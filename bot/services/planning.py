"""Decides when each rep and manager meet."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.coaching.meeting import OPEN_STATES, Appointment, Meeting, MeetingId, MeetingState
from bot.coaching.records import Person, PersonId
from bot.coaching.rhythm.free_times import Constraints, Diary, NoSlotError, Pairing
from bot.coaching.rhythm.placement import FIRST_HORIZON, free_slots, place, place_first, place_late
from bot.coaching.rhythm.standing_place import choose_standing, is_taken
from bot.coaching.rhythm.wall_time import span
from bot.coaching.rhythm.working_days import DAY
from bot.coaching.said import Said, say
from bot.services import pairs
from bot.services.access import person_or_refuse
from bot.services.cadences import Cadences
from bot.services.due_around import DueAround
from bot.services.office import Office, local_day, new_id
from bot.services.ports import Standing, Transaction
from bot.services.ports.invitations import Invitation
from bot.services.posting import show_schedule, tell
from bot.views import commands as view
from bot.views.speaking import said_to

log = logging.getLogger(__name__)

JUST_BEGUN = timedelta(days=1)
"""So long after a manager began each first 1:1 that is planned comes into one message for the manager."""

FIRST_WEEK = timedelta(days=7)
"""Within it, from the first day in the job on, the first 1:1 comes as soon as can be, which is within a week."""

FIRST_ONES = "first_ones"
"""The key, before the manager's id, of the message with the team's first 1:1s."""


class Planning:
    def __init__(self, office: Office, cadences: Cadences, around: DueAround) -> None:
        self._office = office
        self._cadences = cadences
        self._around = around

    async def plan(self, tx: Transaction, rep: Person, *, after: date | None = None) -> Meeting | None:
        """Plan the rep's next 1:1 unless there is one, later than ``after``, the day of one that was left out.

        None: there is one, somebody can't be reached in Slack, or no time is free, which the manager is then told.
        """
        manager = await pairs.partner(tx, rep)
        if manager is None or await tx.meetings.open_of(rep.id) is not None:
            return None
        await tx.people.hold(rep.id, manager.id)
        if await tx.meetings.open_of(rep.id) is not None:  # planned by another process until the hold was there
            return None
        try:
            appointment, interval = await self.find(tx, rep, manager, after=after)
        except NoSlotError as error:
            log.warning("plan.no_slot", extra={"rep": rep.id})
            sentence = say(
                "I can't plan a 1:1 with {rep}. {why} I try again every morning.", rep=rep.name, why=str(error)
            )
            when = await self._office.at_work(tx, manager)
            key = await _no_slot_since(tx, rep)
            await tell(tx, manager, "no_slot", key, said_to(manager, view.refused, sentence), when)
            return None
        # Due is the day it is planned for: keeping the bot's own date is on time, whatever day the cadence asked for.
        return await self.book(tx, rep, manager, appointment, appointment.day, interval)

    async def has_list(self, tx: Transaction, manager: Person) -> bool:
        """Return whether the manager just began, and so reads all first 1:1s in one message."""
        begun = (await tx.invitations.reach()).of(manager.id)
        return begun is not None and self.is_new(begun) and await tx.outbox.exists(f"{FIRST_ONES}:{manager.id}")

    def is_new(self, begun: Invitation) -> bool:
        """Return whether a manager began only just now."""
        return self._office.clock.now() - begun.since < JUST_BEGUN

    async def find(
        self,
        tx: Transaction,
        rep: Person,
        manager: Person,
        *,
        after: date | None = None,
        besides: Sequence[Appointment] = (),
    ) -> tuple[Appointment, int]:
        """Return when the next 1:1 is, and the cadence in days that asks for it. Raises NoSlotError.

        ``besides`` are 1:1s of the manager that are thought of and not written yet.
        """
        decision = await tx.cadences.latest(rep.id) or await self._cadences.recompute(tx, rep)
        others = await self._others(tx, rep, manager)
        standing = await self._standing(tx, rep, manager, others)
        constraints = await self._constraints(tx, rep, manager, others, besides)
        last = await tx.meetings.last_held(rep.id)
        now = self._office.clock.now()
        pairing = _pairing(standing)
        days = decision.interval
        if last is None:
            joins = rep.first_day
            today = local_day(now, rep)
            is_new = joins is not None and today - joins < FIRST_WEEK
            if joins is not None and joins > today:  # nobody is met before the first day in the job
                after = max(after or today, joins - DAY)
            return place_first(pairing, constraints, interval=days, now=now, after=after, soon=is_new), days
        held = last.appointment.day
        try:
            return place(pairing, constraints, last_held=held, interval=days, now=now, after=after), days
        except NoSlotError:  # a month goes by without a free day of both
            return place_late(pairing, constraints, last_held=held, now=now, after=after), days

    async def find_again(self, tx: Transaction, rep: Person, manager: Person) -> tuple[Appointment, int]:
        """Return as ``find`` where an open 1:1 can go: as when it was planned, later than what the manager left out."""
        left_out = [
            one.appointment.day
            for one in await tx.meetings.of_rep(rep.id)
            if one.state is MeetingState.EXCUSED and one.manager == manager.id and not _is_by_the_bot(one)
        ]
        return await self.find(tx, rep, manager, after=max(left_out, default=None))

    async def book(
        self,
        tx: Transaction,
        rep: Person,
        manager: Person,
        appointment: Appointment,
        due: date,
        interval: int | None,
        answers: tuple[tuple[str, str], ...] = (),
        answered_at: datetime | None = None,
        *,
        instead_of: Meeting | None = None,
    ) -> Meeting:
        """Write a planned 1:1 with everything that falls due around it, and tell both. Both must be held.

        ``instead_of`` is the 1:1 that moves here: for calendars it stays the same one.
        """
        meeting = Meeting(
            id=MeetingId(new_id("m")),
            rep=rep.id,
            manager=manager.id,
            state=MeetingState.PLANNED,
            due=due,
            appointment=appointment,
            interval=interval,
            answers=answers,
            answered_at=answered_at,
            occurrence="" if instead_of is None else instead_of.event,
            sequence=0 if instead_of is None else instead_of.sequence + 1,
            planned_at=self._office.clock.now(),
        )
        await tx.meetings.add(meeting)
        await tx.duties.add(*await self._around.duties(tx, meeting, rep, manager))
        decision = await tx.cadences.latest(rep.id)
        in_list = instead_of is None and await self.has_list(tx, manager)
        for reader in (rep,) if in_list else (rep, manager):
            when = await self._office.at_work(tx, reader)
            await show_schedule(tx, meeting, reader, "" if decision is None else decision.sentence, when)
        return meeting

    async def better(self, tx: Transaction, meeting: Meeting, rep: Person, manager: Person) -> Appointment | None:
        """Return where the rep's cadence would put an open 1:1 now; None where it may stay. Both must be held.

        It may stay on any day that would count as on time, and as the first one, which comes as soon as can be.
        """
        if await tx.meetings.last_held(rep.id) is None:
            return None
        try:
            appointment, interval = await self.find_again(tx, rep, manager)
        except NoSlotError:
            return None
        maths = self._office.maths
        weekly = interval <= maths.cadence_steps[0]
        slack = maths.on_time_days_weekly if weekly else maths.on_time_days
        return appointment if abs((appointment.day - meeting.appointment.day).days) > slack else None

    async def slots(self, tx: Transaction, meeting: Meeting, count: int = 3) -> tuple[Appointment, ...]:
        """Return some free times to move a 1:1 to, inside the cadence. Raises NoSlotError when there is none."""
        rep = await person_or_refuse(tx, meeting.rep)
        manager = await person_or_refuse(tx, meeting.manager)
        last = await tx.meetings.last_held(rep.id)
        return free_slots(
            await self._constraints(tx, rep, manager, await self._others(tx, rep, manager)),
            last_held=None if last is None else last.appointment.day,
            current=meeting.appointment,
            now=self._office.clock.now(),
            count=count,
        )

    async def _standing(self, tx: Transaction, rep: Person, manager: Person, taken: tuple[Pairing, ...]) -> Standing:
        """Return the rep's place in the manager's week, another one where somebody has it by now: the rep was away."""
        standing = await tx.standings.get(rep.id)
        hours = await self._office.hours_of(tx, manager.id)
        theirs = standing if standing is not None and standing.manager == manager.id else None
        if theirs is not None and not is_taken(_pairing(theirs), taken, hours.minutes):
            return theirs
        today = local_day(self._office.clock.now(), manager)
        try:
            (chosen,) = choose_standing(hours, manager.timezone, ((rep.id, rep.timezone),), taken=taken, on=today)
        except NoSlotError:
            if theirs is None:
                raise
            return theirs  # there is no room for a place of its own
        standing = Standing(rep.id, manager.id, chosen.weekday, chosen.at, manager.timezone)
        await tx.standings.put(standing)
        return standing

    async def _constraints(
        self,
        tx: Transaction,
        rep: Person,
        manager: Person,
        reserved: tuple[Pairing, ...],
        besides: Sequence[Appointment] = (),
    ) -> Constraints:
        booked = [
            *await tx.meetings.of_manager(manager.id, states=OPEN_STATES),
            *await tx.meetings.of_manager(rep.id, states=OPEN_STATES),  # who reports may have reports, too
        ]
        above = await tx.meetings.open_of(manager.id)
        if above is not None:
            booked.append(above)
        now = self._office.clock.now()
        until = now + timedelta(days=FIRST_HORIZON)
        elsewhere = [when for one in (manager, rep) for when in await self._office.calendars.busy(one.id, now, until)]
        return Constraints(
            hours=await self._office.hours_of(tx, manager.id),
            manager=Diary(manager.timezone, await self._office.days_off(tx, manager)),
            rep=Diary(rep.timezone, await self._office.days_off(tx, rep)),
            busy=(
                *(span(meeting.appointment) for meeting in booked if meeting.rep != rep.id),
                *map(span, besides),
                *elsewhere,
            ),
            reserved=reserved,
        )

    async def _others(self, tx: Transaction, rep: Person, manager: Person) -> tuple[Pairing, ...]:
        """Return the standing places of the manager's other reps; who left or moved on holds none."""
        present = {report.id for report in await tx.people.reports_of(manager.id)} - {rep.id}
        return tuple([_pairing(one) for one in await tx.standings.of_manager(manager.id) if one.rep in present])


def _pairing(standing: Standing) -> Pairing:
    return Pairing(PersonId(standing.rep), standing.weekday, standing.at)


async def _no_slot_since(tx: Transaction, rep: Person) -> str:
    """Return under which key it is said that no time is free: after each 1:1 another one, for rewriting is silent."""
    planned = await tx.meetings.of_rep(rep.id)
    newest = max(planned, key=lambda one: (one.planned_at or one.appointment.starts_at, one.id), default=None)
    return f"no_slot:{rep.id if newest is None else newest.id}"


def _is_by_the_bot(excused: Meeting) -> bool:
    """Whether the bot gave the reason and no manager: then it was ended, as when somebody left, and not left out."""
    return isinstance(excused.closing_words, Said)
