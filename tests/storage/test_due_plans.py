"""What is due is found by an index, however much is waiting or done: the database says how it would look."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.coaching.records import Person, PersonId, Records
from bot.services.ports import Duty, DutyKind, Outgoing, SlackAccount
from bot.storage import bulk
from bot.storage.outbox import to_row
from bot.storage.store import Database
from bot.storage.tables import SendState, outbox
from bot.views.message import Message
from tests.statements import asked_of

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
WAITING = 3_000
FIRST = Duty("first", DutyKind.PLAN, "ann", MONDAY)


async def much_is_waiting(store: Database) -> None:
    """Write many that are due later, and as many that are done."""
    for done in (True, False):
        async with store.transaction() as tx:
            later = MONDAY + timedelta(days=0 if done else 1)
            await tx.duties.add(
                *(
                    Duty(f"{done}:{number}", DutyKind.PLAN, f"rep{number}", later + timedelta(seconds=number))
                    for number in range(WAITING)
                )
            )
            if done:
                await tx.duties.claim(later + timedelta(days=1), WAITING)


async def much_is_sent(store: Database) -> None:
    """Write many messages that were sent, and a few that are due later."""
    ann = Person(PersonId("ann"), "Ann", "ann@example.com")
    async with store.transaction() as tx:
        await tx.facts.upsert(Records(people=(ann,)))
        await tx.people.link(SlackAccount(ann.id, "U-ann"))
    async with store._begin() as connection:
        rows = [
            to_row(Outgoing(f"k{number}", ann.id, "agenda", Message("Hello", []), MONDAY))
            | {"state": SendState.PENDING if number < 10 else SendState.SENT, "ts": "1.2"}
            for number in range(WAITING)
        ]
        await bulk.write(connection, outbox.insert(), rows)


async def ways(store: Database, *, analysed: bool) -> list[str]:
    """Return how the database looks for each statement by which duties are claimed, one text each."""
    async with store._begin() as connection:
        if analysed:
            await connection.execute(text("ANALYZE"))
    with asked_of(store, "duty") as asked:
        async with store.transaction() as tx:
            assert not await tx.duties.claim(MONDAY - timedelta(days=1), 1)
            assert not await tx.duties.claim_alike(FIRST, MONDAY - timedelta(days=1), 100, but=("everybody",))
            await tx.duties.next_due()
    async with store._begin() as connection:
        return [await explained(connection, *one) for one in asked]


async def explained(connection: AsyncConnection, statement: str, parameters: Any) -> str:
    if connection.dialect.name == "sqlite":
        rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    else:  # once a statement was asked often PostgreSQL plans it without looking at what is looked for
        numbered = re.sub(r"%\((\w+)\)s", lambda found: f"${1 + list(parameters).index(found[1])}", statement)
        rows = await connection.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN) {numbered}")
    return "\n".join(" ".join(map(str, row)) for row in rows)


@pytest.mark.parametrize("analysed", [False, True])
async def test_what_is_due_is_found_by_the_index_of_what_waits(store: Database, *, analysed: bool) -> None:
    await much_is_waiting(store)
    found = await ways(store, analysed=analysed)
    assert len(found) == 3
    for way in found:
        assert "ix_duty_due" in way, way
        assert not re.search(r"Seq Scan on duty duty_1|SCAN duty(?! USING)", way), way


async def test_what_is_to_be_sent_is_found_by_the_index_of_what_wants_to_be(store: Database) -> None:
    await much_is_sent(store)
    with asked_of(store, "outbox") as asked:
        assert not await store.deliveries.claim(MONDAY - timedelta(days=1), 10, 60)
    async with store._begin() as connection:
        way = await explained(connection, *asked[0])
    assert "ix_outbox_due" in way or "ix_outbox_unsettled" in way, way


async def test_duties_are_looked_up_by_many_keys_at_once_in_the_index_of_keys(store: Database) -> None:
    await much_is_waiting(store)
    known = [Duty(f"False:{number}", DutyKind.PLAN, f"rep{number}", MONDAY) for number in range(100)]
    with asked_of(store, "duty") as asked:
        async with store.transaction() as tx:
            await tx.duties.put(*known)
            await tx.duties.release(*known)
    looked = [one for one in asked if not one[0].startswith("INSERT")]
    assert len(looked) == 2
    async with store._begin() as connection:
        for one in looked:
            way = await explained(connection, *one)
            assert not re.search(r"Seq Scan on duty|SCAN duty", way), way
