"""The last cadence decision counts, and a rep has one standing appointment."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from examples import DECISION, MANAGER, OTHER, REP, with_people

from bot.services.ports import Standing
from bot.storage.store import Database

STANDING = Standing(REP, MANAGER, 1, time(9, 30), "Europe/Zurich")


async def test_the_latest_decision_of_a_rep_comes_back_equal(store: Database) -> None:
    await with_people(store)
    newer = replace(DECISION, interval=7, Z=-1 / 3, M=None, k=None, basis=None, flags=())
    async with store.transaction() as tx:
        assert await tx.cadences.latest(REP) is None
        await tx.cadences.add(REP, DECISION)
        assert await tx.cadences.latest(REP) == DECISION
        await tx.cadences.add(REP, newer)
        await tx.cadences.add(OTHER, DECISION)
    async with store.transaction() as tx:
        assert await tx.cadences.latest(REP) == newer


async def test_a_standing_is_replaced_and_comes_back_equal(store: Database) -> None:
    await with_people(store)
    later = Standing(REP, OTHER, 6, time(16, 45), "Asia/Kathmandu")
    async with store.transaction() as tx:
        assert await tx.standings.get(REP) is None
        await tx.standings.put(STANDING)
        assert await tx.standings.get(REP) == STANDING
        await tx.standings.put(later)
    async with store.transaction() as tx:
        assert await tx.standings.get(REP) == later
        assert await tx.standings.of_manager(MANAGER) == ()


async def test_a_managers_standings_come_by_weekday_and_time(store: Database) -> None:
    await with_people(store)
    early = replace(STANDING, rep=OTHER, at=time(9))
    monday = replace(STANDING, rep=MANAGER, weekday=0, at=time(16))
    async with store.transaction() as tx:
        for standing in (STANDING, early, monday):
            await tx.standings.put(standing)
        assert await tx.standings.of_manager(MANAGER) == (monday, early, STANDING)
