"""Looks at everybody, so that who can be reached has a next 1:1."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, time, timedelta
from math import ceil

from bot.coaching.meeting import Meeting
from bot.coaching.records import PersonId
from bot.errors import StaleError, TryLaterError
from bot.services.absence import Absence
from bot.services.following import TOGETHER, Followed, Following
from bot.services.inviting import Inviting
from bot.services.office import Office
from bot.services.ports import Duty, DutyKind, Transaction
from bot.services.roster import LookUp, Roster
from bot.services.succession import Succession

log = logging.getLogger(__name__)

EVERYBODY = "everybody"
EARLY = time(4)

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""When a duty is due that any bot is to do as soon as it runs, whatever its clock says."""

ASK_AGAIN_AFTER = timedelta(hours=1)
"""When Slack didn't say who is new."""


class Rounds:
    def __init__(
        self,
        office: Office,
        roster: Roster,
        following: Following,
        succession: Succession,
        absence: Absence,
        inviting: Inviting,
    ) -> None:
        self._office = office
        self._roster = roster
        self._following = following
        self._succession = succession
        self._absence = absence
        self._inviting = inviting

    async def plan_all(self) -> int:
        """Do at once what ``daily`` has done for everybody; returns how many 1:1s were planned.

        Replicas may start together: what another one did at the same moment is done.
        """
        await self._office.shelf.prepare(self._office.store, self._office.clock.now())
        async with self._office.store.transaction() as tx:
            people = await tx.people.by_team()
            await self._again_tomorrow(tx)
        share = max(ceil(len(people) / self._office.store.writers), TOGETHER)
        lanes = [self._plan(people[first : first + share]) for first in range(0, len(people), share)]
        planned = 0
        for lane in await asyncio.gather(*lanes, return_exceptions=True):  # none is at work when another one fails
            if isinstance(lane, BaseException):
                raise lane
            planned += lane
        return planned

    async def _plan(self, people: Sequence[PersonId]) -> int:
        """Plan for people in one transaction after the other; returns how many 1:1s were planned."""
        planned = 0
        for first in range(0, len(people), TOGETHER):
            some = people[first : first + TOGETHER]
            followed = await self._follow_many(some)
            planned += followed.planned
            for person in (one for one in some if one in followed.left):
                planned += await self._follow_alone(person)
        return planned

    async def _follow_many(self, people: Sequence[PersonId]) -> Followed:
        try:
            async with self._office.store.transaction() as tx:
                return await self._following.follow_many(tx, people)
        except Exception as error:  # noqa: BLE001 - whose it is shows when each is done alone, and it is raised there
            log.info("plan.one_by_one", extra={"count": len(people), "error": type(error).__name__})
            return Followed(0, frozenset(people))

    async def _follow_alone(self, person: PersonId) -> bool:
        try:
            async with self._office.store.transaction() as tx:
                found = await tx.people.get(person)
                return found is not None and await self._following.follow(tx, found)
        except (StaleError, TryLaterError) as error:
            log.info("plan.done_elsewhere", extra={"person": person, "error": type(error).__name__})
            return False

    async def ask_slack(self) -> LookUp:
        """Return what ``daily`` has to know of who is who, outside of any transaction."""
        return await self._roster.look_up()

    async def daily(self, tx: Transaction, duty: Duty, found: LookUp) -> None:
        """Keep who was found in Slack and look at everybody, each in a duty of its own: a fault holds up nobody else.

        ``duty`` is the daily one, or an import's.
        """
        await self._roster.keep(tx, found)
        now = self._office.clock.now()
        today = now.date().isoformat()
        mark = "" if duty.key == f"plan:{today}" else f":{duty.key}"
        # Who couldn't be looked at yesterday still waits for it; only an import may have mended what was wrong.
        stuck = frozenset[str]() if mark else await tx.duties.failing(DutyKind.PLAN)
        people = [person for person in await tx.people.by_team() if person not in stuck]
        await tx.duties.put(*(Duty(f"plan:{today}:{person}{mark}", DutyKind.PLAN, person, now) for person in people))
        await self._inviting.keep_up(tx)
        await self._again_tomorrow(tx)
        if not found.answered:
            again = now + ASK_AGAIN_AFTER
            await tx.duties.put(Duty(f"plan:{again.isoformat()}", DutyKind.PLAN, EVERYBODY, again))

    async def follow(self, tx: Transaction, duty: Duty) -> None:
        """Follow whether one person joined, left or changed manager; who can be reached has a next 1:1."""
        person = await tx.people.get(PersonId(duty.subject))
        if person is not None and self._stands(duty):
            await self._following.follow(tx, person)

    async def follow_many(self, tx: Transaction, duties: Collection[Duty]) -> frozenset[PersonId]:
        """Do duties about many people in few statements; returns the people whose duty has to be done alone."""
        people = dict.fromkeys(PersonId(duty.subject) for duty in duties if self._stands(duty))
        return (await self._following.follow_many(tx, people)).left

    def _stands(self, duty: Duty) -> bool:
        """Return whether the duty is today's: one of another day has its successor already, unless it kept failing."""
        _, day, _ = duty.key.split(":", 2)
        return duty.failures > 0 or day == self._office.clock.now().date().isoformat()

    async def stands(self, tx: Transaction, meeting: Meeting) -> bool:
        """Return whether an open 1:1 goes on as planned: its two still meet, and neither is away on its day."""
        if await self._succession.end_if_over(tx, meeting):
            return False
        return not await self._absence.move_if_away(tx, meeting)

    async def _again_tomorrow(self, tx: Transaction) -> None:
        tomorrow = self._office.clock.now().date() + timedelta(days=1)
        due = datetime.combine(tomorrow, EARLY, UTC)
        await tx.duties.put(Duty(f"plan:{tomorrow.isoformat()}", DutyKind.PLAN, EVERYBODY, due))
