"""When a source is left for another, nobody goes on as if it were still there, and nothing that people said is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from world import MANAGER, PEOPLE, REP, a_world

from bot.clock import ManualClock
from bot.coaching.commitment import GoalState
from bot.coaching.meeting import MeetingState
from bot.coaching.records import (
    Activity,
    CommissionBand,
    Deal,
    DealId,
    DealStatus,
    PeriodGoal,
    Person,
    PersonId,
    Records,
    StageEntry,
    Verifier,
)
from bot.config import load
from bot.services.intake import bring
from bot.services.office import Office
from bot.services.ports.sync import Connection
from bot.services.sync import Sync
from bot.storage.store import Database
from bot.storage.tables import activity, period_goal, stage_entry, verifier
from bot.surroundings import office, syncing
from bot.views.ids import ActionId
from tests.crm.held import NOW, Did, Held, some_held
from tests.crm.memory_source import MemorySource

RUTH = PEOPLE[1]
ROB, ANA, MIA = (PersonId(f"{one}@example.com") for one in ("rob", "ana", "mia"))
FORMER, NEXT = "salesforce", "hubspot"
AUTUMN = (date(2026, 10, 1), date(2026, 12, 31))
CALLED = date(2026, 10, 20)
ACME = DealId("101")
BUDGET = Verifier(ACME, "budget", "Jane Doe", date(2026, 10, 2))
MINE = Records(
    people=(Person(MIA, "Mia B.", MIA), Person(ROB, "Robert", ROB, MIA)),
    deals=(Deal(DealId("own"), ROB, "Own", DealStatus.OPEN, date(2026, 9, 1), amount=5.0, stage="Proposal"),),
    goals=(PeriodGoal(ROB, date(2026, 7, 1), date(2026, 9, 30), 7.0), PeriodGoal(ROB, *AUTUMN, 8.0)),
    activities=(Activity(ROB, "call", date(2026, 9, 1), count=2), Activity(ROB, "call", CALLED, count=3)),
    stage_history=(StageEntry(DealId("own"), "Proposal", date(2026, 9, 2)),),
    verifiers=(replace(BUDGET, deal=DealId("own")),),
    closings_known_since=date(2024, 1, 1),
)
"""What a company imports; of the autumn and of one day's calls a source says something else."""


@pytest.fixture
def house(store: Database) -> Office:
    return office(load({}, need_slack=False), store, ManualClock(NOW))


def managed() -> Held:
    """Mia manages Rob and Ana, as the source says."""
    held = some_held()
    held.people = [replace(one, manager="1") if one.id in ("2", "3") else one for one in held.people]
    return held


async def read(house: Office, held: Held, name: str = FORMER) -> None:
    async with house.store.transaction() as tx:
        await tx.connections.put(Connection(name, {}, "", NOW))
    await Sync(house, MemorySource(held, name=name)).run(whole=True)


async def leave(house: Office, name: str = FORMER, *, forget: bool = True) -> list[str]:
    return [one.name for one in await syncing(load({}, need_slack=False), house).disconnect(name, forget=forget)]


async def people(house: Office) -> dict[str, Person]:
    async with house.store.transaction() as tx:
        return {one.id: one for one in await tx.people.all()}


def busy() -> Held:
    """Rob has a deal with evidence, a revenue goal, and called five times on a day."""
    held = managed()
    held.did = [Did("2", "call", datetime(2026, 10, 20, 15, tzinfo=UTC))] * 5
    held.account = replace(held.account, closings_known_since=date(2025, 6, 1))
    return held


async def shown(house: Office) -> Records:
    async with house.store.transaction() as tx:
        return await tx.facts.load()


async def imported(house: Office, records: Records = MINE) -> Records:
    async with house.store.transaction() as tx:
        await bring(tx, records)
    return await shown(house)


async def given_by_source(house: Office, one: Verifier = BUDGET) -> None:
    async with house.store.transaction() as tx:
        await tx.syncs.put_verifiers(FORMER, [one.deal], [one], NOW.date())


async def rows(store: Database) -> list[Any]:
    """All that is kept of what coaching goes by, but for deals and people."""
    async with store._begin() as connection:
        tables = (activity, period_goal, stage_entry, verifier)
        return [row for table in tables for row in await connection.execute(select(table))]


async def test_nothing_counts_that_it_alone_said(house: Office, store: Database) -> None:
    await read(house, busy())
    await given_by_source(house)
    before = await shown(house)
    assert before.closings_known_since == date(2025, 6, 1)
    assert all((before.deals, before.goals, before.activities, before.stage_history, before.verifiers))
    await leave(house)
    assert await shown(house) == Records(people=(await shown(house)).people)
    assert await rows(store) == []


async def test_without_forgetting_all_that_it_said_counts_on(house: Office) -> None:
    await read(house, busy())
    await given_by_source(house)
    before = await shown(house)
    await leave(house, forget=False)
    assert await shown(house) == before


async def test_what_the_company_imported_counts_as_it_was_imported(house: Office, store: Database) -> None:
    mine, kept = await imported(house), await rows(store)
    await read(house, busy())
    both = await shown(house)
    assert PeriodGoal(ROB, *AUTUMN, 50_000.0, "EUR") in both.goals, "while it is connected, the source's word counts"
    assert Activity(ROB, "call", CALLED, count=5) in both.activities
    assert both.closings_known_since == date(2025, 6, 1)
    await leave(house)
    after = await shown(house)
    assert replace(after, people=mine.people) == mine
    assert {one.id: one for one in after.people}[ROB] == {one.id: one for one in mine.people}[ROB]
    assert await rows(store) == kept


async def test_a_deal_of_its_own_id_is_its_own_until_it_is_imported_after_that(house: Office) -> None:
    export = Records(people=MINE.people, deals=(replace(MINE.deals[0], id=ACME),))
    await imported(house, export)
    await read(house, busy())
    await leave(house)
    assert (await shown(house)).deals == ()
    assert (await imported(house, export)).deals == export.deals


async def test_what_was_imported_since_is_the_companys_too(house: Office) -> None:
    await read(house, busy())
    mine = await imported(house)
    assert PeriodGoal(ROB, *AUTUMN, 8.0) in mine.goals
    await leave(house)
    assert await shown(house) == replace(
        mine, deals=MINE.deals, stage_history=MINE.stage_history, people=(await shown(house)).people
    )


async def test_what_the_source_takes_back_was_still_imported(house: Office) -> None:
    mine, held = await imported(house), busy()
    await read(house, held)
    held.goals, held.did = [], []
    held.account = replace(held.account, closings_known_since=None)
    await read(house, held)
    now = await shown(house)
    assert (now.goals, now.activities) == (mine.goals, mine.activities)
    assert now.closings_known_since == mine.closings_known_since


async def test_what_another_source_said_stays(house: Office) -> None:
    other = busy()
    other.deals = {f"9{key}": replace(one, id=f"9{key}") for key, one in other.deals.items()}
    other.moves = [replace(one, deal=f"9{one.deal}") for one in other.moves]
    other.goals = [replace(other.goals[0], start=date(2026, 7, 1), end=date(2026, 9, 30))]
    other.did = [replace(one, at=one.at - timedelta(days=7)) for one in other.did]
    await read(house, other, NEXT)
    before = await shown(house)
    await leave(house, NEXT, forget=False)
    held = busy()
    held.account = replace(held.account, closings_known_since=None)
    await read(house, held)
    assert len((await shown(house)).deals) > len(before.deals)
    await leave(house)
    after = await shown(house)
    assert replace(after, people=()) == replace(before, people=())


async def test_what_a_rep_said_of_its_deals_stays_and_counts_again_with_the_deal(house: Office) -> None:
    await read(house, busy())
    await given_by_source(house)
    await given_by_source(house, replace(BUDGET, key="need"))
    said = replace(BUDGET, given_by="Jane D.", link="https://mine.example")
    async with house.store.transaction() as tx:
        await tx.evidence.record(said, by=ROB, at=NOW)
    await leave(house)
    assert (await shown(house)).verifiers == ()
    back = await imported(house, Records(deals=(replace(MINE.deals[0], id=ACME),)))
    assert (back.verifiers, back.stage_history) == ((said,), ())
    async with house.store.transaction() as tx:
        assert await tx.evidence.origins(ACME) == {}


async def test_the_figures_that_it_alone_said_of_somebody_go_and_the_own_one_stays(house: Office) -> None:
    held = managed()
    record = Person(ROB, "Rob Rep", ROB, team="North", quota=9.0, commission=(CommissionBand(0, 0.1),), awesome=5.0)
    held.people[1] = replace(held.people[1], record=record)
    held.people[2] = replace(held.people[2], record=replace(record, id=ANA, name="Ana Rep", email=ANA))
    await read(house, held)
    async with house.store.transaction() as tx:
        await tx.people.set_awesome(ANA, 11.0)
    await leave(house)
    left = await people(house)
    assert left[ROB] == replace(record, manager_id=None, quota=None, commission=(), awesome=None)
    assert left[ANA].awesome == 11.0


async def test_what_is_read_again_counts_again(house: Office) -> None:
    await read(house, busy())
    before = await shown(house)
    await leave(house)
    await read(house, busy())
    assert await shown(house) == before


async def test_who_was_known_from_it_alone_has_no_manager_any_more_and_is_named(house: Office) -> None:
    await read(house, managed())
    assert (await people(house))[ROB].manager_id == MIA
    assert await leave(house) == ["Ana Rep", "Mia Boss", "Rob Rep"]
    left = await people(house)
    assert {left[ROB].manager_id, left[ANA].manager_id} == {None}
    assert left[ROB].active


async def test_without_forgetting_everybody_stays_as_they_were(house: Office) -> None:
    await read(house, managed())
    before = await people(house)
    assert await leave(house, forget=False) == []
    assert await people(house) == before


@pytest.mark.parametrize("since", [False, True])
async def test_who_was_imported_before_or_since_stays_as_imported(house: Office, since: bool) -> None:  # noqa: FBT001
    mine = Records(people=(Person(MIA, "Mia B.", MIA), Person(ROB, "Robert", ROB, MIA)))
    if since:
        await read(house, managed())
    async with house.store.transaction() as tx:
        await bring(tx, mine)
    await read(house, managed())
    assert (await people(house))[ROB].name == "Robert", "what is imported of a person isn't changed by the CRM"
    assert await leave(house) == ["Ana Rep"]
    assert (await people(house))[ROB].manager_id == MIA


@pytest.mark.parametrize("forget", [False, True])
async def test_who_is_met_again_by_the_address_follows_the_next_source(house: Office, forget: bool) -> None:  # noqa: FBT001
    await read(house, managed())
    await leave(house, forget=forget)
    held = managed()
    held.people[1] = replace(held.people[1], name="Rob R.")
    await read(house, held, NEXT)
    again = (await people(house))[ROB]
    assert (again.name, again.manager_id) == ("Rob R.", MIA)
    held.people[1] = replace(held.people[1], active=False)
    await read(house, held, NEXT)
    assert not (await people(house))[ROB].active
    assert await leave(house, NEXT) == ["Ana Rep", "Mia Boss"], "who left isn't named"


async def test_two_records_there_with_one_address_are_followed_once(house: Office) -> None:
    held = managed()
    await read(house, held)
    held.people.append(replace(held.people[1], id="9", active=False))
    await read(house, held)
    assert (await people(house))[ROB].active


async def test_their_1on1s_end_with_the_reason_and_go_on_with_what_was_agreed(database_url: str) -> None:
    async with a_world(database_url) as world:
        await world.press(REP, (await world.to_forks())[0], ActionId.FORK_YES)
        await world.press(MANAGER, await world.until(MANAGER, ActionId.GOAL_APPROVE), ActionId.GOAL_APPROVE)
        (agreed,) = await world.goals(GoalState.ACTIVE)
        async with world.bot.database.transaction() as tx:
            await tx.connections.put(Connection(FORMER, {}, "", NOW))
            await tx.people.keep_made([RUTH.id], FORMER)
        left = await world.bot.syncing.disconnect(FORMER, forget=True)
        assert [one.id for one in left] == [RUTH.id]
        await world.go_to(world.bot.clock.now() + timedelta(days=1))
        (ended,) = [one for one in await world.meetings() if one.rep == RUTH.id]
        assert ended.state is MeetingState.EXCUSED
        assert ended.closing_words == "The records name no manager of Ruth Adler any more."
        assert list(await world.goals(GoalState.ACTIVE)) == [agreed], "nothing that was agreed ends"
        assert agreed.terms.title in await world.ask(REP, "/goals")

        async with world.bot.database.transaction() as tx:
            await bring(tx, Records(people=(RUTH,)))
        await world.settle()
        (following, *_) = [one for one in await world.meetings() if one.rep == RUTH.id]
        assert following.state is MeetingState.PLANNED
        assert [one.id for one in await world.goals(GoalState.ACTIVE)] == [agreed.id]
