"""Somebody who moves to another zone is written to by the clocks there, from the next message on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.coaching.records import PersonId
from bot.services.ports import Outgoing, SlackAccount
from bot.storage.store import Database
from bot.views.message import Message
from tests.company import Company, a_company, a_team

EVENING = datetime(2026, 3, 3, 22, tzinfo=UTC)
"""Tuesday, 23:00 in Berlin."""

NINE_IN_BERLIN = datetime(2026, 3, 4, 8, tzinfo=UTC)
PEOPLE = a_team("mara", "Europe/Berlin", ("ruth", "Europe/Berlin"))


async def with_a_message(database: Database, *, latest: datetime | None = None) -> Company:
    """Return a company in which Ruth is to read something at nine on Wednesday morning."""
    company = await a_company(database, PEOPLE, start=EVENING)
    await company.cases.roster.link([SlackAccount(PEOPLE[1].id, "U-ruth", "Europe/Berlin")])
    async with database.transaction() as tx:
        said = Message("Hello", [])
        await tx.outbox.put(Outgoing("hello:ruth", PersonId("ruth"), "hello", said, NINE_IN_BERLIN, latest=latest))
    return company


async def due(database: Database) -> datetime:
    async with database.transaction() as tx:
        waiting_for = await tx.outbox.waiting_for([PersonId("ruth")], datetime(2026, 1, 1, tzinfo=UTC))
    (waiting,) = waiting_for[PersonId("ruth")]
    return waiting.due_at


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("America/New_York", datetime(2026, 3, 4, 14, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2026, 3, 4, 3, 30, tzinfo=UTC)),
        ("Pacific/Auckland", EVENING),  # there it is eleven on Wednesday already
        ("Europe/Paris", NINE_IN_BERLIN),
    ],
)
async def test_what_waits_for_the_morning_waits_for_the_morning_where_the_person_is(
    store: Database, zone: str, expected: datetime
) -> None:
    company = await with_a_message(store)
    await company.cases.roster.changed("U-ruth", email=None, zone=zone, deleted=False)
    assert await due(store) == expected


async def test_a_start_that_finds_somebody_in_another_zone_does_the_same(store: Database) -> None:
    company = await with_a_message(store)
    await company.cases.roster.link([SlackAccount(PEOPLE[1].id, "U-ruth", "America/New_York")])
    assert await due(store) == datetime(2026, 3, 4, 14, tzinfo=UTC)


async def test_it_is_still_said_by_when_it_has_to_be(store: Database) -> None:
    company = await with_a_message(store, latest=datetime(2026, 3, 4, 11, tzinfo=UTC))
    await company.cases.roster.changed("U-ruth", email=None, zone="America/New_York", deleted=False)
    assert await due(store) == datetime(2026, 3, 4, 11, tzinfo=UTC)


async def test_what_was_looked_up_before_an_event_and_comes_after_it_changes_nothing(store: Database) -> None:
    company = await with_a_message(store)
    await company.cases.roster.changed("U-ruth", email=None, zone="Asia/Kolkata", deleted=False, as_of=EVENING)
    earlier = EVENING - timedelta(seconds=1)
    await company.cases.roster.link([SlackAccount(PEOPLE[1].id, "U-ruth", "Europe/Berlin", as_of=earlier)])
    assert await due(store) == datetime(2026, 3, 4, 3, 30, tzinfo=UTC)
    await company.cases.roster.link([SlackAccount(PEOPLE[1].id, "U-ruth", "Europe/Paris", as_of=EVENING)])
    assert await due(store) == NINE_IN_BERLIN, "within a second the later to arrive counts"


async def test_a_look_up_that_confirms_what_is_known_overtakes_an_older_event_too(store: Database) -> None:
    company = await with_a_message(store)
    await company.cases.roster.link([SlackAccount(PEOPLE[1].id, "U-ruth", "Europe/Berlin", as_of=EVENING)])
    at = EVENING - timedelta(hours=1)
    assert not await company.cases.roster.changed("U-ruth", email=None, zone="Asia/Kolkata", deleted=False, as_of=at)
    assert await due(store) == NINE_IN_BERLIN


async def test_of_another_account_an_older_word_counts(store: Database) -> None:
    company = await with_a_message(store)
    await company.cases.roster.link([SlackAccount(PEOPLE[1].id, "U-ruth", "Europe/Berlin", as_of=EVENING)])
    earlier = EVENING - timedelta(days=1)
    await company.cases.roster.link([SlackAccount(PEOPLE[1].id, "U-new", "America/New_York", as_of=earlier)])
    assert await due(store) == datetime(2026, 3, 4, 14, tzinfo=UTC)


async def test_two_events_at_one_moment_leave_the_newest(store: Database) -> None:
    company = await with_a_message(store)
    zones = {second: f"Etc/GMT-{second}" for second in range(1, 13)}
    shuffled = sorted(zones, key=lambda second: second * 7 % 13)
    await asyncio.gather(
        *(
            company.cases.roster.changed(
                "U-ruth", email=None, zone=zones[second], deleted=False, as_of=EVENING + timedelta(seconds=second)
            )
            for second in shuffled
        )
    )
    async with store.transaction() as tx:
        account = await tx.people.account_of(PEOPLE[1].id)
    assert account is not None
    assert account.zone == zones[12]
