"""A 1:1 that the manager leaves out stays left out, whatever moves the next one; where none fits its manager hears."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.coaching.meeting import Meeting
from bot.coaching.records import Leave, WorkingHours
from bot.storage.store import Database
from bot.storage.tables import outbox
from tests.company import Company, a_company, a_team

PEOPLE = MARA, RUTH = a_team("mara", "Europe/Berlin", ("ruth", "Europe/Berlin"))
TUESDAY, SATURDAY = 1, 5


async def the_open_one(store: Database) -> Meeting:
    async with store.transaction() as tx:
        found = await tx.meetings.open_of(RUTH.id)
    assert found is not None
    return found


async def with_one_left_out(store: Database) -> tuple[Company, Meeting]:
    """Return a company whose second 1:1 the manager left out the day after the first, and that one."""
    company = await a_company(store, PEOPLE)
    await company.cases.rounds.plan_all()
    first = await the_open_one(store)
    company.clock.move_to(first.appointment.starts_at)
    await company.cases.closing.held(first.id, "U-mara")
    company.clock.move_to(first.appointment.starts_at + timedelta(days=1))
    left_out = await the_open_one(store)
    await company.cases.closing.excuse(left_out.id, "U-mara", "A conference.")
    return company, left_out


@pytest.mark.parametrize("why", ["leave", "another cadence"])
async def test_what_moves_the_next_1_1_never_brings_it_back_to_where_one_was_left_out(
    store: Database, why: str
) -> None:
    company, left_out = await with_one_left_out(store)
    following = (await the_open_one(store)).appointment
    assert following.day > left_out.appointment.day
    if why == "leave":
        async with store.transaction() as tx:
            await tx.people.add_leave(Leave(RUTH.id, following.day, following.day))
        await company.cases.rounds.plan_all()
        assert (await the_open_one(store)).appointment.day != following.day
    else:
        await company.cases.rhythms.fix("U-mara", RUTH.id, 14, "it suits us")
    assert (await the_open_one(store)).appointment.day > left_out.appointment.day


async def test_one_that_ended_because_the_two_could_not_meet_holds_no_day(store: Database) -> None:
    company = await a_company(store, PEOPLE)
    await company.cases.rounds.plan_all()
    before = await the_open_one(store)
    for gone in (True, False):
        await company.cases.roster.changed("U-ruth", email=None, zone=None, deleted=gone)
        await company.cases.rounds.plan_all()
    again = await the_open_one(store)
    assert again.id != before.id
    assert again.appointment == before.appointment
    async with store.transaction() as tx:
        found, _ = await company.cases.closing._planning.find_again(tx, RUTH, MARA)
    assert found == before.appointment


async def test_the_manager_hears_each_time_anew_that_no_time_is_free_and_once_each_time(store: Database) -> None:
    company = await a_company(store, PEOPLE)

    async def meet_on(weekday: int) -> None:
        async with store.transaction() as tx:
            await tx.people.set_hours(MARA.id, WorkingHours(weekdays=(weekday,)))

    async def told_after_three_mornings() -> int:
        for _ in range(3):
            await company.cases.rounds.plan_all()
            company.clock.move_to(company.clock.now() + timedelta(days=1))
        async with store._begin() as connection:
            said = select(func.count()).where(outbox.c.kind == "no_slot", outbox.c.recipient == MARA.id)
            return await connection.scalar(said) or 0

    await meet_on(SATURDAY)
    assert await told_after_three_mornings() == 1
    await meet_on(TUESDAY)
    assert await told_after_three_mornings() == 1
    meeting = await the_open_one(store)
    await meet_on(SATURDAY)
    await company.cases.closing.excuse(meeting.id, "U-mara", "A conference.")
    assert await told_after_three_mornings() == 2
