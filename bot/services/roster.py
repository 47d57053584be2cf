"""Who is who in Slack, and that everybody who can be reached has a next 1:1."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import available_timezones

from bot.coaching.records import Person
from bot.services.follow_up import FollowUp
from bot.services.office import Office
from bot.services.planning import Planning
from bot.services.ports import Duty, DutyKind, SlackAccount, Transaction

EVERYBODY = "everybody"
EARLY = time(4)


class Roster:
    def __init__(self, office: Office, planning: Planning, follow_up: FollowUp) -> None:
        self._office = office
        self._planning = planning
        self._follow_up = follow_up

    async def link(self, accounts: Iterable[SlackAccount]) -> None:
        """Keep who people are in Slack, with the zone Slack says."""
        async with self._office.store.transaction() as tx:
            for account in accounts:
                await tx.people.link(account)

    async def changed(self, user: str, *, email: str | None, zone: str | None, deleted: bool) -> None:
        """Follow a person who moves to another zone, is deactivated, or joins with an e-mail address we know."""
        async with self._office.store.transaction() as tx:
            person = await tx.people.by_slack(user)
            if person is None and email is not None:
                wanted = email.strip().lower()
                person = next((known for known in await tx.people.all() if known.email.lower() == wanted), None)
            if person is None:
                return
            account = SlackAccount(person=person.id, user=user, zone=zone if is_zone(zone) else None, deleted=deleted)
            if await tx.people.account_of(person.id) != account:
                await tx.people.link(account)

    async def unmatched(self) -> tuple[Person, ...]:
        """Return the active people without a live Slack account, by name."""
        async with self._office.store.transaction() as tx:
            live = {account.person for account in await tx.people.accounts() if not account.deleted}
            return tuple(person for person in await tx.people.all() if person.active and person.id not in live)

    async def plan_all(self) -> int:
        """Plan a next 1:1 and a weekly question for everybody without one; returns how many 1:1s were planned."""
        planned = 0
        async with self._office.store.transaction() as tx:
            reps = await self._planning.everybody(tx)
            await self._again_tomorrow(tx)
        for rep in reps:
            async with self._office.store.transaction() as tx:
                planned += await self._planning.plan(tx, rep) is not None
                await self._follow_up.schedule(tx, rep)
        return planned

    async def daily(self, tx: Transaction) -> None:
        """Do what ``plan_all`` does as a duty of the day: joiners and people just linked get their first 1:1."""
        for rep in await self._planning.everybody(tx):
            await self._planning.plan(tx, rep)
            await self._follow_up.schedule(tx, rep)
        await self._again_tomorrow(tx)

    async def _again_tomorrow(self, tx: Transaction) -> None:
        tomorrow = self._office.clock.now().date() + timedelta(days=1)
        due = datetime.combine(tomorrow, EARLY, UTC)
        await tx.duties.put(Duty(f"plan:{tomorrow.isoformat()}", DutyKind.PLAN, EVERYBODY, due))


def is_zone(name: str | None) -> bool:
    """Whether this machine knows the zone: Slack may be ahead of its tzdata."""
    return name in available_timezones()
