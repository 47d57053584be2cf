"""Whose home tab is to be shown anew is known once for each, and forgotten only with the showing."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from examples import MANAGER, NOW, OTHER, REP, with_people

from bot.coaching.records import PersonId
from bot.services.ports import Outgoing, Surface
from bot.storage.store import Database
from bot.views.message import Message


async def opened(store: Database, *people: PersonId) -> None:
    async with store.transaction() as tx:
        for person in people:
            page = Message("Home", [{"type": "divider"}])
            await tx.outbox.put(Outgoing(f"home:{person}", person, "home", page, NOW, surface=Surface.HOME))


async def taken(store: Database) -> list[PersonId]:
    found = []
    async with store.transaction() as tx:
        while (person := await tx.homes.take()) is not None:
            found.append(person)
    return found


async def test_many_marks_are_one_and_only_for_who_opened_the_tab(store: Database) -> None:
    await with_people(store)
    await opened(store, REP, MANAGER)
    for later in range(3):
        async with store.transaction() as tx:
            await tx.homes.mark(REP, OTHER, at=NOW + timedelta(minutes=later))
            await tx.homes.mark(REP, at=NOW + timedelta(minutes=later))
    assert await taken(store) == [REP]
    assert await taken(store) == []
    async with store.transaction() as tx:
        await tx.homes.mark_all(NOW)
    assert sorted(await taken(store)) == sorted([REP, MANAGER])


async def begun(store: Database, *, taking: bool) -> None:
    """Begin to mark, or to show, and fail before the end."""
    async with store.transaction() as tx:
        if taking:
            assert await tx.homes.take() == REP
        else:
            await tx.homes.mark(REP, at=NOW)
        raise ZeroDivisionError


async def test_a_mark_comes_and_goes_with_its_transaction(store: Database) -> None:
    await with_people(store)
    await opened(store, REP)
    with pytest.raises(ZeroDivisionError):
        await begun(store, taking=False)
    assert await taken(store) == []
    async with store.transaction() as tx:
        await tx.homes.mark(REP, at=NOW)
    with pytest.raises(ZeroDivisionError):
        await begun(store, taking=True)
    assert await taken(store) == [REP]


async def test_a_change_while_the_tab_is_made_shows_it_once_more(store: Database) -> None:
    await with_people(store)
    await opened(store, REP)
    async with store.transaction() as tx:
        await tx.homes.mark(REP, at=NOW)
    showing = asyncio.Event()

    async def show() -> None:
        async with store.transaction() as tx:
            assert await tx.homes.take() == REP
            showing.set()
            await asyncio.sleep(0.05)

    async def change() -> None:
        await showing.wait()
        async with store.transaction() as tx:
            await tx.homes.mark(REP, at=NOW + timedelta(seconds=1))

    await asyncio.gather(show(), change())
    assert await taken(store) == [REP]
