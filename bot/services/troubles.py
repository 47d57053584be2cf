"""What keeps the bot from working with Slack: the admins are told once, and in the same message when it is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.coaching.records import Person
from bot.services.access import admins
from bot.services.office import Office
from bot.services.ports import Refusals, Transaction, Trouble
from bot.services.posting import tell
from bot.views import troubles as view
from bot.views.message import Message
from bot.views.speaking import said_to

AGAIN_WITHIN = timedelta(days=1)
"""What comes again sooner is the same trouble: its message is rewritten, and nobody gets another."""

PATIENCE = timedelta(hours=3)
"""So long Slack may keep silent about who is who before anybody is told."""

REFUSED, DEAF = "refused:", "deaf"
PEOPLE = "people"
"""Slack doesn't say who is who: the roster, which asks, begins and ends it."""


class Troubles:
    """Found in what delivery wrote down and not by what it sees fail, so that a kill in between hides nothing."""

    def __init__(self, office: Office, refusals: Refusals) -> None:
        self._office = office
        self._refusals = refusals

    async def look(self) -> None:
        """Tell of what began and of what is over. Safe at any time, and by replicas at the same moment."""
        async with self._office.store.transaction() as tx:
            waiting = await tx.outbox.waiting_because(self._refusals.stops)
            for error in sorted(waiting):
                await self._begin(tx, f"{REFUSED}{error}")
            for one in await tx.troubles.open():
                if one.key.startswith(REFUSED) and one.key.removeprefix(REFUSED) not in waiting:
                    await self._end(tx, one.key)
                elif one.key == PEOPLE and self._office.clock.now() - one.began_at >= PATIENCE:
                    await self._tell(tx, one)

    async def deaf(self) -> None:
        """Slack has had no connection to this process for long."""
        async with self._office.store.transaction() as tx:
            await self._begin(tx, DEAF)

    async def hears(self) -> None:
        """Slack has a connection to this process, which had none or is new."""
        async with self._office.store.transaction() as tx:
            await self._end(tx, DEAF)

    async def people_unknown(self, tx: Transaction) -> None:
        """Slack didn't say who is who; the admins hear of it when it doesn't for long."""
        await tx.troubles.begin(PEOPLE, self._office.clock.now(), AGAIN_WITHIN)

    async def people_known(self, tx: Transaction) -> None:
        await self._end(tx, PEOPLE)

    async def _begin(self, tx: Transaction, key: str) -> None:
        await self._tell(tx, await tx.troubles.begin(key, self._office.clock.now(), AGAIN_WITHIN))

    async def _end(self, tx: Transaction, key: str) -> None:
        ended = await tx.troubles.end(key, self._office.clock.now())
        if ended is not None:
            await self._tell(tx, ended)

    async def _tell(self, tx: Transaction, trouble: Trouble) -> None:
        words = self._words(trouble)
        message_key = f"trouble:{trouble.key}:{trouble.began_at:%Y%m%dT%H%M%S}"
        for admin in await admins(tx):
            await tx.homes.mark(admin.id, at=self._office.clock.now())
            known = await tx.outbox.exists(f"{message_key}:{admin.id}")
            if known or trouble.over_at is None:  # of what is over before anybody was to know, nothing is said
                when = await self._office.at_work(tx, admin)
                await tell(tx, admin, "trouble", message_key, said_to(admin, words, admin), when)

    def _words(self, trouble: Trouble) -> Callable[[Person], Message]:
        if trouble.key == DEAF:
            return lambda admin: view.deaf(trouble, admin.timezone)
        if trouble.key == PEOPLE:
            return lambda admin: view.people_unknown(trouble, admin.timezone)
        error = trouble.key.removeprefix(REFUSED)
        return lambda admin: view.refused(trouble, error, self._refusals.remedy(error), admin.timezone)
