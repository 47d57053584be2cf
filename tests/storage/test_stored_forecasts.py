"""A forecast stays as it was shown, and what came of it is written down once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from examples import OTHER, REP, with_people
from sqlalchemy.exc import IntegrityError

from bot.services.ports import ForecastKind, ToldForecast
from bot.storage.store import Database

RANGE = ToldForecast(
    key="range:g1",
    kind=ForecastKind.RANGE,
    rep=REP,
    made_on=date(2017, 10, 2),
    first_day=date(2017, 10, 3),
    last_day=date(2017, 10, 30),
    expected=10.1,
    sentence="Zoë: about 10",
    low=1 / 3,
    high=15.5,
)
CHANCE = ToldForecast(
    key="chance:m1",
    kind=ForecastKind.CHANCE,
    rep=OTHER,
    made_on=date(2017, 10, 2),
    first_day=date(2017, 10, 1),
    last_day=date(2017, 12, 31),
    expected=0.1 + 0.2,
    sentence="About 30 of 100",
    goal=90_000.0,
)


async def test_what_was_shown_comes_back_equal_and_is_never_changed(store: Database) -> None:
    await with_people(store)
    async with store.transaction() as tx:
        await tx.forecasts.keep(RANGE)
        await tx.forecasts.keep(CHANCE)
        await tx.forecasts.keep(replace(RANGE, low=0.0))
    async with store.transaction() as tx:
        assert await tx.forecasts.get(RANGE.key) == RANGE
        assert await tx.forecasts.get(CHANCE.key) == CHANCE
        assert await tx.forecasts.get("range:g2") is None


async def test_a_forecast_is_open_until_its_last_day_is_over_and_settled_once(store: Database) -> None:
    await with_people(store)
    async with store.transaction() as tx:
        await tx.forecasts.keep(CHANCE)
        await tx.forecasts.keep(RANGE)
        assert await tx.forecasts.open_before(date(2017, 10, 30)) == ()
        assert await tx.forecasts.open_before(date(2017, 10, 31)) == (RANGE,)
        assert await tx.forecasts.open_before(date(2018, 1, 1)) == (RANGE, CHANCE)
        await tx.forecasts.settle(RANGE.key, 0.0)
        await tx.forecasts.settle(RANGE.key, 7.0)
    async with store.transaction() as tx:
        assert await tx.forecasts.open_before(date(2018, 1, 1)) == (CHANCE,)
        assert await tx.forecasts.settled(ForecastKind.RANGE) == (replace(RANGE, happened=0.0),)
        assert await tx.forecasts.settled(ForecastKind.CHANCE) == ()


@pytest.mark.parametrize("unfit", [replace(CHANCE, goal=None), replace(RANGE, low=16.0), replace(RANGE, high=None)])
async def test_what_could_never_be_settled_is_not_kept(store: Database, unfit: ToldForecast) -> None:
    await with_people(store)
    with pytest.raises(IntegrityError):
        async with store.transaction() as tx:
            await tx.forecasts.keep(unfit)
