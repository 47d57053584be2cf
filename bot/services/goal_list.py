"""Answers which goals a rep has, and takes at any time how one of them goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.coaching.commitment import HELD_BY_REP, CoachingGoal, GoalState
from bot.coaching.goals import kept
from bot.coaching.records import Person, PersonId
from bot.coaching.said import say
from bot.errors import BadFieldsError, NotAllowedError, UserError
from bot.services import access
from bot.services.follow_up import FollowUp, Result
from bot.services.forks import GoalRef
from bot.services.office import Office, local_day
from bot.views import goal_report as view

OPEN_GOALS = HELD_BY_REP | {GoalState.OFFERED}


@dataclass(frozen=True, slots=True)
class GoalRecord:
    """``record`` says how many commitments were kept, and apart from each other their worth and what came."""

    rep: Person
    goals: tuple[CoachingGoal, ...]
    record: tuple[str, ...]


class GoalList:
    def __init__(self, office: Office, follow_up: FollowUp) -> None:
        self._office = office
        self._follow_up = follow_up

    async def goals(self, user: str, about: PersonId | None) -> GoalRecord:
        """Return the open goals of the asker, or of one of the asker's reps, and what became of those before."""
        async with self._office.store.transaction() as tx:
            rep = await access.own_or_report(tx, user, about)
            goals = await tx.goals.of_rep(rep.id)
            book = await self._office.shelf.book(tx, local_day(self._office.clock.now(), rep))
            skills = {skill.name for skill in self._office.playbook.skills}
            standings = book.standings
            return GoalRecord(
                rep,
                tuple(goal for goal in goals if goal.state in OPEN_GOALS),
                kept.record(goals, skills, book.grounds.of(rep.id), standings.verifiers, standings.own),
            )

    async def report_form(self, user: str, about: PersonId | None) -> dict[str, Any]:
        """Return the modal in which a rep says how an active goal goes. Raises UserError when there is none."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            if about is not None:
                raise NotAllowedError(
                    say("Only the rep whose goal it is says how it goes. /goals @rep shows how far it is.")
                )
            active = await tx.goals.of_rep(asker.id, states=frozenset({GoalState.ACTIVE}))
            if not active:
                waiting = await tx.goals.of_rep(asker.id, states=HELD_BY_REP)
                raise UserError(
                    say(
                        "Your goal waits for a yes first; once it is agreed you can report on it. /goals shows for "
                        "whose."
                    )
                    if waiting
                    else say("You have no goal to report on now. /goals new makes one.")
                )
            return view.modal(active)

    async def report(self, user: str, filled: view.Filled) -> dict[str, Any]:
        """Keep what the rep says, through the same door as the weekly question; returns what is shown then.

        Raises BadFieldsError for what is missing, StaleError when the goal was closed meanwhile.
        """
        if filled.goal is None or filled.result not in set(Result):
            missing = {} if filled.goal is not None else {"choice": say("Choose a goal.")}
            raise BadFieldsError(missing | ({} if filled.result else {"result": say("Choose how it goes.")}))
        goal_id, version = filled.goal
        result = Result(filled.result)
        if filled.number_typed and filled.number is None:
            raise BadFieldsError({"number": say("Give a number from 0 up, or leave it empty.")})
        await self._follow_up.report(GoalRef(goal_id, version), user, None, result, filled.number)
        async with self._office.store.transaction() as tx:
            goal = await access.own_goal(tx, await access.known(tx, user), goal_id)
            return view.done(goal, await access.person_or_refuse(tx, goal.manager))
