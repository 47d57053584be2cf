"""What falls due after a 1:1 waits before it can be missing: written as its day comes near, and where it begins."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bot.coaching.meeting import Meeting, MeetingState
from bot.coaching.records import Leave
from bot.errors import UserError
from bot.services.due_around import NEAR
from bot.services.ports import DutyKind
from bot.storage.store import Database
from bot.storage.tables import DutyState, duty, outbox
from tests.company import Company, a_company, a_team

BERLIN = "Europe/Berlin"
PEOPLE = MARA, RUTH = a_team("mara", BERLIN, ("ruth", BERLIN))
BEFORE = {DutyKind.PROMPT, DutyKind.PUBLISH, DutyKind.START}
AFTER = {DutyKind.ASK_TO_CLOSE, DutyKind.LAPSE}
SECOND = timedelta(seconds=1)


async def planned(store: Database) -> tuple[Company, Meeting]:
    company = await a_company(store, PEOPLE)
    await company.cases.rounds.plan_all()
    meeting = await the_open_one(store)
    assert meeting.appointment.starts_at - company.clock.now() > NEAR, "or there is nothing to see here"
    return company, meeting


async def the_open_one(store: Database) -> Meeting:
    async with store.transaction() as tx:
        found = await tx.meetings.open_of(RUTH.id)
    assert found is not None
    return found


async def state_of(store: Database, meeting: Meeting) -> MeetingState:
    async with store.transaction() as tx:
        found = await tx.meetings.get(meeting.id)
    assert found is not None
    return found.state


async def waiting(store: Database, meeting: Meeting) -> dict[DutyKind, datetime]:
    async with store._begin() as connection:
        mine = select(duty.c.kind, duty.c.due_at).where(duty.c.subject == meeting.id)
        rows = await connection.execute(mine.where(duty.c.state == DutyState.WAITING))
        return {kind: due for kind, due in rows}  # noqa: C416 - a dict of rows would be of any length


async def failures(store: Database) -> dict[str, int]:
    async with store.transaction() as tx:
        return {kind: count for kind, count in (await tx.duties.failures()).items() if count}


async def nobody_looks(store: Database) -> None:
    """Take away the morning's look at everybody."""
    async with store._begin() as connection:
        await connection.execute(duty.delete().where(duty.c.kind == DutyKind.PLAN))


async def count_as_done(store: Database, meeting: Meeting, kinds: Collection[DutyKind]) -> None:
    async with store._begin() as connection:
        those = update(duty).where(duty.c.subject == meeting.id, duty.c.kind.in_(kinds))
        await connection.execute(those.values(state=DutyState.DONE))


async def tick(company: Company, moment: datetime) -> None:
    company.clock.move_to(moment)
    await company.cases.ticks.run_due(moment)


async def published(company: Company, meeting: Meeting) -> None:
    """Go to an hour before a 1:1, with nobody having looked at it since it was planned."""
    await nobody_looks(company.database)
    await tick(company, meeting.appointment.starts_at - timedelta(hours=1))
    assert await state_of(company.database, meeting) is MeetingState.PUBLISHED
    assert not (await waiting(company.database, meeting)).keys() & AFTER


async def test_weeks_before_a_1_1_only_what_comes_before_it_waits(store: Database) -> None:
    _, meeting = await planned(store)
    assert (await waiting(store, meeting)).keys() == BEFORE


@pytest.mark.parametrize("early", [SECOND, timedelta(0), -SECOND])
async def test_a_look_at_everybody_writes_what_comes_after_it_once_it_is_near(
    store: Database, early: timedelta
) -> None:
    company, meeting = await planned(store)
    company.clock.move_to(meeting.appointment.starts_at - NEAR - early)
    await company.cases.rounds.plan_all()
    assert AFTER.issubset(await waiting(store, meeting)) is (early <= timedelta(0))


async def test_one_that_is_planned_for_so_soon_has_all_from_the_start(store: Database) -> None:
    company, meeting = await planned(store)
    company.clock.move_to(meeting.appointment.starts_at - NEAR)
    planning = company.cases.closing._planning
    async with store.transaction() as tx:
        closed = await company.cases.closing.close(tx, meeting, MeetingState.EXCUSED, "")
        soon = await planning.book(tx, RUTH, MARA, closed.appointment, closed.due, closed.interval)
    assert (await waiting(store, soon)).keys() == BEFORE | AFTER
    assert not await waiting(store, closed)


async def test_what_comes_after_a_near_1_1_follows_the_manager_to_another_zone_and_past_a_leave(
    store: Database,
) -> None:
    company, meeting = await planned(store)
    company.clock.move_to(meeting.appointment.starts_at - NEAR)
    await company.cases.rounds.plan_all()
    before = (await waiting(store, meeting))[DutyKind.ASK_TO_CLOSE].astimezone(ZoneInfo(BERLIN))
    assert before.time() == time(9)
    async with store.transaction() as tx:
        await tx.people.add_leave(Leave(MARA.id, before.date(), before.date(), ""))
    await company.cases.roster.changed("U-mara", email=None, zone="Europe/Lisbon", deleted=False)
    await tick(company, company.clock.now())
    after = (await waiting(store, meeting))[DutyKind.ASK_TO_CLOSE].astimezone(ZoneInfo("Europe/Lisbon"))
    assert after.time() == time(9)
    assert after.date() > before.date()


async def test_the_manager_is_asked_on_the_next_own_morning_though_the_rep_is_on_leave_by_then(store: Database) -> None:
    company, meeting = await planned(store)
    day = meeting.appointment.day
    async with store.transaction() as tx:
        await tx.people.add_leave(Leave(RUTH.id, day + timedelta(days=1), day + timedelta(days=21), ""))
    company.clock.move_to(meeting.appointment.starts_at - NEAR)
    await company.cases.rounds.plan_all()
    near = await waiting(store, meeting)
    await nobody_looks(store)
    await tick(company, meeting.appointment.starts_at)
    begun = await waiting(store, meeting)
    for ends in (near, begun):
        asked, missed = (ends[kind].astimezone(ZoneInfo(BERLIN)) for kind in (DutyKind.ASK_TO_CLOSE, DutyKind.LAPSE))
        assert (asked.date(), asked.time()) == (day + timedelta(days=1), time(9))
        assert (missed.date(), missed.time()) == (day + timedelta(days=3), time(17))


async def test_a_1_1_that_begins_has_its_end_waiting_though_nobody_looked_at_it(store: Database) -> None:
    company, meeting = await planned(store)
    await published(company, meeting)
    await tick(company, meeting.appointment.starts_at)
    assert await state_of(store, meeting) is MeetingState.STARTED
    assert (await waiting(store, meeting)).keys() == AFTER


async def test_one_that_is_begun_early_by_its_button_has_it_too_and_begins_once(store: Database) -> None:
    company, meeting = await planned(store)
    await published(company, meeting)
    await company.cases.forks.begin(meeting.id, "U-mara")
    assert await state_of(store, meeting) is MeetingState.STARTED
    begun = await waiting(store, meeting)
    assert begun.keys() == AFTER | {DutyKind.START}
    async with store.transaction() as tx:
        goals = await tx.goals.of_meeting(meeting.id)
    await tick(company, meeting.appointment.starts_at)
    assert await waiting(store, meeting) == {kind: due for kind, due in begun.items() if kind in AFTER}
    async with store.transaction() as tx:
        assert await tx.goals.of_meeting(meeting.id) == goals


async def test_a_button_that_is_refused_writes_nothing(store: Database) -> None:
    company, meeting = await planned(store)
    for user in ("U-mara", "U-ruth"):  # not before its day, and never the rep
        with pytest.raises(UserError):
            await company.cases.forks.begin(meeting.id, user)
    assert (await waiting(store, meeting)).keys() == BEFORE


async def test_where_the_beginning_fails_for_good_the_mornings_look_still_has_it_asked_about_and_closed(
    store: Database,
) -> None:
    company, meeting = await planned(store)
    await count_as_done(store, meeting, [DutyKind.PROMPT, DutyKind.PUBLISH])  # so its agenda never comes
    starts_at = meeting.appointment.starts_at
    await nobody_looks(store)
    await tick(company, starts_at)
    assert await failures(store) == {DutyKind.START: 1}
    assert (await waiting(store, meeting)).keys() == {DutyKind.START}, "what a failing beginning wrote went with it"
    await company.cases.rounds.plan_all()
    due = await waiting(store, meeting)
    assert AFTER.issubset(due)
    while (moment := await company.cases.ticks.next_due()) is not None and moment <= due[DutyKind.LAPSE]:
        asked = await the_questions(store)
        assert bool(asked) is (company.clock.now() >= due[DutyKind.ASK_TO_CLOSE])
        assert await state_of(store, meeting) is MeetingState.PLANNED
        await tick(company, max(moment, company.clock.now()))
    assert await state_of(store, meeting) is MeetingState.MISSED
    assert not await waiting(store, meeting), "nor is its beginning tried any more"
    assert (await the_open_one(store)).appointment.starts_at > company.clock.now()


async def the_questions(store: Database) -> set[str]:
    async with store._begin() as connection:
        return set(await connection.scalars(select(outbox.c.key).where(outbox.c.kind == "still_open")))


@pytest.mark.parametrize("looked", [True, False])
async def test_after_weeks_down_each_is_done_once_and_in_its_order(
    store: Database, caplog: pytest.LogCaptureFixture, *, looked: bool
) -> None:
    caplog.set_level("INFO", logger="bot.services.ticks")
    company, meeting = await planned(store)
    company.clock.move_to(meeting.appointment.starts_at + timedelta(days=30))
    if looked:
        await company.cases.rounds.plan_all()
    await tick(company, company.clock.now())
    done = [vars(one)["key"] for one in caplog.records if one.message == "duty.done"]
    order = [DutyKind.PROMPT, DutyKind.PUBLISH, DutyKind.START, DutyKind.ASK_TO_CLOSE, DutyKind.LAPSE]
    about = [key for key in done if key.endswith(f":{meeting.id}")]
    assert sorted(about) == sorted(f"{kind}:{meeting.id}" for kind in order)
    assert about[-3:] == [f"{kind}:{meeting.id}" for kind in order[-3:]]
    assert await state_of(store, meeting) is MeetingState.MISSED


async def test_one_begins_while_its_times_are_written_anew_and_neither_gives_way(store: Database) -> None:
    company, meeting = await planned(store)
    await published(company, meeting)
    company.clock.move_to(meeting.appointment.starts_at)
    around = company.cases.closing._planning._around
    async with store.transaction() as tx:
        await tx.duties.put(*await around.duties(tx, meeting, RUTH, MARA))
        begins = asyncio.create_task(company.cases.ticks.run_due(company.clock.now()))
        await asyncio.sleep(0.2)
        assert not begins.done()
        assert await tx.meetings.get(meeting.id, lock=True)
    await begins
    assert await state_of(store, meeting) is MeetingState.STARTED
    assert await failures(store) == {}
    assert (await waiting(store, meeting)).keys() == AFTER


async def test_one_that_is_closed_at_the_moment_of_its_beginning_has_nothing_due(store: Database) -> None:
    company, meeting = await planned(store)
    await published(company, meeting)
    company.clock.move_to(meeting.appointment.starts_at)
    async with store.transaction() as tx:
        locked = await tx.meetings.get(meeting.id, lock=True)
        assert locked is not None
        begins = asyncio.create_task(company.cases.ticks.run_due(company.clock.now()))
        await asyncio.sleep(0.2)
        await company.cases.closing.close(tx, locked, MeetingState.EXCUSED, "Ruth is ill")
    await begins
    assert await state_of(store, meeting) is MeetingState.EXCUSED
    assert not await waiting(store, meeting)
