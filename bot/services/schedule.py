"""Answers when somebody's next 1:1 is, why then, and about what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.coaching.commitment import GoalState
from bot.coaching.meeting import Meeting, MeetingState
from bot.coaching.records import Person, PersonId
from bot.coaching.rhythm.cadence import CadenceDecision
from bot.coaching.rhythm.cadence_words import explained
from bot.coaching.rhythm.follow_up import consistency
from bot.coaching.said import say, say_many
from bot.errors import UserError
from bot.services import access
from bot.services.due_around import DueAround
from bot.services.moving import Moving
from bot.services.office import Office, local_day
from bot.services.ports import Transaction
from bot.services.publication import Publication
from bot.services.team_figures import team_figures
from bot.views import schedule as view
from bot.views.message import Message

NOT_PLANNED = say(
    "No 1:1 is planned yet: that comes as soon as both of you have a free time. /1on1 why says how often you meet."
)


@dataclass(frozen=True, slots=True)
class NextOneOnOne:
    """The next 1:1 of a rep. ``last`` is the one held before it; ``consistency`` is the manager's own record."""

    rep: Person
    manager: Person | None
    meeting: Meeting | None
    last: Meeting | None
    decision: CadenceDecision | None
    consistency: str | None


@dataclass(frozen=True, slots=True)
class WhyThen:
    """``sentences`` say what the rep's cadence came from and what comes next; ``asker`` is who wants to know."""

    asker: PersonId
    found: NextOneOnOne
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Team:
    """A manager's reps in alphabetical order, with the next 1:1 and what waits for whom; never a ranking.

    ``figures`` are sentences about the team as a whole.
    """

    manager: Person
    rows: tuple[tuple[Person, Meeting | None, str], ...]
    figures: tuple[str, ...]


class Schedule:
    def __init__(self, office: Office, around: DueAround, publication: Publication, moving: Moving) -> None:
        self._office = office
        self._around = around
        self._publication = publication
        self._moving = moving

    async def next(self, user: str, about: PersonId | None) -> NextOneOnOne | Team:
        """Return the asker's next 1:1, or a manager's team with the next 1:1 of each."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            reports = await tx.people.reports_of(asker.id)
            if reports and about is None:
                figures = await team_figures(tx, self._office, asker)
                return Team(asker, tuple([await team_row(tx, rep) for rep in reports]), figures)
            return await self._next(tx, await access.own_or_report(tx, user, about))

    async def why(self, user: str, about: PersonId | None) -> WhyThen:
        """Return why the next 1:1 of the asker, or of one of the asker's reps, is then."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            found = await self._next(tx, await self._whose(tx, user, about, "why"))
            said = () if found.decision is None else explained(found.decision, self._office.maths)
            return WhyThen(asker.id, found, said)

    async def agenda(self, user: str, about: PersonId | None) -> Message:
        """Return the agenda that was published, or else how the coming one would look today."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            rep = await self._whose(tx, user, about, "agenda")
            meeting = await self._meeting(tx, rep)
            await access.shared_meeting(tx, asker, meeting.id)
            published = await self._publication.shown(tx, meeting, asker)
            if published is not None:
                return published
            manager = await access.person_or_refuse(tx, meeting.manager)
            coming = await self._publication.agenda(tx, rep, meeting.appointment.day, meeting.appointment.minutes)
            reading = await self._around.reading_time(tx, meeting, asker)
            return view.coming_agenda(coming, meeting, asker, rep, manager, reading)

    async def move(self, user: str, about: PersonId | None) -> dict[str, Any]:
        """Return the modal that moves the next 1:1, for whoever may move it."""
        async with self._office.store.transaction() as tx:
            meeting = await self._meeting(tx, await self._whose(tx, user, about, "move"))
        return await self._moving.form(meeting.id, user)

    async def _whose(self, tx: Transaction, user: str, about: PersonId | None, verb: str) -> Person:
        """Return whose 1:1 is meant: the own, or that of the only rep, where nobody is named."""
        asker = await access.known(tx, user)
        if about is not None or asker.manager_id is not None:
            return await access.own_or_report(tx, user, about)
        reports = await tx.people.reports_of(asker.id)
        if len(reports) > 1:
            raise UserError(
                say(
                    "Say whose: name one of your reps, like /1on1 {verb} {name}.",
                    verb=verb,
                    name=reports[0].name or "@name",
                )
            )
        return reports[0] if reports else asker

    async def _meeting(self, tx: Transaction, rep: Person) -> Meeting:
        meeting = await tx.meetings.open_of(rep.id)
        if meeting is None:
            raise UserError(NOT_PLANNED)
        return meeting

    async def _next(self, tx: Transaction, rep: Person) -> NextOneOnOne:
        decision = await tx.cadences.latest(rep.id)
        held = None
        if decision is not None:
            today = local_day(self._office.clock.now(), rep)
            held = consistency(await tx.meetings.of_rep(rep.id), decision.interval, today).sentence
        return NextOneOnOne(
            rep=rep,
            manager=None if rep.manager_id is None else await tx.people.get(rep.manager_id),
            meeting=await tx.meetings.open_of(rep.id),
            last=await tx.meetings.last_held(rep.id),
            decision=decision,
            consistency=held,  # how steadily the 1:1s were held: the bot holds the leader to it first
        )


async def team_row(tx: Transaction, rep: Person) -> tuple[Person, Meeting | None, str]:
    """Return a rep, the next 1:1 and what waits for the manager."""
    meeting = await tx.meetings.open_of(rep.id)
    waiting = await tx.goals.of_rep(rep.id, states=frozenset({GoalState.ACCEPTED}))
    need: str = ""
    if waiting:
        need = say_many("{n} goal for your approval", "{n} goals for your approval", len(waiting))
    if meeting is not None and meeting.state is MeetingState.STARTED:
        still_open = say("{goals}; its 1:1 isn't closed yet", goals=need)
        need = still_open if need else say("the 1:1 isn't closed yet")
    return rep, meeting, need
