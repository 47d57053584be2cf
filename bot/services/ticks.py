"""What a tick does: every duty that is due, each in a transaction of its own."""

from __future__ import annotations

import logging
from datetime import datetime

from bot.coaching.meeting import OPEN_STATES, Meeting, MeetingId
from bot.coaching.records import Person, PersonId
from bot.services.closing import Closing
from bot.services.digest import Digest
from bot.services.follow_up import FollowUp
from bot.services.following import TOGETHER
from bot.services.forecasts import Forecasts
from bot.services.forks import Forks
from bot.services.home import Home
from bot.services.office import Office
from bot.services.ports import Duty, DutyKind, Transaction
from bot.services.prompts import Prompts
from bot.services.publication import Publication
from bot.services.retries import Retries
from bot.services.roster import LookUp
from bot.services.rounds import AT_ONCE, EVERYBODY, Rounds
from bot.services.tidying import Tidying

log = logging.getLogger(__name__)


class _AskSlackFirstError(Exception):
    """The duty needs to know something of Slack, which is not asked while the database waits."""


class Ticks:
    def __init__(
        self,
        office: Office,
        rounds: Rounds,
        prompts: Prompts,
        publication: Publication,
        forks: Forks,
        closing: Closing,
        follow_up: FollowUp,
        *,
        forecasts: Forecasts,
        home: Home,
    ) -> None:
        self._office = office
        self._rounds = rounds
        self._forks = forks
        self._follow_up = follow_up
        self._forecasts = forecasts
        self._home = home
        self._digest = Digest(office)
        self._tidying = Tidying(office)
        self._retries = Retries(office)
        self._alone = 0
        self._about_meeting = {
            DutyKind.PROMPT: prompts.prompt,
            DutyKind.PUBLISH: publication.publish,
            DutyKind.START: forks.start,
            DutyKind.ASK_TO_CLOSE: closing.ask_again,
            DutyKind.LAPSE: closing.lapse,
        }

    async def run_due(self, now: datetime) -> int:
        """Do all that is due by ``now``, then show home tabs anew; returns how many were done and shown.

        Safe late, twice, or in two processes.
        """
        await self._office.shelf.prepare(self._office.store, now)
        done = 0
        while (some := await self._do_some(now)) is not None:
            done += some
        return done + await self._home.publish_changed()

    async def next_due(self) -> datetime | None:
        async with self._office.store.transaction() as tx:
            return await tx.duties.next_due()

    async def _do_some(self, now: datetime) -> int | None:
        """Do the oldest due duty, or many that are alike, and return how many were done; None when nothing is due."""
        claimed: list[Duty] = []
        try:
            try:
                done = await self._attempt(now, claimed, None)
            except _AskSlackFirstError:
                found = await self._rounds.ask_slack()
                claimed.clear()
                done = await self._attempt(now, claimed, found)
        except Exception as error:
            if not claimed:
                raise
            if len(claimed) > 1:
                self._alone = len(claimed)  # so that it shows whose fault it is
                return 0
            self._office.watch.duty_failed(claimed[0].kind)
            # Also after a fault of ours: the duty stays, is logged, and holds up nobody else's.
            await self._retries.put_off(claimed[0], now, error)
            return 1
        for duty in done:
            due_at = now if duty.due_at == AT_ONCE else duty.due_at
            self._office.watch.duty_done(duty.kind, now - due_at)
        return len(done) if claimed else None

    async def _attempt(self, now: datetime, claimed: list[Duty], found: LookUp | None) -> list[Duty]:
        """Return what was done of what is claimed."""
        async with self._office.store.transaction() as tx:
            claimed += await tx.duties.claim(now, 1)
            if self._alone:
                self._alone -= 1
            elif claimed and _is_about_one_person(claimed[0]):
                claimed += await tx.duties.claim_alike(claimed[0], now, TOGETHER - 1, but=(EVERYBODY,))
            if len(claimed) > 1:
                return await self._do_alike(tx, claimed)
            for duty in claimed:
                await self._do(tx, duty, found)
            return claimed

    async def _do_alike(self, tx: Transaction, claimed: list[Duty]) -> list[Duty]:
        """Look after many people at once; those who need it have their duty left, and done alone after this."""
        left = await self._rounds.follow_many(tx, claimed)
        again = [duty for duty in claimed if duty.subject in left]
        await tx.duties.release(*again)
        self._alone = len(again)
        done = [duty for duty in claimed if duty.subject not in left]
        for duty in done:
            log.info("duty.done", extra={"kind": duty.kind, "key": duty.key})
        return done

    async def _do(self, tx: Transaction, duty: Duty, found: LookUp | None) -> None:
        if duty.kind is DutyKind.PLAN and duty.subject == EVERYBODY:
            if found is None:
                raise _AskSlackFirstError
            await self._rounds.daily(tx, duty, found)
            await self._forecasts.settle(tx)
            await self._tidying.tidy(tx)
            await tx.homes.mark_all(self._office.clock.now())
        elif duty.kind is DutyKind.PLAN:
            await self._rounds.follow(tx, duty)
        elif duty.kind is DutyKind.REMIND:
            rep = await tx.people.get(PersonId(duty.subject))
            if rep is not None and rep.active:
                await self._begin_week(tx, rep, duty)
        else:
            meeting = await self._locked(tx, duty)
            if meeting is not None and meeting.state in OPEN_STATES and await self._rounds.stands(tx, meeting):
                await self._about_meeting[duty.kind](tx, meeting)
        log.info("duty.done", extra={"kind": duty.kind, "key": duty.key})

    async def _locked(self, tx: Transaction, duty: Duty) -> Meeting | None:
        """Return the 1:1 that a duty is about."""
        if duty.kind is DutyKind.START:
            return await self._forks.locked(tx, MeetingId(duty.subject))
        return await tx.meetings.get(MeetingId(duty.subject), lock=True)

    async def _begin_week(self, tx: Transaction, person: Person, duty: Duty) -> None:
        """Ask about goals and tell a manager of the week, each where the team holds 1:1s by now.

        Where the person went west over a Monday, and wasn't looked at since, the week begins later: so does this.
        """
        later = await self._follow_up.not_yet(tx, person, duty)
        if later is not None:
            await tx.duties.release(duty)
            await tx.duties.put(later)
            return
        reach = await tx.invitations.reach()
        if person.manager_id is None or reach.includes(person.manager_id):
            await self._follow_up.remind(tx, person)
        else:
            await self._follow_up.schedule(tx, person)
        if reach.includes(person.id):
            await self._digest.send(tx, person)


def _is_about_one_person(duty: Duty) -> bool:
    return duty.kind is DutyKind.PLAN and duty.subject != EVERYBODY
