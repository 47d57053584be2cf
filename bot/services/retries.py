"""What becomes of a duty that can't be done: it is tried again, later each time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.coaching.meeting import MeetingId
from bot.coaching.records import PersonId
from bot.coaching.said import Said, say
from bot.errors import CadenceError
from bot.services.office import Office
from bot.services.ports import Duty, DutyKind, Transaction
from bot.services.posting import tell
from bot.views import notices as view
from bot.views.speaking import said_to

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(days=1)
DOUBLINGS = 9
"""More than bring the first pause to the longest."""

TELL_AFTER = 10
"""Failures, which takes almost two days: what mends itself is mended by then."""

WHAT: dict[DutyKind, Callable[[str], Said]] = {
    DutyKind.PLAN: lambda who: say("look after the 1:1s of {who}", who=who),
    DutyKind.PROMPT: lambda who: say("ask the questions before the 1:1 of {who}", who=who),
    DutyKind.PUBLISH: lambda who: say("send the agenda for the 1:1 of {who}", who=who),
    DutyKind.START: lambda who: say("open the choices at the 1:1 of {who}", who=who),
    DutyKind.ASK_TO_CLOSE: lambda who: say("ask what became of the 1:1 of {who}", who=who),
    DutyKind.LAPSE: lambda who: say("close the 1:1 of {who}", who=who),
    DutyKind.REMIND: lambda who: say("ask about the goals of {who}", who=who),
}
"""What isn't done, as goes on after "I can't"."""


class Retries:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def put_off(self, duty: Duty, now: datetime, error: Exception) -> None:
        """Let a duty that failed wait, twice as long each time, and tell the admins once when it keeps failing."""
        log.warning(
            "duty.failed",
            exc_info=None if isinstance(error, CadenceError) else error,
            extra={"kind": duty.kind, "key": duty.key, "error": type(error).__name__, "failures": duty.failures + 1},
        )
        pause = min(FIRST_PAUSE * 2 ** min(duty.failures, DOUBLINGS), LONGEST_PAUSE)
        async with self._office.store.transaction() as tx:
            await tx.duties.put_off(duty, now + pause)
        if duty.failures + 1 >= TELL_AFTER:
            async with self._office.store.transaction() as tx:
                await self._tell(tx, duty)

    async def _tell(self, tx: Transaction, duty: Duty) -> None:
        what = WHAT[duty.kind](await _whose(tx, duty))
        for person in await tx.people.all():
            key = f"keeps_failing:{duty.key}"
            if person.is_admin and not await tx.outbox.exists(f"{key}:{person.id}"):
                when = await self._office.at_work(tx, person)
                failing = said_to(person, view.keeps_failing, what, duty.key)
                await tell(tx, person, "keeps_failing", key, failing, when)


async def _whose(tx: Transaction, duty: Duty) -> str:
    meeting = await tx.meetings.get(MeetingId(duty.subject))
    rep = await tx.people.get(PersonId(duty.subject) if meeting is None else meeting.rep)
    return say("everybody") if rep is None else rep.name
