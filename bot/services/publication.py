"""Publishes the agenda of a 1:1 to both sides, one working day before, and freezes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.coaching.build_pre_read import Rhythm, build_pre_read
from bot.coaching.commitment import CoachingGoal, GoalState
from bot.coaching.meeting import Meeting, MeetingId, MeetingState
from bot.coaching.numbers import Numbers, numbers_of
from bot.coaching.pre_read import PreRead
from bot.coaching.records import Person, PersonId
from bot.coaching.rhythm.wall_time import span
from bot.coaching.said import say
from bot.errors import StaleError
from bot.services import access
from bot.services.data_age import data_age
from bot.services.due_around import DueAround
from bot.services.forecasts import Forecasts
from bot.services.news import News
from bot.services.office import HOUR, Office, local_day
from bot.services.ports import Transaction
from bot.services.posting import tell
from bot.views import how as how_view
from bot.views import pre_read as view
from bot.views import whole_agenda as whole_view
from bot.views.ids import Topic
from bot.views.message import Message
from bot.views.speaking import said_to

FIRST_RHYTHM = Rhythm(interval=14)
"""What is assumed for a rep whose cadence was never computed."""


class Publication:
    def __init__(self, office: Office, around: DueAround, forecasts: Forecasts, news: News) -> None:
        self._office = office
        self._around = around
        self._forecasts = forecasts
        self._news = news

    async def publish(self, tx: Transaction, meeting: Meeting) -> None:
        """Freeze the agenda and send it to rep and manager; once the 1:1 is over it's only frozen, for its forks."""
        if meeting.state not in (MeetingState.PLANNED, MeetingState.PROMPTED):
            return
        now = self._office.clock.now()
        published = replace(meeting, state=MeetingState.PUBLISHED, published_at=now)
        if not await tx.meetings.save(published, was=meeting):
            return
        rep = await access.person_or_refuse(tx, meeting.rep)
        appointment = meeting.appointment
        numbers, agenda = await self._agenda(tx, rep, appointment.day, appointment.minutes)
        await tx.meetings.freeze_agenda(meeting.id, agenda)
        await self._forecasts.keep_chance(tx, meeting, numbers.winnable, agenda.as_of)
        _, ends = span(meeting.appointment)
        if now < ends:
            await self._show(tx, published, (rep, await access.person_or_refuse(tx, meeting.manager)))

    async def rewrite(self, tx: Transaction, meeting: Meeting) -> None:
        """Bring the copies that were sent up to date; the numbers are the frozen ones, what changed since is marked."""
        both = [await access.person_or_refuse(tx, person) for person in (meeting.rep, meeting.manager)]
        sent = [reader for reader in both if await tx.outbox.exists(f"pre_read:{meeting.id}:{reader.id}")]
        await self._show(tx, meeting, sent)

    async def shown(
        self, tx: Transaction, meeting: Meeting, reader: Person, since: tuple[str, ...] | None = None
    ) -> Message | None:
        """Return the published agenda as one of the two reads it now; None before it is published.

        ``since`` is what happened to its deals meanwhile, which is looked up where it isn't given.
        """
        agenda = await tx.meetings.agenda(meeting.id)
        if agenda is None:
            return None
        if since is None:
            since = await self._news.since(tx, meeting, agenda)
        rep = await access.person_or_refuse(tx, meeting.rep)
        manager = await access.person_or_refuse(tx, meeting.manager)
        return said_to(
            reader,
            view.pre_read,
            agenda,
            meeting,
            reader,
            rep,
            manager,
            answers_shown=_reads_answers(meeting, reader),
            changes=(*_changes(meeting, reader), *since),
        )

    async def whole(self, meeting_id: MeetingId, user: str) -> dict[str, Any]:
        """Return the modal with all of a published agenda, for the two who hold the 1:1, also once it is over.

        It says of its deals what the message says, and no more to a manager whose rep reports to somebody else by now.
        Raises NotAllowedError for anybody else, StaleError before the agenda is published.
        """
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            meeting, agenda = await self._published(tx, asker, meeting_id)
            rep = await access.person_or_refuse(tx, meeting.rep)
            manager = await access.person_or_refuse(tx, meeting.manager)
            follows = asker.id in (rep.id, rep.manager_id)
            since = await self._news.since(tx, meeting, agenda) if follows else ()
            return whole_view.whole_agenda(
                agenda,
                meeting,
                asker,
                rep,
                manager,
                answers_shown=_reads_answers(meeting, asker),
                changes=(*_changes(meeting, asker), *since),
            )

    async def _show(self, tx: Transaction, meeting: Meeting, readers: Iterable[Person]) -> None:
        await tx.homes.mark(meeting.rep, meeting.manager, at=self._office.clock.now())
        agenda = await tx.meetings.agenda(meeting.id)
        since = () if agenda is None else await self._news.since(tx, meeting, agenda)
        for reader in readers:
            message = await self.shown(tx, meeting, reader, since)
            if message is None:
                return
            latest = meeting.appointment.starts_at - HOUR
            awake = await self._office.at_work(tx, reader, latest=latest)
            due = max(awake, await self._around.reading_time(tx, meeting, reader))
            lasts = max(meeting.appointment.starts_at - due, HOUR)
            await tell(tx, reader, "pre_read", f"pre_read:{meeting.id}", message, due, lasts=lasts, latest=latest)

    async def how(self, meeting_id: MeetingId, user: str, topic: Topic | None = None) -> dict[str, Any]:
        """Return the modal that says how a topic's numbers came about, or all, for the two who hold the 1:1."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            _, agenda = await self._published(tx, asker, meeting_id)
            return how_view.how(agenda, topic)

    async def _published(self, tx: Transaction, asker: Person, meeting_id: MeetingId) -> tuple[Meeting, PreRead]:
        """Return a 1:1 that the asker takes part in, with its agenda. Raises StaleError before it is published."""
        meeting = await access.shared_meeting(tx, asker, meeting_id)
        agenda = await tx.meetings.agenda(meeting.id)
        if agenda is None:
            raise StaleError(say("The agenda of this 1:1 isn't published yet. It comes one working day before."))
        return meeting, agenda

    async def how_now(self, rep: PersonId, user: str, topic: Topic | None = None) -> dict[str, Any]:
        """Return the same of a rep's numbers as they are today, for the rep and the rep's manager."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            found = await access.rep_for(tx, asker, rep)
            meeting = await tx.meetings.open_of(found.id)
            day = None if meeting is None else meeting.appointment.day
            return how_view.how(await self.agenda(tx, found, day, self._office.hours.minutes), topic)

    async def agenda(self, tx: Transaction, rep: Person, meeting_day: date | None, minutes: int) -> PreRead:
        """Compute the agenda as of the rep's today."""
        return (await self._agenda(tx, rep, meeting_day, minutes))[1]

    async def _agenda(
        self, tx: Transaction, rep: Person, meeting_day: date | None, minutes: int
    ) -> tuple[Numbers, PreRead]:
        book = await self._office.shelf.book(tx, local_day(self._office.clock.now(), rep))
        cadence = await tx.cadences.latest(rep.id)
        rhythm = FIRST_RHYTHM if cadence is None else Rhythm(cadence.interval, cadence.trend, cadence.sentence)
        numbers = numbers_of(book, rep)
        agenda = build_pre_read(
            numbers,
            [goal for goal in await tx.goals.of_rep(rep.id) if not _is_taken_back(goal)],
            self._office.playbook,
            rhythm=rhythm,
            minutes=minutes,
            meeting_day=meeting_day or book.as_of + timedelta(days=rhythm.interval),
            previous=await tx.meetings.last_agenda(rep.id),
            average_need=book.coverage.average,
        )
        record = await self._forecasts.record(tx)
        held = () if record.share is None else (record.sentence,)
        age = await data_age(tx, self._office.clock.now(), ZoneInfo(rep.timezone))
        return numbers, replace(agenda, predictions=(*agenda.predictions, *held), data_age=age)


def _reads_answers(meeting: Meeting, reader: Person) -> bool:
    """Whether the rep's own words are for this reader: the manager who holds the 1:1 is who they were written to."""
    return reader.id == meeting.manager


def _changes(meeting: Meeting, reader: Person) -> tuple[str, ...]:
    """Return what is different since the agenda was frozen, for the one who reads it."""
    said = []
    late = meeting.answered_at and meeting.published_at and meeting.answered_at > meeting.published_at
    if late and reader.id == meeting.manager:
        said.append(say("The rep's answers are new."))
    match meeting.state:
        case MeetingState.MOVED:
            said.append(say("This 1:1 was moved. The agenda for its new time comes one working day before it."))
        case MeetingState.EXCUSED | MeetingState.MISSED:
            if meeting.state is MeetingState.EXCUSED:
                said.append(say("Why it is left out: {why}", why=meeting.closing_words))
            said.append(
                say("This 1:1 doesn't take place any more. The agenda of the next one comes a working day before it.")
            )
    return tuple(said)


def _is_taken_back(goal: CoachingGoal) -> bool:
    """Whether it was an offer that nobody answered: the rep never said yes to it, so it is none of their past."""
    return goal.state is GoalState.OBSOLETE and goal.active_since is None
