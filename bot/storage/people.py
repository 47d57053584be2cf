"""People, their Slack accounts, working hours and leave."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.coaching.records import Leave, Person, PersonId, WorkingHours
from bot.services.ports import SlackAccount
from bot.storage.sql import upsert
from bot.storage.tables import leave, person, slack_account, working_hours
from bot.storage.values import COMMISSION


def all_people() -> Select[Any]:
    """Everybody with the zone that counts: Slack's where Slack said one, else the records'."""
    columns = [column for column in person.columns if column.name not in {"timezone", "awesome_is_own"}]
    zone = func.coalesce(slack_account.c.zone, person.c.timezone).label("timezone")
    return select(*columns, zone).select_from(person.outerjoin(slack_account))


def to_person(row: Row[Any]) -> Person:
    values = dict(row._mapping)  # noqa: SLF001 - the public name of this attribute, documented so
    return Person(**values | {"commission": COMMISSION.read(values["commission"])})


def _to_account(row: Row[Any]) -> SlackAccount:
    return SlackAccount(person=row.person, user=row.slack_user, zone=row.zone, deleted=row.deleted)


class StoredPeople:
    """The repository of people."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, person_id: PersonId, *, lock: bool = False) -> Person | None:
        query = all_people().where(person.c.id == person_id)
        if lock:
            query = query.with_for_update(key_share=True, of=person)  # FOR NO KEY UPDATE: who only refers goes on
        found = (await self._connection.execute(query)).one_or_none()
        return None if found is None else to_person(found)

    async def all(self) -> tuple[Person, ...]:
        found = await self._connection.execute(all_people().order_by(person.c.name, person.c.id))
        return tuple(map(to_person, found))

    async def reports_of(self, manager: PersonId) -> tuple[Person, ...]:
        theirs = all_people().where(person.c.manager_id == manager, person.c.active)
        return tuple(map(to_person, await self._connection.execute(theirs.order_by(person.c.name, person.c.id))))

    async def by_slack(self, user: str) -> Person | None:
        found = (await self._connection.execute(all_people().where(slack_account.c.slack_user == user))).one_or_none()
        return None if found is None else to_person(found)

    async def account_of(self, person_id: PersonId) -> SlackAccount | None:
        query = select(slack_account).where(slack_account.c.person == person_id)
        found = (await self._connection.execute(query)).one_or_none()
        return None if found is None else _to_account(found)

    async def accounts(self) -> tuple[SlackAccount, ...]:
        found = await self._connection.execute(select(slack_account).order_by(slack_account.c.person))
        return tuple(map(_to_account, found))

    async def link(self, account: SlackAccount) -> None:
        """A Slack user who belonged to somebody else moves to this person."""
        moved = slack_account.c.person != account.person
        await self._connection.execute(
            delete(slack_account).where(slack_account.c.slack_user == account.user, moved),
        )
        row = {
            "person": account.person,
            "slack_user": account.user,
            "zone": account.zone,
            "deleted": account.deleted,
        }
        await upsert(self._connection, slack_account, [row], replace=("slack_user", "zone", "deleted"))

    async def hours_of(self, manager: PersonId) -> WorkingHours | None:
        query = select(working_hours).where(working_hours.c.manager == manager)
        found = (await self._connection.execute(query)).one_or_none()
        if found is None:
            return None
        return WorkingHours(
            weekdays=tuple(found.weekdays),
            opens=found.opens,
            closes=found.closes,
            minutes=found.minutes,
        )

    async def set_hours(self, manager: PersonId, hours: WorkingHours) -> None:
        row = {
            "manager": manager,
            "weekdays": list(hours.weekdays),
            "opens": hours.opens,
            "closes": hours.closes,
            "minutes": hours.minutes,
        }
        await upsert(self._connection, working_hours, [row], replace=("weekdays", "opens", "closes", "minutes"))

    async def leave_of(self, person_id: PersonId) -> tuple[Leave, ...]:
        """By first day."""
        query = select(leave).where(leave.c.person == person_id).order_by(leave.c.first_day, leave.c.last_day)
        found = await self._connection.execute(query)
        return tuple(Leave(row.person, row.first_day, row.last_day, row.reason) for row in found)

    async def add_leave(self, away: Leave) -> None:
        """The same days given twice are one leave, with the later reason."""
        row = {"person": away.person, "first_day": away.first, "last_day": away.last, "reason": away.reason}
        await upsert(self._connection, leave, [row], replace=("reason",))

    async def set_awesome(self, person_id: PersonId, amount: float | None) -> None:
        """From now on the person's own word counts, also None, whatever an import brings."""
        mine = update(person).where(person.c.id == person_id)
        await self._connection.execute(mine.values(awesome=amount, awesome_is_own=True))
