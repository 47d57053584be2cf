"""What falls due is done once, and one fault holds up nobody else."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from world import MANAGER, OTHER_REP, PEOPLE, REP, a_world, key_of

from bot.coaching.meeting import MeetingState
from bot.views.ids import ActionId


async def test_a_duty_that_breaks_is_put_off_and_the_others_are_done(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_world(sqlite_url) as world:
        nowhere = replace(PEOPLE[2], timezone="Nowhere/Land")
        await world.import_people(nowhere)
        world.sandbox.workspace.change_person(OTHER_REP, tz="Nowhere/Land")  # nor does Slack say where Omar is
        async with world.bot.database.transaction() as tx:
            account = await tx.people.account_of(nowhere.id)
            assert account is not None
            await tx.people.link(replace(account, zone=None))
        await world.go_to(datetime(2017, 10, 6, 14, tzinfo=UTC))
        assert world.find(REP, ActionId.PROMPT_OPEN)
        broken = [record for record in caplog.records if record.message == "duty.failed"]
        assert any("omar" in vars(record)["key"] and record.exc_info for record in broken)
        await world.go_to(datetime(2017, 10, 11, 13, tzinfo=UTC))
        assert world.find(REP, ActionId.FORK_YES)


async def test_two_processes_that_tick_at_once_do_each_duty_once(database_url: str) -> None:
    async with a_world(database_url) as world:
        invited = await world.until(REP, ActionId.PROMPT_OPEN)
        world.sandbox.clock.set((await world.meeting()).appointment.starts_at)
        now = world.bot.clock.now()
        await asyncio.gather(*(world.bot.cases.ticks.run_due(now) for _ in range(3)))
        await world.go_to(now + timedelta(minutes=2))  # of two that wait for one another PostgreSQL has one come again
        texts = world.texts(REP)
        assert len(texts) == len(set(texts))
        assert "\n".join(texts).count("A choice only you can make") == 2
        assert invited["ts"] in {message["ts"] for message in world.sandbox.messages(REP)}
        assert now.date() == date(2017, 10, 11)


async def test_a_bot_that_was_down_for_a_week_catches_up_without_a_flood(database_url: str) -> None:
    async with a_world(database_url) as world:
        await world.settle()
        await world.bot.sockets.close()
        await world.bot.close()
        world.sandbox.clock.set(world.bot.clock.now() + timedelta(days=13))
        await world.restart()
        await world.bot.cases.rounds.plan_all()
        await world.settle()
        texts = world.texts(REP)
        assert not [text for text in texts if "Three short questions" in text], "its day is past"
        assert len(texts) == len(set(texts))


async def test_after_two_weeks_down_nothing_is_said_of_a_1_1_that_nobody_can_hold_any_more(sqlite_url: str) -> None:
    """Found by tests/machine: closing it brought its questions forward, into a Sunday night."""
    async with a_world(sqlite_url) as world:
        await world.until(REP, ActionId.PROMPT_OPEN)
        old = await world.meeting()
        world.sandbox.clock.set(datetime(2017, 10, 22, 23, tzinfo=UTC))
        await world.restart()
        await world.bot.cases.rounds.plan_all()
        await world.settle()
        closed = next(one for one in await world.meetings() if one.id == old.id)
        assert closed.state is MeetingState.MISSED
        keys = [key_of(shown) for user in (REP, MANAGER) for shown in world.sandbox.messages(user)]
        assert not [key for key in keys if old.id in key and not key.startswith("prompt:")]


async def test_what_comes_late_waits_for_the_persons_morning(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        night = datetime(2017, 10, 7, 7, tzinfo=UTC)  # Saturday, two in Chicago: nobody is asked at this hour
        await world.go_to(night)
        assert world.find(REP, ActionId.PROMPT_OPEN) is None
        await world.go_to(datetime(2017, 10, 10, 13, 59, tzinfo=UTC))
        assert world.find(REP, ActionId.PROMPT_OPEN) is None
        await world.go_to(datetime(2017, 10, 10, 14, tzinfo=UTC))  # Tuesday, for Monday is a holiday
        assert world.find(REP, ActionId.PROMPT_OPEN)
