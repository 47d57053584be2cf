"""The records of a large organisation are read and added up before anybody asks, and nobody waits for it."""

from __future__ import annotations

import asyncio
import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

from bot.coaching.records import Deal, DealId, DealStatus, Person, PersonId, Records
from bot.coaching.settings import Settings
from bot.playbook_file import load
from bot.services.ports import Duty, DutyKind
from bot.services.shelf import Shelf
from bot.storage.store import Database

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PEOPLE = (
    Person(PersonId("ann"), "Ann", "ann@example.com", timezone="Pacific/Auckland"),
    Person(PersonId("ben"), "Ben", "ben@example.com", PersonId("ann"), timezone="Pacific/Honolulu"),
    Person(PersonId("cas"), "Cas", "cas@example.com", PersonId("ann"), timezone="Nowhere/Land"),
)
TODAYS = {date(2026, 3, 2), date(2026, 3, 3)}


def some_deals(count: int) -> Records:
    deals = (
        Deal(DealId(f"d{number}"), PersonId("ben"), "Acme", DealStatus.OPEN, start=date(2026, 1, 5), close=None)
        for number in range(count)
    )
    return Records(people=PEOPLE, deals=tuple(deals))


async def imported(store: Database, count: int) -> None:
    async with store.transaction() as tx:
        await tx.facts.upsert(some_deals(count))


def a_shelf(large: int) -> Shelf:
    return Shelf(load(None), Settings(), large=large)


async def deals_seen(shelf: Shelf, store: Database) -> int:
    async with store.transaction() as tx:
        return len((await shelf.book(tx, NOON.date())).records.deals)


async def test_the_days_of_all_zones_are_open_before_anybody_asks(store: Database) -> None:
    shelf = a_shelf(large=5)
    await imported(store, 10)
    await shelf.prepare(store, NOON)
    assert set(shelf._books) == TODAYS


async def test_who_asks_of_a_large_organisation_does_not_wait_for_an_import(store: Database) -> None:
    shelf = a_shelf(large=5)
    await imported(store, 10)
    await shelf.prepare(store, NOON)
    await imported(store, 11)
    assert await deals_seen(shelf, store) == 10
    await shelf.prepare(store, NOON)
    assert await deals_seen(shelf, store) == 11


async def test_a_small_organisation_is_always_the_newest(store: Database) -> None:
    shelf = a_shelf(large=50)
    await imported(store, 10)
    await shelf.prepare(store, NOON)
    await imported(store, 11)
    assert await deals_seen(shelf, store) == 11


async def test_what_was_added_up_while_newer_records_came_is_kept_for_nobody(store: Database) -> None:
    shelf = a_shelf(large=1000)
    await imported(store, 10)
    busy, one_thread = threading.Event(), ThreadPoolExecutor(1)
    asyncio.get_running_loop().set_default_executor(one_thread)
    one_thread.submit(busy.wait)

    async def seen(day: date) -> int:
        async with store.reading() as tx:
            return len((await shelf.book(tx, day)).records.deals)

    today = NOON.date()
    early = asyncio.create_task(seen(today))
    while shelf._version is None:  # noqa: ASYNC110 - it waits for the thread
        await asyncio.sleep(0.001)
    await imported(store, 11)
    late, before = asyncio.create_task(seen(today + timedelta(days=1))), shelf._version
    while shelf._version == before:  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    busy.set()
    assert (await early, await late) == (10, 11)
    assert await seen(today) == 11


async def test_others_write_while_somebody_reads_who_sees_one_instant(store: Database) -> None:
    await imported(store, 1)
    async with store.reading() as reader:
        assert len((await reader.facts.load()).deals) == 1
        async with asyncio.timeout(20):
            await asyncio.create_task(imported(store, 2))
        assert len((await reader.facts.load()).deals) == 1
    async with store.reading() as reader:
        assert len((await reader.facts.load()).deals) == 2


async def test_a_reader_changes_nothing(store: Database) -> None:
    async with store.reading() as reader:
        await reader.duties.put(Duty("k", DutyKind.PLAN, "ann", NOON))
    async with store.transaction() as tx:
        assert await tx.duties.next_due() is None


async def test_a_click_has_its_turn_between_any_thousand_rows_that_are_read(store: Database) -> None:
    await imported(store, 5_000)
    turns = 0

    async def click() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with store.reading() as reader:
        query = reader.facts.load()
        clicking = asyncio.create_task(click())
        await query
        clicking.cancel()
    assert turns >= 5


async def test_the_search_for_garbage_passes_over_the_records_of_a_large_organisation(store: Database) -> None:
    shelf = a_shelf(large=5)
    await imported(store, 10)
    await shelf.prepare(store, NOON)
    searched = gc.get_objects()
    assert not any(type(one) is Deal for one in searched), "or everybody waits while it looks at each"
    assert gc.isenabled(), "what is made after that is searched as ever"
