"""Lets a published agenda say what an import brought of its deals, and takes back choices that fall away with it."""

from __future__ import annotations

from bot.coaching.meeting import Meeting, MeetingState
from bot.services.forks import Forks
from bot.services.ports import Transaction
from bot.services.publication import Publication

READ = frozenset({MeetingState.PUBLISHED, MeetingState.STARTED})


class Freshness:
    def __init__(self, publication: Publication, forks: Forks) -> None:
        self._publication = publication
        self._forks = forks

    def is_sure(self, meeting: Meeting | None) -> bool:
        """Return whether nobody has read anything of a 1:1 yet that records could overtake."""
        return meeting is None or meeting.state not in READ

    async def renew(self, tx: Transaction, meeting: Meeting) -> None:
        """Mark on both copies what changed, and take back what is no choice any more; nothing is rewritten in vain."""
        if self.is_sure(meeting):
            return
        now = await tx.meetings.get(meeting.id, lock=True)
        if now is not None and not self.is_sure(now):
            await self._publication.rewrite(tx, now)
            await self._forks.overtake(tx, now)
