"""What people read of a source that can't be read: since when, and nothing while it can."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from world import MANAGER, REP, a_world, words

from bot.services.data_age import data_age
from bot.services.ports.sync import Connection, SyncState
from bot.storage.engine import connect
from bot.storage.store import Database
from bot.views.ids import ActionId

GOOD = datetime(2026, 11, 2, 2, tzinfo=UTC)


async def kept(store: Database, state: SyncState) -> None:
    async with store.transaction() as tx:
        await tx.connections.put(Connection("hubspot", {}, "", GOOD))
        assert await tx.syncs.take("hubspot", "token", 60)
        assert await tx.syncs.save(state, "token", 60)
        await tx.syncs.release("hubspot", "token")


DOWN = SyncState("hubspot", good_at=GOOD, failed="down")


@pytest.mark.parametrize(
    ("state", "later", "said"),
    [
        (SyncState("hubspot", good_at=GOOD), timedelta(days=1), ""),
        (SyncState("hubspot", failed="down"), timedelta(days=9), ""),
        (
            SyncState("hubspot", good_at=GOOD, failed="down"),
            timedelta(minutes=1),
            "couldn't be read since 1 November (today)",
        ),
        (
            SyncState("hubspot", good_at=GOOD, failed="down"),
            timedelta(days=1),
            "couldn't be read since 1 November (1 day ago)",
        ),
        (SyncState("hubspot", good_at=GOOD), timedelta(days=3), "wasn't read since 1 November (3 days ago)"),
    ],
)
async def test_the_age_is_said_in_the_readers_own_days(sqlite_url: str, state, later, said: str) -> None:
    store = connect(sqlite_url)
    await kept(store, state)
    async with store.transaction() as tx:
        told = await data_age(tx, GOOD + later, ZoneInfo("America/New_York"))
    await store.dispose()
    assert told == (f"HubSpot {said}: the numbers rest on what it held then." if said else "")


async def test_both_read_on_the_agenda_how_old_its_numbers_are(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        good = world.bot.clock.now()
        await kept(world.bot.database, SyncState("hubspot", good_at=good, failed="HubSpot failed (503)."))
        await world.until(REP, ActionId.PRE_READ_HOW)
        for reader in (REP, MANAGER):
            told = [words(message) for message in world.sandbox.messages(reader)]
            assert any("HubSpot couldn't be read since 2 October" in text for text in told)


async def test_a_source_that_is_read_again_says_no_more(sqlite_url: str) -> None:
    store = connect(sqlite_url)
    await kept(store, SyncState("hubspot", good_at=GOOD, failed="down"))
    await kept(store, replace(SyncState("hubspot", good_at=GOOD), failed=""))
    async with store.transaction() as tx:
        assert await data_age(tx, GOOD, ZoneInfo("UTC")) == ""
    await store.dispose()
