"""What is written or looked for in one go is what it would be one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Insert, Table, delete, select
from sqlalchemy.exc import DBAPIError, StatementError

from bot.coaching.records import Person, PersonId, Records
from bot.coaching.said import Said, say
from bot.services.ports import Duty, DutyKind, Surface
from bot.storage import bulk
from bot.storage.among import among
from bot.storage.engine import connect
from bot.storage.sql import upsert
from bot.storage.store import Database
from bot.storage.tables import SendState, duty, inbox, meeting, outbox
from bot.storage.waiting_rows import WaitingRows

ANN = Person(PersonId("ann"), "Ann", "ann@example.com")
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
INSTANTS = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001 - the zone is drawn beside it
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=11))]),
)


@st.composite
def messages(draw: st.DrawFn) -> dict[str, Any]:
    """Return a row of the outbox with every kind of value that a column may hold."""
    return {
        "recipient": "ann",
        "kind": draw(WORDS),
        "surface": Surface.MESSAGE,
        "text": draw(WORDS),
        "blocks": [{"text": draw(WORDS), "number": draw(st.integers(-5, 5)), "nothing": None}],
        "revision": draw(st.integers(0, 2**31 - 1)),
        "sent_revision": 0,
        "state": draw(st.sampled_from(SendState)),
        "wanted": draw(st.booleans()),
        "lane": draw(st.integers(0, 1)),
        "due_at": draw(INSTANTS),
        "expires_at": draw(st.none() | INSTANTS),
        "attempt": 0,
        "attempt_revision": 0,
    }


async def kept(store: Database, table: Table, rows: Sequence[dict[str, Any]], *, at_once: bool) -> list[Any]:
    """Write rows and return them as they are read, in the order in which they got their ids."""
    async with store._begin() as connection:
        await connection.execute(delete(table))
        statement: Insert = table.insert()
        if at_once:
            await bulk.write(connection, statement, rows)
        else:
            for row in rows:
                await connection.execute(statement, row)
        read = select(*(column for column in table.columns if column.name != "id" or "id" in rows[0]))
        found = (await connection.execute(read.order_by(*table.primary_key))).all()
        await connection.execute(delete(table))
        return [tuple(row) for row in found]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_rows_of_one_statement_are_those_of_a_statement_each(engine: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(f"{engine}_url")

    @given(rows=st.lists(messages(), min_size=1, max_size=5))
    @settings(max_examples=30)
    def check(rows: list[dict[str, Any]]) -> None:
        keyed = [row | {"key": f"k{number}"} for number, row in enumerate(rows)]
        assert runner.run(kept(store, outbox, keyed, at_once=True)) == runner.run(
            kept(store, outbox, keyed, at_once=False)
        )

    with asyncio.Runner() as runner:
        store = connect(url)
        runner.run(moved_in(store))
        check()
        runner.run(store.dispose())


async def moved_in(store: Database) -> None:
    async with store.transaction() as tx:
        await tx.facts.upsert(Records(people=(ANN,)))


async def test_days_and_wall_times_come_back_as_they_were(store: Database) -> None:
    await moved_in(store)
    row = a_row("m1")
    assert await kept(store, meeting, [row], at_once=True) == await kept(store, meeting, [row], at_once=False)


def a_row(meeting_id: str, *, closing_words: str = "") -> dict[str, Any]:
    return {
        "id": meeting_id,
        "rep": "ann",
        "manager": "ann",
        "state": "held",
        "due": date(2026, 3, 1),
        "day": date(2026, 3, 2),
        "wall_time": time(9, 30),
        "zone": "Asia/Kolkata",
        "starts_at": datetime(2026, 3, 2, 4, tzinfo=UTC),
        "minutes": 30,
        "version": 1,
        "answers": [["people", "said “so”\n"]],
        "closed_at": None,
        "closing_words": closing_words,
    }


async def test_instants_of_an_hour_that_comes_twice_stay_two(store: Database) -> None:
    await moved_in(store)
    berlin = ZoneInfo("Europe/Berlin")
    rows = [
        {"key": f"k{fold}", "kind": DutyKind.REMIND, "subject": "ann", "due_at": when, "state": "waiting"}
        for fold, when in enumerate(datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=fold) for fold in (0, 1))
    ]
    kept_instants = [row[3] for row in await kept(store, duty, rows, at_once=True)]
    assert kept_instants == [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]


async def test_no_json_is_the_absence_of_a_value_and_json_may_hold_none(store: Database) -> None:
    when = datetime(2026, 3, 2, 9, tzinfo=UTC)
    rows = [{"key": f"k{number}", "received_at": when, "body": body} for number, body in enumerate((None, [None], "x"))]
    assert [row[2] for row in await kept(store, inbox, rows, at_once=True)] == [None, [None], "x"]
    async with store._begin() as connection:
        await bulk.write(connection, inbox.insert(), rows)
        absent = await connection.scalars(select(inbox.c.key).where(inbox.c.body.is_(None)))
        assert absent.all() == ["k0"]


async def test_a_text_remembers_how_it_was_made_among_many_rows(store: Database) -> None:
    await moved_in(store)
    words = [say("No 1:1 for {days} days.", days=3), say("No 1:1 for {days} days.", days="3"), "No 1:1 for 3 days."]
    rows = [a_row(f"m{number}", closing_words=word) for number, word in enumerate(words)]
    found = await kept(store, meeting, rows, at_once=True)
    assert found == await kept(store, meeting, rows, at_once=False)
    remembered = [row[list(meeting.columns.keys()).index("closing_words")] for row in found]
    assert [one.memory() if isinstance(one, Said) else one for one in remembered] == [
        words[0].memory(),
        words[1].memory(),
        words[2],
    ]


async def test_of_two_rows_with_one_key_the_later_counts(store: Database) -> None:
    async with store._begin() as connection:
        waiting: Any = WaitingRows(connection)
        for minutes in (0, 30, 10):
            when = datetime(2026, 3, 2, 9, minutes, tzinfo=UTC)
            row = {"key": "a", "kind": DutyKind.REMIND, "subject": "ann", "due_at": when, "state": "waiting"}
            await upsert(waiting, duty, [row], replace=("due_at",))
        await waiting.write()
    async with store.transaction() as tx:
        assert await tx.duties.claim(when, 5) == (Duty("a", DutyKind.REMIND, "ann", when),)


async def test_an_instant_without_a_zone_is_refused(store: Database) -> None:
    naive = datetime(2026, 3, 2, 9)  # noqa: DTZ001 - that is the fault
    row = {"key": "a", "kind": DutyKind.REMIND, "subject": "ann", "due_at": naive, "state": "waiting"}
    for at_once in (True, False):
        with pytest.raises((ValueError, StatementError), match="an instant needs a time zone"):
            await kept(store, duty, [row], at_once=at_once)


async def test_a_word_that_a_column_does_not_know_is_refused(store: Database) -> None:
    when = datetime(2026, 3, 2, 9, tzinfo=UTC)
    row = {"key": "a", "kind": "sing", "subject": "ann", "due_at": when, "state": "waiting"}
    for at_once in (True, False):
        with pytest.raises((ValueError, StatementError, DBAPIError)):
            await kept(store, duty, [row], at_once=at_once)


ODD = ("it's", 'said "so"', "{a,b}", "back\\slash", "", "NULL", "täglich", "two\nlines")


async def test_any_word_is_found_among_others(store: Database) -> None:
    when = datetime(2026, 3, 2, 9, tzinfo=UTC)
    async with store.transaction() as tx:
        await tx.duties.add(*(Duty(word, DutyKind.REMIND, "ann", when) for word in ODD))
    asked = select(duty.c.key).where(among(duty.c.key, "wanted"))
    async with store._begin() as connection:
        for words in (frozenset(ODD), frozenset(ODD[:1]), frozenset[str](), frozenset({"other"})):
            assert set(await connection.scalars(asked, {"wanted": words})) == words & set(ODD)
