"""Who is who in Slack, and that everybody who can be reached has a next 1:1."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from math import ceil
from zoneinfo import available_timezones

from bot.coaching.meeting import Meeting
from bot.coaching.records import Person, PersonId, Records
from bot.errors import CadenceError, StaleError, TryLaterError
from bot.services.absence import Absence
from bot.services.accounts import Accounts, lots
from bot.services.following import TOGETHER, Followed, Following
from bot.services.inviting import Inviting
from bot.services.office import Office
from bot.services.ports import Directory, Duty, DutyKind, SlackAccount, Transaction
from bot.services.soon import follow_soon
from bot.services.succession import Succession
from bot.services.troubles import Troubles

log = logging.getLogger(__name__)

EVERYBODY = "everybody"
EARLY = time(4)

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""When a duty is due that any bot is to do as soon as it runs, whatever its clock says."""

ASK_AGAIN_AFTER = timedelta(hours=1)
"""When Slack didn't say who is new."""


async def take_in(tx: Transaction, records: Records) -> dict[str, int]:
    """Import records and let everybody be looked at anew; returns how many rows of each table came."""
    counts = await tx.facts.upsert(records)
    key = f"plan:import:{await tx.facts.version()}"
    await tx.duties.put(Duty(key, DutyKind.PLAN, EVERYBODY, AT_ONCE))
    return counts


async def bring(tx: Transaction, records: Records) -> dict[str, int]:
    """Take in what the company itself says: from now on these people's records follow no source."""
    counts = await take_in(tx, records)
    await tx.people.keep_made([person.id for person in records.people], None)
    return counts


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
        following: Following,
        succession: Succession,
        absence: Absence,
        troubles: Troubles,
        inviting: Inviting,
    ) -> None:
        self._office = office
        self._accounts = Accounts(office)
        self._directory = directory
        self._following = following
        self._succession = succession
        self._absence = absence
        self._troubles = troubles
        self._inviting = inviting

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
            return LookUp(await self._directory.accounts(people, known))
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

    async def daily(self, tx: Transaction, duty: Duty, found: LookUp) -> None:
        """Keep who was found in Slack and look at everybody, each in a duty of its own: a fault holds up nobody else.

        ``duty`` is the daily one, or an import's.
        """
        now = self._office.clock.now()
        changed = await self._accounts.changed(tx, found.accounts)
        # Whom events tell of at this moment is waited for, so that none of them is overwritten with what is older.
        await tx.people.hold(*(account.person for account in changed))
        for some in lots(changed):
            await self._accounts.keep_many(tx, some)
        await (self._troubles.people_known(tx) if found.answered else self._troubles.people_unknown(tx))
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


def is_zone(name: str | None) -> bool:
    """Whether this machine knows the zone: Slack may be ahead of its tzdata."""
    return name in _zones()


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # it looks at every file
