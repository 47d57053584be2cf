"""A simulated year in zones drawn by a seed, and in zones whose clocks change at night on working days.

``make year`` goes through every zone there is.
"""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

from bot.storage.store import Database
from tests.year.promises import broken
from tests.year.simulated import all_zones, simulate

SEED = 20261125


async def test_a_year_keeps_every_promise_whatever_the_zones(store: Database) -> None:
    zones = Random(SEED).sample(all_zones(), 3)  # noqa: S311 - a game, no secret
    year = await simulate(store, zones, SEED, datetime(2026, 1, 5, 9, tzinfo=UTC), 120)
    assert broken(year) == []
    assert len(year.posts) > 30
