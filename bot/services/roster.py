"""Who is who in Slack."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from zoneinfo import available_timezones

from bot.coaching.records import Person, PersonId
from bot.errors import CadenceError
from bot.services.accounts import Accounts, lots
from bot.services.office import Office
from bot.services.ports import Directory, SlackAccount, Transaction
from bot.services.soon import follow_soon
from bot.services.troubles import Troubles

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LookUp:
    """What Slack said of people; ``answered`` is False when it didn't answer."""

    accounts: tuple[SlackAccount, ...] = ()
    answered: bool = True


class Roster:
    def __init__(
        self,
        office: Office,
        directory: Directory,
        troubles: Troubles,
    ) -> None:
        self._office = office
        self._accounts = Accounts(office)
        self._directory = directory
        self._troubles = troubles

    async def match(self) -> tuple[Person, ...]:
        """Look everybody up in Slack by e-mail address; returns the people without an account.

        Raises CadenceError when Slack doesn't answer.
        """
        async with self._office.store.transaction() as tx:
            people, known_before = await tx.people.all(), await tx.people.accounts()
        accounts = await self._directory.accounts(people, known_before)
        await self.link(accounts)
        known = {account.person for account in accounts}
        return tuple(person for person in people if person.id not in known)

    async def look_up(self) -> LookUp:
        """Ask Slack about all active people: of who moved, left or came back it may have told while nobody listened."""
        async with self._office.store.transaction() as tx:
            people = [person for person in await tx.people.all() if person.active]
            known = await tx.people.accounts()
        if not people:
            return LookUp()
        try:
            return LookUp(await self._directory.accounts(people, known, patient=False))
        except CadenceError as error:
            log.warning("people.not_looked_up", extra={"count": len(people), "error": type(error).__name__})
            return LookUp(answered=False)

    async def link(self, accounts: Iterable[SlackAccount]) -> None:
        """Keep who people are in Slack, with the zone and the language Slack says; some hundred people at a time."""
        async with self._office.store.transaction() as tx:
            changed = await self._accounts.changed(tx, tuple(accounts))
        for some in lots(changed):
            async with self._office.store.transaction() as tx:
                await tx.people.hold(*(account.person for account in some))
                await self._accounts.keep_many(tx, some)

    async def changed(
        self,
        user: str,
        *,
        email: str | None,
        zone: str | None,
        deleted: bool,
        as_of: datetime | None = None,
        locale: str | None = None,
    ) -> bool:
        """Follow a person who moves to another zone or language, is deactivated, or joins with an address we know.

        ``locale`` None is not said, and changes nothing. Returns whether that is the newest of what Slack said of the
        account; what is older changes nothing.
        """
        async with self._office.store.transaction() as tx:
            person = await tx.people.by_slack(user)
            if person is None and email is not None and not deleted:
                wanted = email.strip().lower()
                person = next((known for known in await tx.people.all() if known.email.lower() == wanted), None)
            if person is None:
                return True
            await tx.people.hold(person.id)  # of two at once the second sees what the first one kept
            account = SlackAccount(person.id, user, zone if is_zone(zone) else None, deleted, as_of, locale)
            before = await tx.people.account_of(person.id)
            if before is not None and account.is_older_than(before):
                return False
            if await self._accounts.keep(tx, [(account, before)]):
                await follow_soon(tx, self._office, person, *await tx.people.reports_of(person.id))
            return True

    async def take(self, tx: Transaction, person: Person, user: str) -> None:
        """Keep an admin's word on whose an account is, and look at who can be reached now.

        It stays until an account has the person's address; Slack says the account's zone at the next look-up.
        """
        await self._accounts.link(tx, [SlackAccount(person.id, user)])
        await follow_soon(tx, self._office, person, *await tx.people.reports_of(person.id))

    async def left_slack(self, tx: Transaction, person: PersonId) -> None:
        """Follow that somebody's account is deactivated, which Slack said to a message and not by itself."""
        found = await tx.people.get(person)
        before = await tx.people.account_of(person)
        if found is None or before is None:
            return
        if await self._accounts.keep(tx, [(replace(before, deleted=True), before)]):
            await follow_soon(tx, self._office, found, *await tx.people.reports_of(person))

    async def unmatched(self) -> tuple[Person, ...]:
        """Return the active people without a live Slack account, by name."""
        async with self._office.store.transaction() as tx:
            live = {account.person for account in await tx.people.accounts() if not account.deleted}
            return tuple(person for person in await tx.people.all() if person.active and person.id not in live)

    async def keep(self, tx: Transaction, found: LookUp) -> None:
        """Keep who was found in Slack; the admins hear of it where Slack doesn't say who is who."""
        changed = await self._accounts.changed(tx, found.accounts)
        # Whom events tell of at this moment is waited for, so that none of them is overwritten with what is older.
        await tx.people.hold(*(account.person for account in changed))
        for some in lots(changed):
            await self._accounts.keep_many(tx, some)
        await (self._troubles.people_known(tx) if found.answered else self._troubles.people_unknown(tx))


def is_zone(name: str | None) -> bool:
    """Whether this machine knows the zone: Slack may be ahead of its tzdata."""
    return name in _zones()


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # it looks at every file
