"""A duty that keeps failing waits longer each time, and the admins hear of it once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from world import OTHER_MANAGER, OTHER_REP, PEOPLE, World, a_world

from bot.services.retries import FIRST_PAUSE, LONGEST_PAUSE, TELL_AFTER
from bot.storage.tables import DutyState, duty

MARA, RUTH, OMAR, NINA = PEOPLE


async def break_omar(world: World) -> None:
    await world.import_people(replace(OMAR, timezone="Nowhere/Land"), replace(NINA, is_admin=True))
    world.sandbox.workspace.change_person(OTHER_REP, tz="Nowhere/Land")  # else the next look-up would mend it
    async with world.bot.database.transaction() as tx:
        account = await tx.people.account_of(OMAR.id)
        assert account is not None
        await tx.people.link(replace(account, zone=None))


async def failing(world: World) -> tuple[datetime, int]:
    """Return when the duty that failed most often is due again, and how often it failed."""
    async with world.bot.database._begin() as connection:
        waiting = select(duty.c.due_at, duty.c.failures).where(duty.c.state == DutyState.WAITING)
        due, failures = (await connection.execute(waiting.order_by(duty.c.failures.desc()).limit(1))).one()
    return due, failures


async def test_each_failure_doubles_the_pause_up_to_a_day_and_the_tenth_is_told_once(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_world(sqlite_url) as world:
        await world.settle()
        await break_omar(world)
        due, failures = await failing(world)
        for _ in range(50):
            if failures:
                break
            await world.go_to(due)
            due, failures = await failing(world)
        assert failures == 1
        pauses = []
        while failures < TELL_AFTER + 2:
            pauses.append(due - world.bot.clock.now())
            async with world.bot.database._begin() as connection:
                one = duty.c.failures == failures
                await connection.execute(duty.delete().where(duty.c.state == DutyState.WAITING, ~one))
            world.sandbox.clock.set(due)
            await world.bot.due_work()
            due, failures = await failing(world)
        assert pauses[:4] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]
        assert pauses[8:] == [min(256 * FIRST_PAUSE, LONGEST_PAUSE), *[LONGEST_PAUSE] * (len(pauses) - 9)]
        for _ in range(5 * 24 // 3):  # the message waits for the admin's working hours
            await world.go_to(world.bot.clock.now() + timedelta(hours=3))
        told = [text for text in world.texts(OTHER_MANAGER) if "I tried ten times" in text]
        assert len(told) == 1
        assert "Omar Blake" in told[0]
        assert any(record.message == "duty.failed" for record in caplog.records)
