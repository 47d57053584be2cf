"""Planning for many at once decides what planning for each alone decides, in few statements."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import databases
import pytest
from sqlalchemy import select

from bot.coaching.records import Leave, Person, PersonId, WorkingHours
from bot.services.following import TOGETHER, UNTIL_A_TURN
from bot.services.ports import Duty, DutyKind, SlackAccount
from bot.services.roster import LookUp
from bot.services.rounds import EVERYBODY
from bot.storage.engine import connect
from bot.storage.store import Database
from bot.storage.tables import DutyState, duty, outbox
from tests.company import MONDAY, Company, a_company, a_team
from tests.statements import asked_of

LIMA, APIA, CAIRO = "America/Lima", "Pacific/Apia", "Africa/Cairo"


def some_people() -> tuple[Person, ...]:
    """Two teams far apart, a manager who reports to another, somebody who left and somebody alone."""
    ana, *anas = a_team("ana", LIMA, ("bea", LIMA), ("carl", CAIRO), ("dan", APIA), ("eve", LIMA))
    fay, *fays = a_team("fay", APIA, ("gil", APIA), ("hal", LIMA))
    return (
        ana,
        *anas[:-1],
        replace(anas[-1], active=False),
        replace(fay, manager_id=ana.id),
        *fays,
        replace(ana, id=PersonId("lone"), email="lone@example.com"),
    )


PEOPLE = some_people()
TOMORROW = (DutyKind.PLAN, EVERYBODY, datetime(2026, 3, 3, 4, tzinfo=UTC), DutyState.WAITING)


async def as_usual(company: Company) -> None:
    """Give some what makes planning for them different."""
    async with company.database.transaction() as tx:
        await tx.people.set_hours(PersonId("fay"), WorkingHours(weekdays=(0, 4), opens=time(7), closes=time(9)))
        await tx.people.add_leave(Leave(PersonId("bea"), date(2026, 3, 1), date(2026, 3, 20), ""))
        await tx.people.link(SlackAccount(PersonId("hal"), "U-hal", deleted=True))


async def planned(database: Database) -> dict[str, Any]:
    """Return all that planning wrote, told by person, as ids of 1:1s are made up."""
    async with database.transaction() as tx:
        meetings = {one.id: one for one in await tx.meetings.all_open()}
        standings = {rep: await tx.standings.get(rep) for rep in await tx.people.by_team()}
        decisions = {rep: await tx.cadences.latest(rep) for rep in standings}
    async with database._begin() as connection:
        rows = (await connection.execute(select(duty.c.kind, duty.c.subject, duty.c.due_at, duty.c.state))).all()
        due = (await connection.execute(select(outbox.c.key, outbox.c.due_at))).all()
    async with database.transaction() as tx:
        said = {key: (getattr(await tx.outbox.last(key), "text", ""), at) for key, at in due}
    whose = {meeting.id: meeting.rep for meeting in meetings.values()}
    return {
        "meetings": {one.rep: replace(one, id="", planned_at=None) for one in meetings.values()},
        "duties": {(kind, whose.get(subject, subject), due, state) for kind, subject, due, state in rows},
        "said": said,
        "standings": standings,
        "decisions": decisions,
    }


async def test_many_are_planned_as_each_would_be_alone(store: Database, tmp_path: Path) -> None:
    other = connect(databases.new_sqlite(tmp_path / "other.sqlite3"))
    together, apart = await a_company(store, PEOPLE), await a_company(other, PEOPLE)
    for company in (together, apart):
        await as_usual(company)
    async with other.transaction() as tx:
        everybody = await tx.people.by_team()
    assert await together.cases.rounds.plan_all() == 5, "all who report to somebody but Eve, who left, and Hal"
    for person in everybody:
        async with other.transaction() as tx:
            await apart.cases.rounds.follow(tx, Duty(f"plan:{MONDAY.date()}:{person}", DutyKind.PLAN, person, MONDAY))
    one, each = await planned(store), await planned(other)
    await other.dispose()
    assert one.pop("duties") - each.pop("duties") == {TOMORROW}
    assert one == each


async def test_what_is_as_it_should_be_is_left_as_it_is(store: Database) -> None:
    company = await a_company(store, PEOPLE)
    await as_usual(company)
    await company.cases.rounds.plan_all()
    before = await planned(store)
    assert await company.cases.rounds.plan_all() == 0
    assert await planned(store) == before


async def test_a_fault_about_one_person_leaves_the_others_of_the_day_planned(store: Database) -> None:
    nowhere, *others = (replace(person, timezone="Nowhere/Land") if person.id == "bea" else person for person in PEOPLE)
    company = await a_company(store, (nowhere, *others))
    async with store.transaction() as tx:
        await company.cases.rounds.daily(tx, Duty("plan:2026-03-02", DutyKind.PLAN, EVERYBODY, MONDAY), LookUp())
    await company.cases.ticks.run_due(company.clock.now())
    async with store.transaction() as tx:
        assert {one.rep for one in await tx.meetings.all_open()} == {"carl", "dan", "fay", "gil", "hal"}
        assert await tx.duties.failing(DutyKind.PLAN) == {"bea"}


def many_teams() -> list[Person]:
    """More people than are looked at together, in teams of seven, one of which is parted by every way to share them."""
    return [
        one
        for team in range(TOGETHER // 3)
        for one in a_team(f"boss{team:03d}", LIMA, *((f"rep{team:03d}-{number}", LIMA) for number in range(6)))
    ]


async def test_many_who_are_shared_out_have_one_1_1_each_and_no_manager_two_at_once(store: Database) -> None:
    people = many_teams()
    company = await a_company(store, people)
    planned = await asyncio.gather(company.cases.rounds.plan_all(), company.cases.rounds.plan_all())
    async with store.transaction() as tx:
        open_ones = await tx.meetings.all_open()
    reps = {one.id for one in people if one.manager_id}
    assert sum(planned) == len(open_ones) == len(reps)
    assert {one.rep for one in open_ones} == reps
    assert len({(one.manager, one.appointment.starts_at) for one in open_ones}) == len(open_ones)


async def test_a_fault_of_ours_is_told_after_the_others_were_planned(store: Database) -> None:
    people = many_teams()
    company = await a_company(store, [replace(people[-1], timezone="Nowhere/Land"), *people[:-1]])
    with pytest.raises(ZoneInfoNotFoundError):
        await company.cases.rounds.plan_all()
    async with store.transaction() as tx:
        there = {one.rep for one in await tx.meetings.all_open()}
    assert there >= {one.id for one in people[: len(people) // 2] if one.manager_id}


@pytest.mark.parametrize("again", [False, True])
async def test_five_times_as_many_people_take_no_more_statements(
    sqlite_url: str, tmp_path: Path, *, again: bool
) -> None:
    counts = []
    for number, url in ((16, sqlite_url), (80, databases.new_sqlite(tmp_path / "other.sqlite3"))):
        reps = [(f"rep{one:03d}", LIMA) for one in range(number)]
        people = [one for team in range(0, number, 8) for one in a_team(f"boss{team}", LIMA, *reps[team : team + 8])]
        database = connect(url)
        company = await a_company(database, people)
        if again:
            await company.cases.rounds.plan_all()
        with asked_of(database) as asked:
            assert await company.cases.rounds.plan_all() == (0 if again else number)
        await database.dispose()
        counts.append(len(asked))
    assert counts[0] == counts[1]


async def test_a_click_has_a_turn_after_every_few_people(sqlite_url: str) -> None:
    company = await a_company(connect(sqlite_url), PEOPLE)
    turns = 0

    async def click() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    clicking = asyncio.create_task(click())
    async with company.database.transaction() as tx:
        before = turns
        await company.cases.rounds.follow_many(
            tx, [Duty(f"plan:{MONDAY.date()}:{one.id}", DutyKind.PLAN, one.id, MONDAY) for one in PEOPLE]
        )
        assert turns - before >= len(PEOPLE) / UNTIL_A_TURN, "of one look at each"
    assert len(PEOPLE) > UNTIL_A_TURN * 2
    clicking.cancel()
    await company.database.dispose()
