"""Nobody is woken: whatever was in between, what nobody waits for is posted in its reader's working hours."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import bot.services
from bot.coaching.records import Leave, PersonId, Records
from bot.services.ports import Claimed, Outgoing
from bot.services.waking import WakingHours
from bot.storage.engine import connect
from bot.storage.store import Database
from bot.views.message import Message
from tests.company import Company, a_company, a_team

NIGHT = datetime(2026, 3, 3, 22, tzinfo=UTC)
"""Tuesday, 23:00 in Berlin."""

MORNING = datetime(2026, 3, 4, 8, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
RUTH = PersonId("ruth")
WISH = Outgoing("k:ruth", RUTH, "reminder", Message("Hello", []), NIGHT - 13 * HOUR)

AWAITED = {
    "course": "the rep sits in the 1:1 that goes on",
    "closing": "the manager sits in the 1:1 that goes on",
    "fork": "the rep made this goal just now",
    "refused": "the person pressed it just now, in a rush",
    "first_day": "the admin started the bot or imported just now",
    "checkup": "the admin asked for it just now",
}
AT_LAST = {
    "prompt": "the 1:1 begins within the hour",
    "pre_read": "the 1:1 begins within the hour",
    "moved": "the 1:1 begins within the hour, at another time",
    "away_hint": "the 1:1 begins that falls into leave",
}
"""The only messages that may come at night, and only then; docs/reliability.md says the same."""


async def company_with(database: Database, *wishes: Outgoing, now: datetime = NIGHT) -> Company:
    company = await a_company(database, a_team("mara", "Europe/Berlin", ("ruth", "Europe/Berlin")), start=now)
    async with database.transaction() as tx:
        for wish in wishes:
            await tx.outbox.put(wish)
    return company


async def claimed(company: Company) -> Claimed:
    (row,) = await company.database.deliveries.claim(company.clock.now(), 10, 60)
    return row


async def said_at(company: Company) -> datetime:
    """Return when the one message is posted, as delivery does it."""
    while True:
        row = await claimed(company)
        until = await company.cases.waking.sleeps_until(row)
        if until is None:
            return company.clock.now()
        assert await company.database.deliveries.put_off(row, until)
        assert await company.database.deliveries.claim(until - MINUTE, 10, 60) == ()
        company.clock.move_to(until)


def calls() -> Iterator[tuple[str, frozenset[str]]]:
    """Yield for each place where a service tells somebody something its kind, and what it says of the hour."""
    for file in Path(bot.services.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KIND_IS:
                kind = node.args[KIND_IS[node.func.id]]
                hours = frozenset(word.arg for word in node.keywords if word.arg in {"awaited_until", "latest"})
                for name in (str(kind.value),) if isinstance(kind, ast.Constant) else HANDED_ON[file.stem]:
                    yield name, hours


KIND_IS = {"tell": 2, "tell_if_room": 3}
"""Which argument names the kind."""

HANDED_ON = {"posting": ("course", "closing"), "budget": ()}
"""The kinds of a place that names none."""


def kinds() -> dict[str, frozenset[str]]:
    """Return every kind of message, with what is said anywhere of the hour at which it may come."""
    found: dict[str, frozenset[str]] = defaultdict(frozenset)
    for kind, hours in calls():
        found[kind] |= hours
    return found


KINDS = kinds()


def test_only_these_kinds_may_come_at_night() -> None:
    assert {kind for kind, hours in KINDS.items() if "awaited_until" in hours} == set(AWAITED)
    assert {kind for kind, hours in KINDS.items() if "latest" in hours} == set(AT_LAST)


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_every_kind_that_was_due_by_day_and_can_be_sent_only_at_night_waits_for_the_morning(
    sqlite_url: str, kind: str
) -> None:
    awaited = NIGHT - MINUTE if kind in AWAITED else None
    latest = MORNING + HOUR if kind in AT_LAST else None
    wish = replace(WISH, kind=kind, urgent=True, awaited_until=awaited, latest=latest)
    database = connect(sqlite_url)
    assert await said_at(await company_with(database, wish)) == MORNING
    await database.dispose()


async def test_what_is_awaited_comes_at_once_as_long_as_it_is(store: Database) -> None:
    company = await company_with(store, replace(WISH, awaited_until=NIGHT + MINUTE))
    company.clock.move_to(NIGHT + MINUTE)
    assert await said_at(company) == NIGHT + MINUTE


async def test_what_nobody_waits_for_any_more_comes_in_the_morning(store: Database) -> None:
    company = await company_with(store, replace(WISH, awaited_until=NIGHT + MINUTE))
    company.clock.move_to(NIGHT + 2 * MINUTE)
    assert await said_at(company) == MORNING


@pytest.mark.parametrize(
    ("latest", "expected"),
    [(NIGHT - HOUR, NIGHT), (NIGHT, NIGHT), (NIGHT + 2 * HOUR, NIGHT + 2 * HOUR), (MORNING + HOUR, MORNING)],
)
async def test_what_has_to_be_said_before_the_morning_is_said_at_the_last_moment(
    store: Database, latest: datetime, expected: datetime
) -> None:
    assert await said_at(await company_with(store, replace(WISH, latest=latest))) == expected


async def test_leave_holidays_and_weekends_are_slept_through(store: Database) -> None:
    thursday = datetime(2026, 4, 2, 21, tzinfo=UTC)
    people = a_team("mara", "Europe/Berlin", ("ruth", "Europe/Berlin"))
    company = await a_company(store, people, start=thursday, country="DE")
    async with store.transaction() as tx:
        await tx.outbox.put(replace(WISH, due_at=thursday))
        await tx.people.add_leave(Leave(RUTH, date(2026, 4, 7), date(2026, 4, 8)))
    assert await said_at(company) == datetime(2026, 4, 9, 7, tzinfo=UTC), "Easter, then two days of leave"


async def test_the_morning_is_the_one_of_where_the_reader_is_by_then(store: Database) -> None:
    company = await company_with(store, WISH)
    await company.database.deliveries.put_off(await claimed(company), MORNING)
    await company.cases.roster.changed("U-ruth", email=None, zone="America/New_York", deleted=False)
    company.clock.move_to(MORNING + 5 * HOUR)
    assert await company.database.deliveries.claim(company.clock.now(), 10, 60) == ()
    company.clock.move_to(MORNING + 6 * HOUR)
    assert await said_at(company) == MORNING + 6 * HOUR, "nine in New York"


async def test_what_is_not_worth_saying_by_the_morning_is_never_said(store: Database) -> None:
    company = await company_with(store, replace(WISH, expires_at=MORNING - HOUR))
    row = await claimed(company)
    until = await company.cases.waking.sleeps_until(row)
    assert until == MORNING
    assert await store.deliveries.put_off(row, until)
    assert await store.deliveries.claim(MORNING - HOUR, 10, 60) == ()
    async with store.transaction() as tx:
        assert [one.key for one in await tx.outbox.given_up(MORNING, HOUR * 24)] == [WISH.key], "and it is told of"


async def test_a_wish_put_meanwhile_keeps_its_own_instant(store: Database) -> None:
    company = await company_with(store, WISH)
    row = await claimed(company)
    async with store.transaction() as tx:
        await tx.outbox.put(replace(WISH, message=Message("Newer", []), due_at=NIGHT, awaited_until=NIGHT + HOUR))
    assert await store.deliveries.put_off(row, MORNING)
    newer = await claimed(company)
    assert (newer.message.text, newer.due_at) == ("Newer", NIGHT)
    assert await company.cases.waking.sleeps_until(newer) is None


async def test_who_lost_the_lease_puts_nothing_off(store: Database) -> None:
    company = await company_with(store, WISH)
    row = await claimed(company)
    assert await store.deliveries.sent(row, "D1", "1.0")
    assert not await store.deliveries.put_off(row, MORNING)


async def test_what_was_withdrawn_while_it_was_claimed_is_gone(store: Database) -> None:
    company = await company_with(store, WISH)
    row = await claimed(company)
    async with store.transaction() as tx:
        await tx.outbox.withdraw(WISH.key)
    assert await store.deliveries.put_off(row, MORNING)
    async with store.transaction() as tx:
        assert not await tx.outbox.exists(WISH.key)


async def test_what_is_put_off_counts_in_the_week_in_which_it_comes(store: Database) -> None:
    friday = datetime(2026, 3, 6, 22, tzinfo=UTC)
    company = await company_with(store, replace(WISH, due_at=friday - HOUR), now=friday)
    monday = datetime(2026, 3, 8, 23, tzinfo=UTC)
    assert await said_at(company) == monday + 9 * HOUR
    async with store.transaction() as tx:
        assert await tx.outbox.begun(RUTH, {"reminder"}, friday - 48 * HOUR, monday) == 0
        assert await tx.outbox.begun(RUTH, {"reminder"}, monday, monday + 48 * HOUR) == 1


async def test_in_a_zone_that_nobody_knows_it_is_said_rather_than_never(store: Database) -> None:
    company = await company_with(store, WISH)
    async with store.transaction() as tx:
        known = await tx.people.get(RUTH)
        assert known is not None
        await tx.facts.upsert(Records(people=(replace(known, timezone="Mars/Olympus"),)))
        assert (await tx.people.get(RUTH) or known).timezone == "Mars/Olympus"
    assert await said_at(company) == NIGHT


class Running:
    """A clock that goes on between any two looks, as real ones do."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        self._now += timedelta(milliseconds=1)
        return self._now


async def test_a_clock_that_goes_on_while_the_hour_is_looked_up_puts_nothing_off(store: Database) -> None:
    company = await company_with(store, now=MORNING)
    async with store.transaction() as tx:
        await tx.outbox.put(replace(WISH, due_at=MORNING))
    row = await claimed(company)
    assert await WakingHours(replace(company.office, clock=Running(MORNING))).sleeps_until(row) is None
