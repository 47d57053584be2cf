"""Who is in a source, whose of our people that is, and which stages it has."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Row, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.coaching.records import Person, PersonId
from bot.services.ports.sync import SyncedPerson
from bot.services.source import SourcePerson, SourceStage
from bot.storage.sql import upsert
from bot.storage.tables import person as our_person
from bot.storage.tables import source_deal, source_goal, source_person, source_stage
from bot.storage.values import PERSON

_ABOUT = ("name", "email", "active", "manager", "team", "timezone", "record")
_STAGE = ("name", "pipeline", "pipeline_name", "position", "probability", "status", "archived")


class StoredSourcePeople:
    """The half of ``Syncs`` about people and stages."""

    def __init__(self, database: AsyncConnection) -> None:
        self._database = database

    async def keep_people(self, source: str, people: Collection[SourcePerson]) -> None:
        rows = [
            {name: getattr(one, name) for name in ("id", *_ABOUT)}
            | {"source": source, "record": _written(one.record), "person": None, "mapped": False, "made": False}
            for one in {one.id: one for one in people}.values()
        ]
        await upsert(self._database, source_person, rows, replace=_ABOUT)

    async def people(self, source: str) -> tuple[SyncedPerson, ...]:
        kept = source_person.c
        deals, goals = source_deal.c, source_goal.c
        owns = or_(
            select(deals.id).where(deals.source == kept.source, deals.owner == kept.id).exists(),
            select(goals.owner).where(goals.source == kept.source, goals.owner == kept.id).exists(),
        )
        ours = select(our_person.c.source).where(our_person.c.id == kept.person).scalar_subquery()
        query = (
            select(source_person, owns.label("owns"), ours.is_not(None).label("follows"))
            .where(kept.source == source)
            .order_by(kept.id)
        )
        return tuple(map(_to_person, await self._database.execute(query)))

    async def link(self, source: str, who: Mapping[str, PersonId | None], *, made: Collection[str] = ()) -> None:
        for owner, person in who.items():
            values: dict[str, Any] = {"person": person} | ({"made": True} if owner in made else {})
            await self._set(source, owner, values, unless_mapped=True)

    async def held(self, source: str, who: str) -> SyncedPerson | None:
        mine = select(source_person.c.id).where(source_person.c.source == source, source_person.c.id == who)
        await self._database.execute(mine.with_for_update())
        return next((one for one in await self.people(source) if one.who.id == who), None)

    async def map(self, source: str, who: str, person: PersonId | None) -> bool:
        return await self._set(source, who, {"person": person, "mapped": person is not None})

    async def _set(self, source: str, owner: str, values: Mapping[str, Any], *, unless_mapped: bool = False) -> bool:
        """Change who somebody is; what they own is shown anew."""
        mine = update(source_person).where(source_person.c.source == source, source_person.c.id == owner)
        if unless_mapped:  # an admin may have said it since the sync looked
            mine = mine.where(source_person.c.mapped.is_(False))
        found = await self._database.execute(mine.values(**values))
        theirs = update(source_deal).where(source_deal.c.source == source, source_deal.c.owner == owner)
        await self._database.execute(theirs.values(fresh=True))
        return bool(found.rowcount)

    async def keep_stages(self, source: str, stages: Collection[SourceStage], shown: Mapping[str, str]) -> None:
        known = {stage.id: name for stage, name in await self.stages(source)}
        rows = [
            {name: getattr(one, name) for name in ("id", *_STAGE)} | {"source": source, "shown": shown[one.id]}
            for one in stages
        ]
        await upsert(self._database, source_stage, rows, replace=(*_STAGE, "shown"))
        renamed = [stage for stage, name in shown.items() if known.get(stage) != name]
        if not renamed:
            return
        # A deal that was in a stage earlier shows it in its history.
        mine = update(source_deal).where(source_deal.c.source == source)
        await self._database.execute(mine.values(fresh=True))

    async def stages(self, source: str) -> tuple[tuple[SourceStage, str], ...]:
        kept = source_stage.c
        query = select(source_stage).where(kept.source == source).order_by(kept.pipeline, kept.position, kept.id)
        found = await self._database.execute(query)
        return tuple((SourceStage(row.id, *(getattr(row, name) for name in _STAGE)), row.shown) for row in found)


def _written(record: Person | None) -> Any:
    return None if record is None else PERSON.write(record)


def _to_person(row: Row[Any]) -> SyncedPerson:
    record = None if row.record is None else PERSON.read(row.record)
    who = SourcePerson(row.id, row.name, row.email, row.active, row.manager, row.team, row.timezone, record)
    return SyncedPerson(who, row.person, row.mapped, bool(row.made and row.follows), bool(row.owns))
