"""Every forecast as it was shown, and what came of it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.ports import ForecastKind, ToldForecast
from bot.storage.sql import insert_once
from bot.storage.tables import forecast

_COLUMNS = (
    "key",
    "kind",
    "rep",
    "made_on",
    "first_day",
    "last_day",
    "expected",
    "low",
    "high",
    "goal",
    "sentence",
    "happened",
)


class StoredForecasts:
    """The repository of forecasts; what was shown is never changed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep(self, told: ToldForecast) -> None:
        await insert_once(self._connection, forecast, {name: getattr(told, name) for name in _COLUMNS})

    async def get(self, key: str) -> ToldForecast | None:
        found = await self._many(_ALL.where(forecast.c.key == key))
        return found[0] if found else None

    async def open_before(self, day: date) -> tuple[ToldForecast, ...]:
        query = _ALL.where(forecast.c.happened.is_(None), forecast.c.last_day < day)
        return await self._many(query.order_by(forecast.c.last_day, forecast.c.key))

    async def settle(self, key: str, happened: float) -> None:
        mine = (forecast.c.key == key) & forecast.c.happened.is_(None)
        await self._connection.execute(update(forecast).where(mine).values(happened=happened))

    async def settled(self, kind: ForecastKind) -> tuple[ToldForecast, ...]:
        query = _ALL.where(forecast.c.kind == kind, forecast.c.happened.is_not(None))
        return await self._many(query.order_by(forecast.c.last_day, forecast.c.key))

    async def _many(self, query: Select[tuple[object, ...]]) -> tuple[ToldForecast, ...]:
        found = await self._connection.execute(query)
        return tuple(ToldForecast(**row._mapping) for row in found)  # noqa: SLF001 - SQLAlchemy's name for it


_ALL = select(*(forecast.c[name] for name in _COLUMNS))
