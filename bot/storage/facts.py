"""The imported records: written and read whole."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Select, Table, case, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.coaching.records import Activity, Deal, PeriodGoal, Person, PersonId, Records, StageEntry, Verifier
from bot.storage.columns import columns_of
from bot.storage.evidence import with_what_was_said
from bot.storage.imported_beside import of_no_source
from bot.storage.people import StoredPeople, all_people, to_person
from bot.storage.sql import database_clock, upsert
from bot.storage.tables import activity, deal, facts_state, period_goal, person, stage_entry, verifier
from bot.storage.values import COMMISSION

_ABSENT = select(deal.c.id).where(deal.c.absent_since.is_not(None))


def _person_row(one: Person) -> dict[str, Any]:
    row = {field.name: getattr(one, field.name) for field in fields(one) if field.name != "locale"}  # Slack says it
    return row | {"commission": COMMISSION.write(one.commission), "awesome_is_own": False}


def _activity_rows(activities: tuple[Activity, ...]) -> list[dict[str, Any]]:
    """A row per rep, type, day, deal and contact: a source that lists single calls has them counted here."""
    counted: Counter[tuple[Any, ...]] = Counter()
    for one in activities:
        counted[one.rep, one.type, one.on, one.deal, one.contact] += one.count
    return [
        {"rep": rep, "type": kind, "day": on, "deal": about, "about": about or "", "contact": contact, "count": count}
        for (rep, kind, on, about, contact), count in counted.items()
    ]


_AT_ONCE = 1000
Made = TypeVar("Made")


def _whole(kind: type[Any]) -> Callable[[Row[Any]], Any]:
    """Return what makes one of ``kind`` from a row with all of its fields in order."""
    return lambda row: kind(*row)


class StoredFacts:
    """The repository of the records."""

    def __init__(self, connection: AsyncConnection, people: StoredPeople) -> None:
        self._connection = connection
        self._people = people

    async def version(self) -> int:
        known: int = (await self._connection.execute(select(facts_state.c.version))).scalar_one()
        return known

    async def imported_at(self) -> datetime | None:
        at: datetime | None = (await self._connection.execute(select(facts_state.c.imported_at))).scalar_one()
        return at

    async def load(self) -> Records:
        state = (await self._connection.execute(select(facts_state))).one()
        return Records(
            people=await self._each(all_people().order_by(person.c.id), to_person),
            deals=await self._read(Deal, deal, where=deal.c.absent_since.is_(None)),
            goals=await self._read(PeriodGoal, period_goal),
            activities=await self._activities(),
            stage_history=await self._read(
                StageEntry, stage_entry, stage_entry.c.entered, where=stage_entry.c.deal.not_in(_ABSENT)
            ),
            verifiers=await self._read(Verifier, verifier, where=verifier.c.deal.not_in(_ABSENT)),
            closings_known_since=state.closings_known_since,
        )

    async def deals(self) -> int:
        count: int = (await self._connection.execute(select(func.count()).select_from(deal))).scalar_one()
        return count

    async def upsert(self, records: Records) -> dict[str, int]:
        """What is there already and not in ``records`` stays; ``closings_known_since`` None leaves the stored day."""
        grown: dict[str, Any] = {
            "version": facts_state.c.version + 1,
            "imported_at": database_clock(self._connection),
        }
        if records.closings_known_since is not None:
            grown["closings_known_since"] = records.closings_known_since
            grown |= {"closings_source": None, "imported_closings": None}
        await self._connection.execute(update(facts_state).values(grown))  # first: it makes imports wait in line
        await self._write_people(records.people)
        await self._write(Deal, deal, records.deals)
        await self._no_longer_absent(records.deals)
        await self._write(PeriodGoal, period_goal, records.goals, beside=of_no_source(period_goal))
        own = of_no_source(activity)
        rows = [row | own for row in _activity_rows(records.activities)]
        await upsert(self._connection, activity, rows, replace=("count", *own))
        await self._write(StageEntry, stage_entry, records.stage_history)
        await self._write(Verifier, verifier, await with_what_was_said(self._connection, records.verifiers))
        return {
            "people": len(records.people),
            "deals": len(records.deals),
            "goals": len(records.goals),
            "activities": len(records.activities),
            "stage_history": len(records.stage_history),
            "verifiers": len(records.verifiers),
        }

    async def _read(
        self, kind: type[Any], table: Table, *order: Any, where: ColumnElement[bool] | None = None
    ) -> tuple[Any, ...]:
        columns = [table.c[column] for _, column in columns_of(kind)]
        query = select(*columns) if where is None else select(*columns).where(where)
        return await self._each(query.order_by(*order, *table.primary_key), _whole(kind))

    async def _each(self, query: Select[Any], make: Callable[[Row[Any]], Made]) -> tuple[Made, ...]:
        """Make something of each row, and let others have their turn after every thousand."""
        made: list[Made] = []
        if self._connection.dialect.name == "sqlite":  # whose driver has read all rows in its own thread
            for some in (await self._connection.execute(query)).partitions(_AT_ONCE):
                made += map(make, some)
                await asyncio.sleep(0)
        else:
            async for some in (await self._connection.stream(query)).partitions(_AT_ONCE):
                made += map(make, some)
        return tuple(made)

    async def activities_of(self, rep: PersonId, since: date) -> tuple[Activity, ...]:
        return await self._activities(activity.c.rep == rep, activity.c.day >= since)

    async def _activities(self, *where: ColumnElement[bool]) -> tuple[Activity, ...]:
        kept = activity.c
        query = select(kept.rep, kept.type, kept.day, kept.deal, kept.contact, kept.count).where(*where)
        return await self._each(query.order_by(kept.day, *activity.primary_key), _whole(Activity))

    async def _write(
        self, kind: type[Any], table: Table, values: tuple[Any, ...], beside: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        """Write records and, in each one's row, what stands beside its fields."""
        columns = columns_of(kind)
        rows = [{column: getattr(value, field) for field, column in columns} | dict(beside) for value in values]
        keys = {column.name for column in table.primary_key}
        names = [*(name for _, name in columns if name not in keys), *beside]
        await upsert(self._connection, table, rows, replace=names)

    async def _no_longer_absent(self, deals: tuple[Deal, ...]) -> None:
        """What an import names is there, whatever a source said before."""
        named = {one.id for one in deals}
        absent = frozenset(await self._connection.scalars(_ABSENT))
        if back := sorted(named & absent):
            await self._connection.execute(update(deal).where(deal.c.id.in_(back)).values(absent_since=None))

    async def _write_people(self, people: tuple[Person, ...]) -> None:
        if not people:
            return
        insert = (sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert)(person)
        # By id, which is the order in which people are locked: an import and a plan never wait for one another.
        rows = [_person_row(one) for one in sorted(people, key=lambda one: one.id)]
        new: dict[str, ColumnElement[Any]] = {
            name: insert.excluded[name] for name in rows[0] if name not in {"id", "awesome_is_own"}
        }
        new["awesome"] = case((person.c.awesome_is_own, person.c.awesome), else_=new["awesome"])
        await self._connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=new), rows)
        self._people.read_anew()
