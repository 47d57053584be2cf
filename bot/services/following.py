"""Brings what is open for people in line with the records, so that everybody who can be reached has a next 1:1."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass

from bot.coaching.meeting import Meeting
from bot.coaching.records import Person, PersonId
from bot.services import pairs
from bot.services.absence import Absence
from bot.services.clocks import Clocks
from bot.services.due_around import DueAround, Held
from bot.services.follow_up import FollowUp
from bot.services.freshness import Freshness
from bot.services.inviting import Inviting
from bot.services.planning import Planning
from bot.services.ports import Transaction
from bot.services.posting import schedule_keys
from bot.services.succession import Succession

TOGETHER = 200
"""People looked at in one transaction: few enough that a click waits for it only a tenth of a second."""

UNTIL_A_TURN = 4
"""So many people after each other, about a millisecond, and then whoever clicks meanwhile has a turn."""


@dataclass(frozen=True, slots=True)
class Followed:
    """How many 1:1s were planned, and the people of whom nothing was done yet, as each needs a transaction alone."""

    planned: int
    left: frozenset[PersonId]


class Following:
    def __init__(
        self,
        planning: Planning,
        around: DueAround,
        follow_up: FollowUp,
        succession: Succession,
        absence: Absence,
        clocks: Clocks,
        fresh: Freshness,
        inviting: Inviting,
    ) -> None:
        self._planning = planning
        self._around = around
        self._follow_up = follow_up
        self._succession = succession
        self._absence = absence
        self._clocks = clocks
        self._fresh = fresh
        self._inviting = inviting

    async def follow(self, tx: Transaction, person: Person) -> bool:
        """Do for one person all there is to do; whether a 1:1 was planned."""
        planned = await self._follow(tx, person)
        if self._inviting.concerns(await tx.invitations.reach(), person.id):
            await self._inviting.show(tx, person)
        return planned

    async def _follow(self, tx: Transaction, person: Person) -> bool:
        meeting = await self._succession.settle(tx, person)
        if meeting is not None:
            meeting = await self._clocks.set(tx, meeting)
            await self._fresh.renew(tx, meeting)
        manager = await pairs.partner(tx, person)
        if manager is None:
            if await self._has_a_week(tx, person):
                await tx.duties.put(await self._follow_up.next_question(tx, person))
            return False
        moved = meeting is not None and await self._absence.move_if_away(tx, meeting)
        question = await self._follow_up.next_question(tx, person)
        if meeting is None or moved:
            await tx.duties.put(question)
            return await self._planning.plan(tx, person) is not None
        await self._around.time_anew(tx, (Held(meeting, person, manager),), (question,))
        return False

    async def follow_many(self, tx: Transaction, people: Collection[PersonId]) -> Followed:
        """Do for many what happens on most days, in few statements: plan a 1:1, or see that all is as it should be.

        Whoever has an open 1:1 or goal that changes is left. So locks are taken in the order in which
        everybody takes them: duties, their 1:1s, then all people at once.
        """
        await tx.ahead(people)
        held, questions, unplanned, left = [], [], [], set()
        for number, one in enumerate(people):
            await _let_others(number)
            person = await tx.people.get(one)
            if person is None:
                continue
            meeting = await tx.meetings.open_of(one)
            if not await self._goes_on(tx, person, meeting):
                left.add(one)
                continue
            manager = await pairs.partner(tx, person)
            if manager is None and await self._has_a_week(tx, person):
                questions.append(await self._follow_up.next_question(tx, person))
            if meeting is None:
                unplanned += [] if manager is None else [(person, manager)]
            elif manager is not None:
                held.append(Held(meeting, person, manager))
                questions.append(await self._follow_up.next_question(tx, person))
        await self._around.time_anew(tx, held, questions)
        return Followed(await self._plan_many(tx, unplanned), frozenset(left))

    async def _has_a_week(self, tx: Transaction, person: Person) -> bool:
        """Whether somebody who meets no manager by now has reps, and so reads what the week brings."""
        if not person.active:
            return False
        begun = person.manager_id is None or (await tx.invitations.reach()).includes(person.id)
        return begun and bool(await tx.people.reports_of(person.id))

    async def _goes_on(self, tx: Transaction, person: Person, meeting: Meeting | None) -> bool:
        if self._inviting.concerns(await tx.invitations.reach(), person.id):
            return False
        if await self._succession.stray_goals(tx, person):
            return False
        if meeting is None:
            return True
        if not self._clocks.are_right(meeting) or await self._succession.is_over(tx, meeting):
            return False
        if await self._absence.who_is_away(tx, meeting) is not None:
            return False
        return self._fresh.is_sure(meeting)

    async def _plan_many(self, tx: Transaction, unplanned: Collection[tuple[Person, Person]]) -> int:
        """Plan for reps without a 1:1 (each with the manager), unless another process was faster."""
        if not unplanned:
            return 0
        await tx.people.hold(*{person.id for pair in unplanned for person in pair})
        messages = [key for rep, manager in unplanned for key in schedule_keys(rep, manager)]
        await tx.ahead_of_plans([rep.id for rep, _ in unplanned], messages)
        planned = 0
        for number, (before, _) in enumerate(unplanned):
            await _let_others(number)
            rep = await tx.people.get(before.id)
            if rep is not None:
                await tx.duties.put(await self._follow_up.next_question(tx, rep))
                planned += await self._planning.plan(tx, rep) is not None
        return planned


async def _let_others(number: int) -> None:
    if number % UNTIL_A_TURN == 0:
        await asyncio.sleep(0)
