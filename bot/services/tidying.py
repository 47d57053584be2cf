"""Forgets what nobody needs any more, so that the database doesn't grow for ever."""

from __future__ import annotations

import logging
from datetime import timedelta

from bot.coaching.commitment import TRANSITIONS
from bot.services.office import Office
from bot.services.ports import Transaction

log = logging.getLogger(__name__)

COMES_TWICE = timedelta(days=7)
"""So long what came in is remembered. Slack tries a delivery again for an hour, and people a button for a minute."""


class Tidying:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def tidy(self, tx: Transaction) -> None:
        """Delete what came in long ago, duties done and messages at rest; people's words are kept where they belong.

        A message of an open 1:1 or goal stays, whatever its age: it may still be rewritten.
        """
        now = self._office.clock.now()
        before = now - timedelta(days=self._office.keep_days)
        subjects = await open_subjects(tx)
        inbox = await tx.inbox.forget(now - COMES_TWICE)
        duties = await tx.duties.forget(before)
        messages = await tx.outbox.forget(before, keep=lambda key: key.split(":")[1] in subjects)
        if inbox or duties or messages:
            log.info("tidied", extra={"inbox": inbox, "duties": duties, "messages": messages})


async def open_subjects(tx: Transaction) -> frozenset[str]:
    """Return what messages may still be rewritten about: open 1:1s, their reps, and open goals, by id."""
    meetings = await tx.meetings.all_open()
    return frozenset(
        {
            *(meeting.id for meeting in meetings),
            *(meeting.rep for meeting in meetings),
            *await tx.goals.ids(frozenset(TRANSITIONS)),
        }
    )
