"""What becomes of a message that never gets through: somebody who can mend it, or say it instead, is told once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bot.coaching.records import PersonId
from bot.services.access import admins, is_reachable
from bot.services.office import Office
from bot.services.ports import GivenUp, Refusals, Transaction
from bot.services.posting import tell
from bot.services.roster import Roster
from bot.views import troubles as view
from bot.views.speaking import said_to

LOOK_BACK = timedelta(days=2)
"""So long ago a message may have been given up to be told of: today's and yesterday's are whole in it."""


class Undelivered:
    """Found in the outbox and not by what delivery sees fail, so that a kill in between hides nothing."""

    def __init__(self, office: Office, roster: Roster, refusals: Refusals) -> None:
        self._office = office
        self._roster = roster
        self._refusals = refusals

    async def look(self) -> None:
        """Follow who is gone, and tell of the rest. Safe at any time, and by replicas at the same moment."""
        async with self._office.store.transaction() as tx:
            given_up = await tx.outbox.given_up(self._office.clock.now(), LOOK_BACK)
            if not given_up:
                return
            gone = {one.to for one in given_up if one.error in self._refusals.gone}
            for person in sorted(gone):
                await self._roster.left_slack(tx, person)
            await tx.outbox.lay_down([one.key for one in given_up if one.to in gone])
            rest = [one for one in given_up if one.to not in gone]
            await self._tell_admins(tx, rest)
            await self._tell_managers(tx, rest)

    async def _tell_admins(self, tx: Transaction, given_up: Iterable[GivenUp]) -> None:
        """One message a day for each reason, rewritten as it happens again."""
        people = {person.id: person for person in await tx.people.all()}
        for day, error in sorted({(_day(one), one.error) for one in given_up}):
            ones = [one for one in given_up if (_day(one), one.error) == (day, error)]
            for admin in await admins(tx):
                when = await self._office.at_work(tx, admin)
                message = said_to(admin, view.undelivered, ones, people, error, self._refusals.remedy(error))
                await tell(tx, admin, "undelivered", f"undelivered:{day}:{error}", message, when)

    async def _tell_managers(self, tx: Transaction, given_up: Iterable[GivenUp]) -> None:
        """One message a day for each rep who wasn't reached: the manager can ask in person."""
        for day, to in sorted({(_day(one), one.to) for one in given_up}):
            rep = await tx.people.get(PersonId(to))
            manager = None if rep is None or rep.manager_id is None else await tx.people.get(rep.manager_id)
            if rep is not None and manager is not None and await is_reachable(tx, manager):
                ones = [one for one in given_up if (_day(one), one.to) == (day, to)]
                when = await self._office.at_work(tx, manager)
                message = said_to(manager, view.not_reached, ones, rep)
                await tell(tx, manager, "not_reached", f"not_reached:{day}:{to}", message, when)


def _day(one: GivenUp) -> str:
    return one.at.date().isoformat()
