"""How often a rep and the manager meet: why, for a whole team, and as the manager decides."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.coaching.meeting import Appointment, Meeting, MeetingState
from bot.coaching.records import Person, PersonId
from bot.coaching.rhythm.cadence import CadenceDecision, fix, release
from bot.coaching.rhythm.cadence_words import explained
from bot.coaching.rhythm.market import MARKET_WIDE, MarketAnswer, left_as_it_is, more_often
from bot.coaching.said import say
from bot.errors import NotAllowedError, StaleError, UserError
from bot.services import access
from bot.services.budget import tell_if_room
from bot.services.cadences import Cadences
from bot.services.closing import Closing
from bot.services.home import Home
from bot.services.office import Office, local_day
from bot.services.planning import Planning
from bot.services.ports import Transaction
from bot.services.posting import show_market, show_schedule
from bot.services.team_figures import hours_a_week
from bot.views import cadence as view
from bot.views.message import Message
from bot.views.speaking import said_to

MOVABLE = frozenset({MeetingState.PLANNED, MeetingState.PROMPTED})
"""Once both have read the agenda the 1:1 stays where it is."""


@dataclass(frozen=True, slots=True)
class WhyRhythm:
    """``sentences`` say what the decision came from and what comes next; None where nothing is decided yet."""

    rep: Person
    decision: CadenceDecision | None
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeamRhythm:
    """A manager's reps by name with what is decided for each, and the hours a week all 1:1s take."""

    manager: Person
    rows: tuple[tuple[Person, CadenceDecision | None], ...]
    hours: float
    limit: float


@dataclass(frozen=True, slots=True)
class NewRhythm:
    """What was decided, with the next 1:1 as it stands ``now``; ``before`` is where it was, None if it stays."""

    manager: Person
    rep: Person
    decision: CadenceDecision
    now: Appointment | None
    before: Appointment | None


class Rhythms:
    def __init__(self, office: Office, cadences: Cadences, planning: Planning, closing: Closing, home: Home) -> None:
        self._office = office
        self._cadences = cadences
        self._planning = planning
        self._closing = closing
        self._home = home

    async def why(self, user: str, about: PersonId | None) -> WhyRhythm | TeamRhythm:
        """Return the asker's own or one rep's, and the team's for who has reps and no manager."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            if about is None and asker.manager_id is None:
                return await self._team(tx, asker)
            rep = asker if about is None else await access.rep_for(tx, asker, about)
            decision = await tx.cadences.latest(rep.id)
            return WhyRhythm(rep, decision, () if decision is None else explained(decision, self._office.maths))

    async def team(self, user: str) -> TeamRhythm:
        """Return how often a manager meets whom. Raises NotAllowedError for who has no reps."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            found = await self._team(tx, asker)
            if not found.rows:
                raise NotAllowedError(say("Only a manager has a team to show. /cadence shows your own."))
            return found

    async def fix(self, user: str, about: PersonId | None, interval: int, reason: str) -> NewRhythm:
        """Let the manager fix how many days apart they meet, with a reason the rep reads; twice is the same as once."""
        async with self._office.store.transaction() as tx:
            manager, rep, meeting = await self._managed(tx, user, about)
            previous = await tx.cadences.latest(rep.id) or await self._cadences.recompute(tx, rep)
            today = local_day(self._office.clock.now(), rep)
            fixed = fix(previous, interval, reason, today, self._office.maths)
            at = None if meeting is None else meeting.appointment
            if previous.fixed_by_manager and (previous.interval, previous.reason) == (fixed.interval, fixed.reason):
                return NewRhythm(manager, rep, previous, at, None)
            return await self._take_effect(tx, manager, rep, meeting, fixed)

    async def free(self, user: str, about: PersonId | None) -> NewRhythm:
        """Let the numbers choose again, from the present interval on."""
        async with self._office.store.transaction() as tx:
            manager, rep, meeting = await self._managed(tx, user, about)
            decision = await tx.cadences.latest(rep.id)
            if decision is None or not decision.fixed_by_manager:
                raise UserError(
                    say(
                        "It isn't fixed how often you meet {rep}: the numbers choose. /cadence team shows it.",
                        rep=rep.name,
                    )
                )
            today = local_day(self._office.clock.now(), rep)
            free = release(decision, today)
            await tx.cadences.add(rep.id, free)
            at = None if meeting is None else meeting.appointment
            if meeting is not None:
                await self._show_dates(tx, meeting, rep, manager, free)
            await self._tell(tx, rep, said_to(rep, view.freed, free, manager, rep, at))
            return NewRhythm(manager, rep, free, at, None)

    async def answer(self, proposal_id: str, version: int, user: str, answer: MarketAnswer) -> None:
        """Do what the manager says about a team of which most turned down; twice is the same as once."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            asked = await access.own_proposal(tx, asker, proposal_id)
            reps = [await tx.people.get(change.rep) for change in asked.changes]
            theirs = [rep for rep in reps if rep is not None and rep.active and rep.manager_id == asker.id]
            meetings = {rep.id: await tx.meetings.open_of(rep.id) for rep in theirs}
            for meeting in sorted((one for one in meetings.values() if one is not None), key=lambda one: one.id):
                await tx.meetings.get(meeting.id, lock=True)
            await tx.people.hold(asker.id, *(rep.id for rep in theirs))
            asked = await access.own_proposal(tx, asker, proposal_id)
            if asked.answer is answer:
                return
            if asked.answer is not MarketAnswer.OPEN:
                raise StaleError(
                    say("You have answered this already, and the message shows how. /cadence set changes one rep.")
                )
            if asked.version != version:
                raise StaleError(say("It is about one rep more by now. Its message shows whom; answer from there."))
            now = self._office.clock.now()
            said = replace(asked, answer=answer, version=version + 1, answered_at=now)
            if not await tx.market_proposals.save(said, was=asked):
                raise StaleError(say("It was answered at the same moment. Its message shows how."))
            for rep in theirs:
                if answer is MarketAnswer.MORE_OFTEN:
                    await self._meet_more_often(tx, asker, rep)
                else:
                    await self._leave(tx, rep)
            await show_market(tx, said, now)

    async def _meet_more_often(self, tx: Transaction, manager: Person, rep: Person) -> None:
        """Make the change that was held back, unless the trend has turned or the manager fixed it since."""
        previous = await tx.cadences.latest(rep.id)
        proposed = await self._cadences.evaluate(tx, rep, previous)
        if proposed.trend == "negative" and (previous is None or proposed.interval < previous.interval):
            await self._take_effect(tx, manager, rep, await tx.meetings.open_of(rep.id), more_often(proposed))

    async def _leave(self, tx: Transaction, rep: Person) -> None:
        held = await tx.cadences.latest(rep.id)
        if held is not None and MARKET_WIDE in held.flags and not held.fixed_by_manager:
            await tx.cadences.add(rep.id, left_as_it_is(held))

    async def _managed(
        self, tx: Transaction, user: str, about: PersonId | None
    ) -> tuple[Person, Person, Meeting | None]:
        """Return the asker, the asker's rep and their open 1:1, all held until this transaction ends."""
        asker = await access.known(tx, user)
        if about is None:
            raise UserError(say("Say whose: mention one of your reps, like /cadence set @name 14 because ..."))
        rep = await access.managed_rep(tx, asker, about)
        meeting = await tx.meetings.open_of(rep.id)
        if meeting is not None:
            await tx.meetings.get(meeting.id, lock=True)
        await tx.people.hold(rep.id, asker.id)
        return asker, rep, await tx.meetings.open_of(rep.id)

    async def _take_effect(
        self, tx: Transaction, manager: Person, rep: Person, meeting: Meeting | None, decision: CadenceDecision
    ) -> NewRhythm:
        """Keep a decision, move the next 1:1 if it would be out of place now, and tell the rep."""
        await tx.cadences.add(rep.id, decision)
        moved = await self._moved(tx, manager, rep, meeting, decision)
        before = None if moved is None or meeting is None else meeting.appointment
        current = moved or meeting
        at = None if current is None else current.appointment
        if moved is None and meeting is not None:
            await self._show_dates(tx, meeting, rep, manager, decision)
        await self._tell(tx, rep, said_to(rep, view.changed, decision, manager, rep, at, before))
        for person in (rep, manager):
            await self._home.show_again(tx, person)
        return NewRhythm(manager, rep, decision, at, before)

    async def _moved(
        self, tx: Transaction, manager: Person, rep: Person, meeting: Meeting | None, decision: CadenceDecision
    ) -> Meeting | None:
        if meeting is None or meeting.manager != manager.id or meeting.state not in MOVABLE:
            return None
        better = await self._planning.better(tx, meeting, rep, manager)
        if better is None:
            return None
        await self._closing.close(tx, meeting, MeetingState.MOVED, decision.sentence)
        return await self._planning.book(
            tx,
            rep,
            manager,
            better,
            better.day,
            decision.interval,
            meeting.answers,
            meeting.answered_at,
            instead_of=meeting,
        )

    async def _show_dates(
        self, tx: Transaction, meeting: Meeting, rep: Person, manager: Person, decision: CadenceDecision
    ) -> None:
        """Bring what was said of the next date up to date with the reason for it."""
        for reader in (rep, manager):
            if await tx.outbox.exists(f"next:{rep.id}:{reader.id}"):
                await show_schedule(tx, meeting, reader, decision.sentence, await self._office.at_work(tx, reader))

    async def _tell(self, tx: Transaction, rep: Person, message: Message) -> None:
        """Tell the rep in working hours; of several changes on one day only the last is read."""
        today = local_day(self._office.clock.now(), rep)
        await tell_if_room(self._office, tx, rep, "cadence", f"cadence:{today.isoformat()}", message)

    async def _team(self, tx: Transaction, manager: Person) -> TeamRhythm:
        rows = tuple([(rep, await tx.cadences.latest(rep.id)) for rep in await tx.people.reports_of(manager.id)])
        hours = await hours_a_week(tx, self._office, manager)
        return TeamRhythm(manager, rows, hours, self._office.maths.manager_hours_per_week)
