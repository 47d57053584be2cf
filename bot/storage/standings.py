"""The fixed weekday and time of each rep's 1:1s."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.coaching.records import PersonId
from bot.services.ports import Standing
from bot.storage.sql import upsert
from bot.storage.tables import standing


def to_standing(row: Row[Any]) -> Standing:
    return Standing(rep=row.rep, manager=row.manager, weekday=row.weekday, at=row.wall_time, zone=row.zone)


class StoredStandings:
    """The repository of standing appointments, one per rep."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, rep: PersonId) -> Standing | None:
        found = (await self._connection.execute(select(standing).where(standing.c.rep == rep))).one_or_none()
        return None if found is None else to_standing(found)

    async def of_manager(self, manager: PersonId) -> tuple[Standing, ...]:
        """By weekday and time."""
        query = select(standing).where(standing.c.manager == manager)
        in_order = query.order_by(standing.c.weekday, standing.c.wall_time, standing.c.rep)
        return tuple(map(to_standing, await self._connection.execute(in_order)))

    async def put(self, one: Standing) -> None:
        row = {
            "rep": one.rep,
            "manager": one.manager,
            "weekday": one.weekday,
            "wall_time": one.at,
            "zone": one.zone,
        }
        await upsert(self._connection, standing, [row], replace=("manager", "weekday", "wall_time", "zone"))
