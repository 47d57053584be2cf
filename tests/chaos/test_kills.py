"""The bot may be killed at any instant, and nothing is lost, said twice or half done. `make chaos` does it longer."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from life import chaos, lived
from nursery import Nursery
from promises import told
from sending import READERS, doubled_when_frozen, doubled_when_late, killed_with_pictures, sent

from bot.views.ids import ActionId

pytestmark = pytest.mark.xdist_group("chaos")

SEED = 20171002
LIFE_KILLS, SENDING_KILLS = 20, 30
REPLICAS = 3


async def test_a_hundred_kills_lose_nothing_and_say_nothing_twice(
    nursery: Nursery,
    tmp_path: Path,
    sqlite_url: str,
    postgresql_url: str,
    other_sqlite_url: str,
    other_postgresql_url: str,
) -> None:
    folders = [tmp_path / name for name in "abcd"]
    for folder in folders:
        folder.mkdir()
    one, two, three, four = folders
    runs = await asyncio.gather(
        lived(nursery, sqlite_url, one, seed=SEED, kills=LIFE_KILLS, processes=1),
        lived(nursery, postgresql_url, two, seed=SEED + 1, kills=LIFE_KILLS, processes=REPLICAS),
        sent(nursery, other_sqlite_url, three, seed=SEED + 2, kills=SENDING_KILLS, processes=1),
        sent(nursery, other_postgresql_url, four, seed=SEED + 3, kills=SENDING_KILLS, processes=REPLICAS),
    )
    broken = [f"{figures.seed}: {fault}" for figures, faults in runs for fault in faults]
    assert not broken, told(broken, SEED)
    assert sum(figures.killed for figures, _ in runs) >= 2 * (LIFE_KILLS + SENDING_KILLS)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_a_kill_at_each_point_of_a_picture_leaves_each_message_once_and_with_its_picture(
    nursery: Nursery, tmp_path: Path, request: pytest.FixtureRequest, engine: str
) -> None:
    faults = await killed_with_pictures(nursery, request.getfixturevalue(f"{engine}_url"), tmp_path)
    assert not faults, told(faults, 0)


async def test_a_sender_frozen_past_its_lease_does_no_harm(
    nursery: Nursery, tmp_path: Path, postgresql_url: str
) -> None:
    doubled = await doubled_when_frozen(nursery, postgresql_url, tmp_path, seconds=1.2, quarantine=6)
    assert doubled == 0


async def test_a_message_seen_later_than_the_quarantine_is_said_twice_and_that_is_the_hole(
    nursery: Nursery, tmp_path: Path, postgresql_url: str
) -> None:
    doubled = await doubled_when_late(nursery, postgresql_url, tmp_path, seconds=5, quarantine=1)
    assert 0 < doubled <= READERS


EVIDENCE = frozenset(f"form.evidence.{where}" for where in ("writing", "committed", "answered", "receipt_sent"))


async def test_a_kill_at_each_point_of_the_evidence_form_loses_nothing_that_was_acknowledged(
    nursery: Nursery, tmp_path: Path, sqlite_url: str
) -> None:
    async with chaos(nursery, sqlite_url, tmp_path, SEED) as life:
        life.strike_only(EVIDENCE)
        await life.until(processes=1, kills=len(EVIDENCE))
        faults = await life.faults()
        assert not faults, told(faults, SEED)
        assert dict(+life.figures.kills) == dict.fromkeys(EVIDENCE, 1)


WRITTEN_DOWN = frozenset(f"rush.{step}" for step in ("writing", "written", "committed"))
CAUGHT_UP = frozenset(
    f"late.click.{ActionId.FORK_YES}.{step}" for step in ("arrived", "writing", "written", "committed", "answered")
)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_a_kill_at_each_point_of_a_rush_loses_no_click_that_was_acknowledged(
    nursery: Nursery, tmp_path: Path, request: pytest.FixtureRequest, engine: str
) -> None:
    points = WRITTEN_DOWN | CAUGHT_UP
    async with chaos(nursery, request.getfixturevalue(f"{engine}_url"), tmp_path, SEED) as life:
        life.strike_only(points)
        life.rushes, life.crowds = 1.0, (1,)
        await life.until(processes=1, kills=len(points))
        faults = await life.faults()
        assert not faults, told(faults, SEED)
        assert dict(+life.figures.kills) == dict.fromkeys(points, 1)
