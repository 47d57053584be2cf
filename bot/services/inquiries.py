"""Answers what people ask with a slash command, each only with what the asker may see."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from bot.coaching.commitment import HELD_BY_REP, CoachingGoal, GoalState
from bot.coaching.goals import kept
from bot.coaching.meeting import Meeting, MeetingState
from bot.coaching.pre_read import PreRead
from bot.coaching.records import Person
from bot.coaching.rhythm.follow_up import consistency
from bot.errors import BadInputError, UserError
from bot.services import access
from bot.services.office import Office, local_day
from bot.services.ports import Transaction
from bot.services.publication import Publication
from bot.services.team_figures import team_figures

AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?[km]?")
LEAST_AWESOME, MOST_AWESOME = 1e3, 1e12

OPEN_GOALS = HELD_BY_REP | {GoalState.OFFERED}


@dataclass(frozen=True, slots=True)
class NextOneOnOne:
    rep: Person
    manager: Person | None
    meeting: Meeting | None
    cadence: str
    consistency: str | None


@dataclass(frozen=True, slots=True)
class GoalRecord:
    """``record`` says how many commitments were kept, and apart from each other their worth and what came."""

    rep: Person
    goals: tuple[CoachingGoal, ...]
    record: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Team:
    """A manager's reps in alphabetical order, with the next 1:1 and what waits for whom; never a ranking.

    ``figures`` are sentences about the team as a whole.
    """

    manager: Person
    rows: tuple[tuple[Person, Meeting | None, str], ...]
    figures: tuple[str, ...]


class Inquiries:
    def __init__(self, office: Office, publication: Publication) -> None:
        self._office = office
        self._publication = publication

    async def pipeline(self, user: str, about: str | None) -> tuple[Person, PreRead]:
        """Return the numbers of the asker, or of one of the asker's reps (``about`` is a Slack user id)."""
        async with self._office.store.transaction() as tx:
            rep = await self._rep(tx, user, about)
            meeting = await tx.meetings.open_of(rep.id)
            day = None if meeting is None else meeting.appointment.day
            return rep, await self._publication.agenda(tx, rep, day, self._office.hours.minutes)

    async def one_on_one(self, user: str, about: str | None) -> NextOneOnOne | Team:
        """Return the asker's next 1:1, or a manager's team with the next 1:1 of each."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            reports = await tx.people.reports_of(asker.id)
            if reports and about is None:
                figures = await team_figures(tx, self._office, asker)
                return Team(asker, tuple([await team_row(tx, rep) for rep in reports]), figures)
            rep = await self._rep(tx, user, about)
            decision = await tx.cadences.latest(rep.id)
            return NextOneOnOne(
                rep=rep,
                manager=None if rep.manager_id is None else await tx.people.get(rep.manager_id),
                meeting=await tx.meetings.open_of(rep.id),
                cadence="" if decision is None else decision.sentence,
                consistency=await self._consistency(tx, rep),
            )

    async def goals(self, user: str, about: str | None) -> GoalRecord:
        """Return the open goals of the asker, or of one of the asker's reps, and what became of those before."""
        async with self._office.store.transaction() as tx:
            rep = await self._rep(tx, user, about)
            goals = await tx.goals.of_rep(rep.id)
            book = await self._office.shelf.book(tx, local_day(self._office.clock.now(), rep))
            skills = {skill.name for skill in self._office.playbook.skills}
            standings = book.standings
            return GoalRecord(
                rep,
                tuple(goal for goal in goals if goal.state in OPEN_GOALS),
                kept.record(goals, skills, book.grounds.of(rep.id), standings.verifiers, standings.own),
            )

    async def awesome(self, user: str, about: str | None) -> tuple[Person, PreRead]:
        """Return what the rep's own "awesome" takes."""
        return await self.pipeline(user, about)

    async def set_awesome(self, user: str, words: str) -> tuple[Person, PreRead]:
        """Keep the asker's own yearly figure. Raises BadInputError when the words are no amount."""
        amount = parse_money(words)
        async with self._office.store.transaction() as tx:
            rep = await self._rep(tx, user, None)
            await tx.people.set_awesome(rep.id, amount)
        return await self.pipeline(user, None)

    async def _rep(self, tx: Transaction, user: str, about: str | None) -> Person:
        asker = await access.known(tx, user)
        if about is None or about == user:
            if asker.manager_id is None and await tx.people.reports_of(asker.id):
                raise UserError(
                    "You carry no pipeline of your own: mention one of your reps after the command, like @name."
                )
            return asker
        return await access.rep_for(tx, asker, (await access.mentioned(tx, about)).id)

    async def _consistency(self, tx: Transaction, rep: Person) -> str | None:
        """Return how steadily the 1:1s were held: the bot holds the leader to it first."""
        meetings = await tx.meetings.of_rep(rep.id)
        decision = await tx.cadences.latest(rep.id)
        if decision is None:
            return None
        today = local_day(self._office.clock.now(), rep)
        return consistency(meetings, decision.interval, today).sentence


async def team_row(tx: Transaction, rep: Person) -> tuple[Person, Meeting | None, str]:
    """Return a rep, the next 1:1 and what waits for the manager."""
    meeting = await tx.meetings.open_of(rep.id)
    waiting = await tx.goals.of_rep(rep.id, states=frozenset({GoalState.ACCEPTED}))
    need = f"{len(waiting)} goal{'s' if len(waiting) > 1 else ''} for your approval" if waiting else ""
    if meeting is not None and meeting.state is MeetingState.STARTED:
        need = f"{need}; its 1:1 isn't closed yet" if need else "the 1:1 isn't closed yet"
    return rep, meeting, need


def parse_money(words: str) -> float:
    """Read "$250,000", "250k" or "1.2m" as dollars per year.

    Raises BadInputError for anything else, and for less than 1,000: who types "250" or "250.000" means thousands.
    """
    how = "Write it like this: /awesome set 250k (your own figure for a year, in dollars)."
    if not words.strip():
        raise BadInputError(f"Say how much. {how}")
    bare = re.sub(r"[\s$,_]", "", words).lower()
    said = textwrap.shorten(words, 80, placeholder="…")
    if AMOUNT.fullmatch(bare) is None:
        raise BadInputError(f"'{said}' isn't an amount I can read. {how}")
    amount = float(bare.rstrip("km")) * {"k": 1e3, "m": 1e6}.get(bare[-1], 1.0)
    if not LEAST_AWESOME <= amount < MOST_AWESOME:
        raise BadInputError(f"'{said}' can't be a figure for a year as I read it. {how}")
    return amount
