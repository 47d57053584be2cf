"""People, their Slack accounts, working hours and leave."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, Text, bindparam, case, cast, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.coaching.records import Leave, Person, PersonId, WorkingHours
from bot.services.ports import SlackAccount
from bot.storage.among import among
from bot.storage.outbox import shown_nowhere
from bot.storage.sql import upsert
from bot.storage.tables import leave, person, slack_account, working_hours
from bot.storage.types import UTC
from bot.storage.values import COMMISSION


def all_people() -> Select[Any]:
    """Everybody with the zone that counts, Slack's where Slack said one, else the records'; and with Slack's locale.

    The commission comes as JSON, which for most is that of nothing.
    """
    made = {
        "timezone": func.coalesce(slack_account.c.zone, person.c.timezone).label("timezone"),
        "locale": func.coalesce(slack_account.c.locale, "").label("locale"),
        "commission": cast(person.c.commission, Text).label("commission"),
    }
    columns = [made[field.name] if field.name in made else person.c[field.name] for field in fields(Person)]
    return select(*columns).select_from(person.outerjoin(slack_account))


_NUMBER_OF_FIELDS = len(fields(Person))
_COMMISSION = [field.name for field in fields(Person)].index("commission")
_NO_COMMISSION = "[]"


def to_person(row: Row[Any]) -> Person:
    """Read a row of ``all_people``, whatever columns follow."""
    values: list[Any] = list(row[:_NUMBER_OF_FIELDS])
    stored: str = values[_COMMISSION]
    values[_COMMISSION] = () if stored == _NO_COMMISSION else COMMISSION.read_json(stored)
    return Person(*values)


WITH_ACCOUNT = all_people().add_columns(
    slack_account.c.slack_user,
    slack_account.c.zone.label("slack_zone"),
    slack_account.c.deleted,
    slack_account.c.as_of,
    slack_account.c.locale.label("slack_locale"),
)
_MANAGER = select(person.c.manager_id).where(person.c.id == bindparam("wanted")).scalar_subquery()
_BY_ID = WITH_ACCOUNT.where(or_(person.c.id == bindparam("wanted"), person.c.id == _MANAGER))
"""With the manager, whom almost every use case asks for next."""
_BY_SLACK = WITH_ACCOUNT.where(slack_account.c.slack_user == bindparam("wanted"))
_SEVERAL = WITH_ACCOUNT.where(among(person.c.id, "people"))
_HELD = select(person.c.id).where(among(person.c.id, "people")).order_by(person.c.id).with_for_update(key_share=True)
_LINKED = or_(among(slack_account.c.slack_user, "users"), among(slack_account.c.person, "people"))
_LINKED_BEFORE = select(slack_account.c.person, slack_account.c.slack_user).where(_LINKED)
_UNLINK = delete(slack_account).where(_LINKED)
_SEEN = (
    update(slack_account)
    .where(slack_account.c.person == bindparam("who"), slack_account.c.slack_user == bindparam("account"))
    .where(or_(slack_account.c.as_of.is_(None), slack_account.c.as_of < bindparam("newest", type_=UTC)))
    .values(as_of=bindparam("newest", type_=UTC))
)
_LEAVE = select(leave).where(among(leave.c.person, "wanted")).order_by(leave.c.first_day, leave.c.last_day)


def _to_account(row: Row[Any]) -> SlackAccount:
    return SlackAccount(row.person, row.slack_user, row.zone, row.deleted, row.as_of, row.locale)


def to_hours(row: Row[Any]) -> WorkingHours:
    return WorkingHours(tuple(row.weekdays), opens=row.opens, closes=row.closes, minutes=row.minutes)


class StoredPeople:
    """The repository of people.

    What was read of a person is kept until the transaction ends or changes it: every use case asks for the same two
    people again and again.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._people: dict[PersonId, Person | None] = {}
        self._accounts: dict[PersonId, SlackAccount | None] = {}
        self._leave: dict[PersonId, list[Leave]] = {}

    def read_anew(self) -> None:
        """Forget what was read, as something changed it."""
        self._people.clear()
        self._accounts.clear()
        self._leave.clear()

    async def hold(self, *people: PersonId) -> None:
        """Whoever only refers to a person goes on."""
        if not people:
            return
        await self._connection.execute(_HELD, {"people": people})
        self.read_anew()

    async def get(self, person_id: PersonId) -> Person | None:
        if person_id not in self._people:
            self._people[person_id] = self._accounts[person_id] = None
            for row in await self._connection.execute(_BY_ID, {"wanted": person_id}):
                self._keep(row)
        return self._people[person_id]

    async def several(self, people: Collection[PersonId]) -> dict[PersonId, Person]:
        unread = [one for one in people if one not in self._people]
        if unread:
            self._people |= dict.fromkeys(unread)
            self._accounts |= dict.fromkeys(unread)
            for row in await self._connection.execute(_SEVERAL, {"people": unread}):
                self._keep(row)
        return {one: known for one in people if (known := self._people[one]) is not None}

    async def all(self) -> tuple[Person, ...]:
        return await self._several(all_people())

    async def by_team(self) -> tuple[PersonId, ...]:
        query = select(person.c.id).order_by(func.coalesce(person.c.manager_id, person.c.id), person.c.id)
        return tuple(await self._connection.scalars(query))

    async def reports_of(self, manager: PersonId) -> tuple[Person, ...]:
        return await self._several(all_people().where(person.c.manager_id == manager, person.c.active))

    async def by_slack(self, user: str) -> Person | None:
        found = (await self._connection.execute(_BY_SLACK, {"wanted": user})).one_or_none()
        return None if found is None else self._keep(found)

    async def account_of(self, person_id: PersonId) -> SlackAccount | None:
        await self.get(person_id)
        return self._accounts.get(person_id)

    async def _several(self, query: Select[Any]) -> tuple[Person, ...]:
        found = (await self._connection.execute(query.order_by(person.c.name, person.c.id))).all()
        return tuple(map(to_person, found))

    def _keep(self, row: Row[Any]) -> Person:
        """Keep a row of ``WITH_ACCOUNT`` for the next who asks."""
        known = to_person(row)
        user, *others = row[_NUMBER_OF_FIELDS:]
        self._people[known.id] = known
        self._accounts[known.id] = SlackAccount(known.id, user, *others) if user else None
        return known

    async def accounts(self) -> tuple[SlackAccount, ...]:
        found = await self._connection.execute(select(slack_account).order_by(slack_account.c.person))
        return tuple(map(_to_account, found))

    async def link(self, *accounts: SlackAccount) -> None:
        """What was known of these people and users goes first, so that two can swap accounts.

        Nobody sees with one account what was shown to another, so that is shown nowhere any more. Of whoever lost an
        account it stays known until there is another one: nothing is sent meanwhile.
        """
        linked = {one.user: one for one in accounts}
        if not linked:
            return
        known = {"users": tuple(linked), "people": [one.person for one in accounts]}
        before = (await self._connection.execute(_LINKED_BEFORE, known)).all()
        await self._connection.execute(_UNLINK, known)
        rows = [
            {
                "person": one.person,
                "slack_user": one.user,
                "zone": one.zone,
                "deleted": one.deleted,
                "as_of": one.as_of,
                "locale": one.locale,
            }
            for one in linked.values()
        ]
        columns = ("slack_user", "zone", "deleted", "as_of", "locale")
        await upsert(self._connection, slack_account, rows, replace=columns)
        same = {(row.person, row.slack_user) for row in before}
        await shown_nowhere(
            self._connection, {one.person for one in linked.values() if (one.person, one.user) not in same}
        )
        self.read_anew()

    async def seen(self, accounts: Collection[SlackAccount]) -> None:
        rows = [{"who": one.person, "account": one.user, "newest": one.as_of} for one in accounts if one.as_of]
        if rows:
            await self._connection.execute(_SEEN, rows)
            self.read_anew()

    async def unmatched(self) -> int:
        live = exists().where(slack_account.c.person == person.c.id, ~slack_account.c.deleted)
        count = select(func.count()).select_from(person).where(person.c.active, ~live)
        return (await self._connection.execute(count)).scalar_one()

    async def hours_of(self, manager: PersonId) -> WorkingHours | None:
        query = select(working_hours).where(working_hours.c.manager == manager)
        found = (await self._connection.execute(query)).one_or_none()
        return None if found is None else to_hours(found)

    async def set_hours(self, manager: PersonId, hours: WorkingHours) -> None:
        row = {
            "manager": manager,
            "weekdays": list(hours.weekdays),
            "opens": hours.opens,
            "closes": hours.closes,
            "minutes": hours.minutes,
        }
        await upsert(self._connection, working_hours, [row], replace=("weekdays", "opens", "closes", "minutes"))

    async def leave_of(self, *people: PersonId) -> tuple[Leave, ...]:
        unread = [one for one in people if one not in self._leave]
        if unread:
            self._leave |= {one: [] for one in unread}
            for row in await self._connection.execute(_LEAVE, {"wanted": unread}):
                self._leave[row.person].append(Leave(row.person, row.first_day, row.last_day, row.reason))
        found = [away for one in people for away in self._leave[one]]
        return tuple(sorted(found, key=lambda away: away.first)) if found else ()

    async def add_leave(self, away: Leave) -> None:
        """The same days given twice are one leave, with the later reason."""
        row = {"person": away.person, "first_day": away.first, "last_day": away.last, "reason": away.reason}
        await upsert(self._connection, leave, [row], replace=("reason",))
        self.read_anew()

    async def remove_leave(self, person_id: PersonId, first: date, last: date) -> bool:
        mine = (leave.c.person == person_id) & (leave.c.first_day == first) & (leave.c.last_day == last)
        removed = await self._connection.execute(delete(leave).where(mine))
        self.read_anew()
        return removed.rowcount == 1

    async def made(self) -> dict[PersonId, str]:
        found = await self._connection.execute(select(person.c.id, person.c.source).where(person.c.source.is_not(None)))
        return {row.id: row.source for row in found}

    async def keep_made(self, people: Collection[PersonId], of: str | None) -> None:
        if not people:
            return
        change = update(person).where(person.c.id == bindparam("who")).values(source=of)
        await self._connection.execute(change, [{"who": one} for one in sorted(people)])

    async def unsay(self, source: str) -> None:
        mine = select(person.c.id).where(person.c.source == source).order_by(person.c.id).with_for_update()
        await self._connection.execute(mine)  # in the order in which imports and plans lock people, too
        own = case((person.c.awesome_is_own, person.c.awesome), else_=None)
        said = {"manager_id": None, "quota": None, "commission": COMMISSION.write(()), "awesome": own}
        await self._connection.execute(update(person).where(person.c.source == source).values(said))
        self.read_anew()

    async def make_admin(self, person_id: PersonId) -> None:
        await self._connection.execute(update(person).where(person.c.id == person_id).values(is_admin=True))
        self.read_anew()

    async def set_awesome(self, person_id: PersonId, amount: float | None) -> None:
        """From now on the person's own word counts, also None, whatever an import brings."""
        mine = update(person).where(person.c.id == person_id)
        await self._connection.execute(mine.values(awesome=amount, awesome_is_own=True))
        self.read_anew()
