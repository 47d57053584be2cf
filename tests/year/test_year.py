"""A simulated year in zones drawn by a seed, and in zones whose clocks change in the night before a working day.

``make year`` goes through every zone there is.
"""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from bot.storage.engine import connect
from bot.storage.store import Database
from tests.year.promises import broken, instants
from tests.year.simulated import all_zones, simulate

SEED = 20261125


@pytest.mark.parametrize("begins", [datetime(2026, 1, 5, 9, tzinfo=UTC), datetime(2026, 7, 6, 9, tzinfo=UTC)])
async def test_half_a_year_keeps_every_promise_whatever_the_zones(sqlite_url: str, begins: datetime) -> None:
    zones = Random(SEED).sample(all_zones(), 3)  # noqa: S311 - a game, no secret
    database = connect(sqlite_url)
    year = await simulate(database, zones, SEED, begins, 180)
    await database.dispose()
    assert broken(year) == []
    assert len(year.posts) > 60


SPRING, AUTUMN = datetime(2021, 3, 1, 9, tzinfo=UTC), datetime(2021, 10, 11, 9, tzinfo=UTC)


@pytest.mark.parametrize(("begins", "times"), [(SPRING, 0), (AUTUMN, 2)])
async def test_a_time_that_clocks_skip_or_repeat_has_its_1_on_1_once(
    store: Database, begins: datetime, times: int
) -> None:
    """In Amman in 2021 clocks changed at the beginning of a Friday."""
    zone = "Asia/Amman"
    year = await simulate(store, [zone, zone], SEED, begins, 34, nights=1, intervals=(7,), quiet=True)
    assert broken(year) == []
    odd = [
        one
        for one in year.meetings.values()
        if len(instants(one.appointment.day, one.appointment.at, zone)) == times and year.begun[one.id]
    ]
    assert [len(year.begun[one.id]) for one in odd] == [1]
