"""What was imported comes back as it was, and an import adds or replaces but never removes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest
from examples import A_MANAGER, A_REP, ANOTHER_REP, OTHER, PEOPLE, REP, BreakError, broken
from sqlalchemy.exc import IntegrityError

from bot.coaching.records import (
    Activity,
    Deal,
    DealId,
    DealStatus,
    PeriodGoal,
    PersonId,
    Records,
    StageEntry,
    Verifier,
)
from bot.services.ports import Store
from bot.storage.engine import connect
from bot.storage.store import Database

DAY = date(2016, 2, 29)
BARE = Deal(DealId("d1"), REP, "Bare", DealStatus.OPEN)
FULL = Deal(
    DealId("d2"),
    OTHER,
    "Zoö & <Söhne> 'quoted' \N{PARTY POPPER}",
    DealStatus.WON,
    start=DAY,
    close=date(2017, 1, 1),
    amount=0.1 + 0.2,
    currency="CHF",
    stage="Won",
    account="Acme",
    product="GTX",
    list_price=1e15,
    expected_close=date(9999, 12, 31),
    lost_reason="none",
    modified=date(1, 1, 1),
)
EVERYTHING = Records(
    people=(A_MANAGER, ANOTHER_REP, A_REP),
    deals=(BARE, FULL),
    goals=(PeriodGoal(REP, DAY, DAY, 1 / 3), PeriodGoal(REP, DAY, date(2017, 3, 31), 2.0, "CHF")),
    activities=(
        Activity(REP, "call", DAY),
        Activity(REP, "call", DAY, DealId("d1"), "ann@example.com", 3),
        Activity(OTHER, "visit", date(2017, 1, 1), DealId("d1")),
    ),
    stage_history=(StageEntry(DealId("d2"), "Engaging", DAY), StageEntry(DealId("d1"), "Engaging", date(2017, 1, 1))),
    verifiers=(
        Verifier(DealId("d1"), "reference", "ann", DAY),
        Verifier(DealId("d1"), "reference", "bob", date(2017, 1, 1), "https://a.example", DAY, date(2017, 2, 1)),
    ),
    closings_known_since=DAY,
)


async def bring(store: Store, records: Records) -> dict[str, int]:
    async with store.transaction() as tx:
        return await tx.facts.upsert(records)


async def load(store: Store) -> Records:
    async with store.transaction() as tx:
        return await tx.facts.load()


async def version(store: Store) -> int:
    async with store.transaction() as tx:
        return await tx.facts.version()


async def test_nothing_was_imported_at_first(store: Database) -> None:
    assert (await load(store), await version(store)) == (Records(), 0)


async def test_every_kind_of_record_comes_back_equal(store: Database) -> None:
    counts = await bring(store, EVERYTHING)
    assert await load(store) == EVERYTHING
    assert counts == {"people": 3, "deals": 2, "goals": 2, "activities": 3, "stage_history": 2, "verifiers": 2}


async def test_the_same_import_again_changes_nothing_but_the_version(store: Database) -> None:
    await bring(store, EVERYTHING)
    await bring(store, EVERYTHING)
    assert (await load(store), await version(store)) == (EVERYTHING, 2)


async def test_the_version_grows_with_every_import_also_an_empty_one(store: Database) -> None:
    await bring(store, Records())
    await bring(store, PEOPLE)
    assert await version(store) == 2


async def test_what_is_not_in_the_file_stays(store: Database) -> None:
    await bring(store, EVERYTHING)
    await bring(store, Records())
    assert await load(store) == EVERYTHING


async def test_a_record_of_the_same_key_is_replaced(store: Database) -> None:
    await bring(store, EVERYTHING)
    changed = Records(
        people=(replace(A_REP, name="Ronald", commission=(), quota=None, manager_id=None, active=False),),
        deals=(replace(FULL, id=BARE.id), replace(BARE, id=FULL.id, owner=OTHER)),
        goals=(replace(EVERYTHING.goals[0], amount=9.0, currency="EUR"), EVERYTHING.goals[1]),
        activities=tuple(replace(one, count=9) for one in EVERYTHING.activities),
        stage_history=EVERYTHING.stage_history,
        verifiers=tuple(replace(one, given_by="cid", withdrawn_on=DAY) for one in EVERYTHING.verifiers),
        closings_known_since=date(2015, 1, 1),
    )
    await bring(store, changed)
    assert await load(store) == replace(changed, people=(A_MANAGER, ANOTHER_REP, *changed.people))


async def test_single_calls_of_a_day_are_counted_together(store: Database) -> None:
    call = Activity(REP, "call", DAY)
    await bring(store, replace(PEOPLE, activities=(call, replace(call, count=2), replace(call, contact="ann"))))
    assert (await load(store)).activities == (replace(call, count=3), replace(call, contact="ann"))


async def test_somebody_may_stand_before_the_own_manager_but_not_without_one(store: Database) -> None:
    await bring(store, Records(people=(A_REP, A_MANAGER)))
    stray = replace(ANOTHER_REP, manager_id=PersonId("nobody"))
    with pytest.raises(IntegrityError):
        await bring(store, Records(people=(stray,)))
    assert ((await load(store)).people, await version(store)) == ((A_MANAGER, A_REP), 1)


async def test_a_deal_of_nobody_is_refused_with_all_that_came_with_it(store: Database) -> None:
    await bring(store, PEOPLE)
    with pytest.raises(IntegrityError):
        await bring(store, Records(deals=(BARE, replace(FULL, owner=PersonId("nobody")))))
    assert ((await load(store)).deals, await version(store)) == ((), 1)


async def test_an_import_that_fails_leaves_nothing(store: Database) -> None:
    with pytest.raises(BreakError):
        async with broken(store) as tx:
            await tx.facts.upsert(EVERYTHING)
    assert (await load(store), await version(store)) == (Records(), 0)


async def test_two_imports_at_once_wait_for_each_other(store: Database, database_url: str) -> None:
    replica = connect(database_url)
    await asyncio.gather(*(bring(database, EVERYTHING) for database in (store, replica, store, replica)))
    await replica.dispose()
    assert (await load(store), await version(store)) == (EVERYTHING, 4)
