"""Many people are linked to their accounts in Slack as each would be alone, in few statements."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import databases
import pytest

from bot.coaching.records import PersonId
from bot.services.following import TOGETHER
from bot.services.ports import Duty, DutyKind, Outgoing, SlackAccount
from bot.services.roster import LookUp
from bot.services.rounds import EVERYBODY
from bot.storage.engine import connect
from bot.storage.store import Database
from bot.views.message import Message
from tests.company import MONDAY, Company, a_company, a_team
from tests.statements import asked_of

LIMA, CAIRO = "America/Lima", "Africa/Cairo"
PEOPLE = a_team("ana", LIMA, *((name, LIMA) for name in ("bea", "carl", "dan", "eve", "fay", "gil")))
EARLIER, LATER = (datetime(2026, 3, 1, 8, tzinfo=UTC) + timedelta(hours=hour) for hour in (0, 1))


def before() -> tuple[SlackAccount, ...]:
    """Say how everybody is known: with a zone, a language, and as of when Slack said it."""
    return tuple(SlackAccount(one.id, f"U-{one.id}", LIMA, as_of=EARLIER, locale="en-US") for one in PEOPLE)


def news() -> tuple[SlackAccount, ...]:
    """Say what Slack tells later: two swapped accounts, one moved, one left, one is told older, one chose German."""
    ana, bea, carl, dan, eve, fay, gil = (replace(one, as_of=LATER) for one in before())
    return (
        ana,
        replace(bea, user=carl.user),
        replace(carl, user=bea.user),
        replace(dan, zone=CAIRO, locale=None),
        replace(eve, zone=None, deleted=True),
        replace(fay, as_of=EARLIER - timedelta(hours=1), zone=CAIRO),
        replace(gil, locale="de-DE"),
    )


async def a_known_company(database: Database) -> Company:
    """Return a company whose people are known in Slack, each with a message for tomorrow morning and a home tab."""
    company = await a_company(database, PEOPLE)
    await company.cases.roster.link(before())
    morning = datetime(2026, 3, 3, 14, tzinfo=UTC)
    async with database.transaction() as tx:
        for one in PEOPLE:
            await tx.outbox.put(Outgoing(f"hello:{one.id}", one.id, "hello", Message("Hello", []), morning))
    return company


async def known(database: Database) -> dict[str, object]:
    async with database.transaction() as tx:
        waiting = await tx.outbox.waiting_for([one.id for one in PEOPLE], MONDAY)
        return {
            "people": await tx.people.all(),
            "accounts": await tx.people.accounts(),
            "as_of": [one.as_of for one in await tx.people.accounts()],
            "waiting": {person: [one.due_at for one in messages] for person, messages in waiting.items()},
        }


@pytest.mark.parametrize("daily", [False, True])
async def test_many_are_linked_as_each_would_be_alone(store: Database, tmp_path: Path, *, daily: bool) -> None:
    other = connect(databases.new_sqlite(tmp_path / "other.sqlite3"))
    together, apart = await a_known_company(store), await a_known_company(other)
    if daily:
        async with store.transaction() as tx:
            duty = Duty("plan:2026-03-02", DutyKind.PLAN, EVERYBODY, MONDAY)
            await together.cases.rounds.daily(tx, duty, LookUp(news()))
    else:
        await together.cases.roster.link(news())
    for account in news():
        await apart.cases.roster.link([account])
    one, each = await known(store), await known(other)
    swapped = {account.person: account.user for account in news()[1:3]}
    async with store.transaction() as tx:
        assert {person: (await tx.people.account_of(person)) for person in swapped} == {
            account.person: account for account in news()[1:3]
        }
        left = await tx.people.account_of(PersonId("eve"))
        told_older = await tx.people.account_of(PersonId("fay"))
    await other.dispose()
    assert left is not None
    assert (left.deleted, left.zone) == (True, LIMA), "of who left Slack no longer says a zone"
    assert told_older == before()[5]
    assert one == each


@pytest.mark.parametrize("news_of_all", [False, True])
async def test_five_times_as_many_people_are_linked_in_no_more_statements(
    sqlite_url: str, tmp_path: Path, *, news_of_all: bool
) -> None:
    counts = []
    for number, url in ((TOGETHER // 5 - 1, sqlite_url), (TOGETHER - 1, databases.new_sqlite(tmp_path / "o.sqlite3"))):
        people = a_team("boss", LIMA, *((f"rep{one:03d}", LIMA) for one in range(number)))
        company = await a_company(connect(url), people)
        zone, locale = (CAIRO, "de-DE") if news_of_all else (None, None)
        with asked_of(company.database) as asked:
            await company.cases.roster.link(SlackAccount(one.id, f"U-{one.id}", zone, locale=locale) for one in people)
        await company.database.dispose()
        counts.append(len(asked))
    assert counts[0] == counts[1]


async def test_of_more_than_fit_a_transaction_all_are_linked(store: Database) -> None:
    people = a_team("boss", LIMA, *((f"rep{one:03d}", LIMA) for one in range(TOGETHER + 20)))
    await a_company(store, people)
    async with store.transaction() as tx:
        assert {one.person for one in await tx.people.accounts()} == {one.id for one in people}


async def test_of_two_with_one_account_the_later_one_has_it(store: Database) -> None:
    await a_company(store, PEOPLE)
    async with store.transaction() as tx:
        await tx.people.link(*(SlackAccount(one.id, "U-shared") for one in PEOPLE[:2]))
        assert {one.person for one in await tx.people.accounts()} == {one.id for one in PEOPLE} - {PEOPLE[0].id}
