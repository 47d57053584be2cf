"""What a tick does: every duty that is due, each in a transaction of its own."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.coaching.meeting import OPEN_STATES, Meeting, MeetingId
from bot.coaching.records import PersonId
from bot.errors import CadenceError
from bot.services.closing import Closing
from bot.services.follow_up import FollowUp
from bot.services.forecasts import Forecasts
from bot.services.forks import Forks
from bot.services.office import Office
from bot.services.ports import Duty, DutyKind, Transaction
from bot.services.prompts import Prompts
from bot.services.publication import Publication
from bot.services.roster import EVERYBODY, Roster
from bot.services.succession import Succession

log = logging.getLogger(__name__)
AGAIN_AFTER = timedelta(minutes=5)


class Ticks:
    def __init__(
        self,
        office: Office,
        roster: Roster,
        succession: Succession,
        prompts: Prompts,
        publication: Publication,
        forks: Forks,
        closing: Closing,
        follow_up: FollowUp,
        *,
        forecasts: Forecasts,
    ) -> None:
        self._office = office
        self._roster = roster
        self._succession = succession
        self._follow_up = follow_up
        self._forecasts = forecasts
        self._about_meeting = {
            DutyKind.PROMPT: prompts.prompt,
            DutyKind.PUBLISH: publication.publish,
            DutyKind.START: forks.start,
            DutyKind.ASK_TO_CLOSE: closing.ask_again,
            DutyKind.LAPSE: closing.lapse,
        }

    async def run_due(self, now: datetime) -> int:
        """Do all that is due by ``now``; returns how many duties were done. Safe late, twice, or in two processes."""
        done = 0
        while await self._do_one(now):
            done += 1
        return done

    async def next_due(self) -> datetime | None:
        async with self._office.store.transaction() as tx:
            return await tx.duties.next_due()

    async def _do_one(self, now: datetime) -> bool:
        duty: Duty | None = None
        try:
            async with self._office.store.transaction() as tx:
                for duty in await tx.duties.claim(now, 1):
                    await self._do(tx, duty)
        except Exception as error:
            if duty is None:
                raise
            # Also after a fault of ours: the duty stays, is logged, and holds up nobody else's.
            await self._later(duty, now, error)
        return duty is not None

    async def _do(self, tx: Transaction, duty: Duty) -> None:
        if duty.kind is DutyKind.PLAN and duty.subject == EVERYBODY:
            await self._roster.daily(tx)
            await self._forecasts.settle(tx)
        elif duty.kind is DutyKind.PLAN:
            await self._roster.follow(tx, duty)
        elif duty.kind is DutyKind.REMIND:
            rep = await tx.people.get(PersonId(duty.subject))
            if rep is not None and rep.active:
                await self._follow_up.remind(tx, rep)
        else:
            meeting: Meeting | None = await tx.meetings.get(MeetingId(duty.subject), lock=True)
            if (
                meeting is not None
                and meeting.state in OPEN_STATES
                and not await self._succession.end_if_over(tx, meeting)
            ):
                await self._about_meeting[duty.kind](tx, meeting)
        log.info("duty.done", extra={"kind": duty.kind, "key": duty.key})

    async def _later(self, duty: Duty, now: datetime, error: Exception) -> None:
        """Put a duty that failed off by five minutes, so that it holds up nobody else's."""
        known = error if not isinstance(error, CadenceError) else None
        log.warning("duty.failed", exc_info=known, extra={"kind": duty.kind, "key": duty.key, "error": str(error)})
        async with self._office.store.transaction() as tx:
            await tx.duties.put(Duty(duty.key, duty.kind, duty.subject, now + AGAIN_AFTER))
