"""What is recorded in Slack of a customer's evidence stays, whatever is imported after it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from examples import LATER, NOW, PEOPLE, REP, BreakError, broken

from bot.coaching.records import Deal, DealId, DealStatus, Records, Verifier
from bot.coaching.said import say
from bot.coaching.winning.evidence import Recording
from bot.services.ports import Store
from bot.storage.engine import connect
from bot.storage.store import Database
from bot.views.languages import GERMAN

ACME = Deal(DealId("acme"), REP, "Acme", DealStatus.OPEN, date(2017, 9, 1), amount=0.1, stage="Approved")
ZENITH = replace(ACME, id=DealId("zenith"), name="Zenith", start=None, amount=None)
DAY = date(2017, 10, 2)
GIVEN = Verifier(ACME.id, "closure_plan", "Carla Customer", DAY, "https://mail.example/1")
IN_THE_CRM = Verifier(ACME.id, "decision_maker", "Dora Decider", DAY, "https://crm.example/2")
IMPORT = replace(PEOPLE, deals=(ACME, ZENITH), verifiers=(IN_THE_CRM,))


@pytest.fixture
async def store(store: Database) -> Database:
    await bring(store, IMPORT)
    return store


async def bring(store: Store, records: Records) -> None:
    async with store.transaction() as tx:
        await tx.facts.upsert(records)


async def record(store: Store, given: Verifier, at: datetime = NOW) -> None:
    async with store.transaction() as tx:
        await tx.evidence.record(given, by=REP, at=at)


async def withdraw(store: Store, given: Verifier, on: date = DAY, at: datetime = NOW) -> None:
    async with store.transaction() as tx:
        await tx.evidence.withdraw(given, on, by=REP, at=at)


async def given(store: Store) -> tuple[Verifier, ...]:
    """What a deal's modal reads, which is what the maths read too."""
    async with store.transaction() as tx:
        found = await tx.evidence.of_deal(ACME.id)
        assert sorted((await tx.facts.load()).verifiers, key=lambda one: one.key) == sorted(
            found, key=lambda one: one.key
        )
    return found


async def said(store: Store, since: datetime = NOW, *deals: DealId) -> tuple[Recording, ...]:
    async with store.transaction() as tx:
        return await tx.evidence.since(deals or (ACME.id,), since)


async def version(store: Store) -> int:
    async with store.transaction() as tx:
        return await tx.facts.version()


async def test_a_deal_comes_back_as_it_was_imported_and_nothing_for_one_that_is_not_there(store: Database) -> None:
    async with store.transaction() as tx:
        assert await tx.evidence.deal(ACME.id) == ACME
        assert await tx.evidence.deal(ZENITH.id) == ZENITH
        assert await tx.evidence.deal(DealId("gone")) is None
        assert await tx.evidence.of_deal(ZENITH.id) == ()


async def test_what_is_recorded_is_a_verifier_like_an_imported_one_and_makes_the_version_grow(store: Database) -> None:
    await record(store, GIVEN)
    assert await given(store) == (GIVEN, IN_THE_CRM)
    assert await version(store) == 2
    await withdraw(store, GIVEN)
    assert await given(store) == (replace(GIVEN, withdrawn_on=DAY), IN_THE_CRM)
    assert await version(store) == 3


async def test_an_import_neither_deletes_nor_rewords_what_was_recorded(store: Database) -> None:
    await record(store, GIVEN)
    await bring(store, IMPORT)
    await bring(store, replace(IMPORT, verifiers=(replace(GIVEN, given_by="ron@example.com", link=""),)))
    assert await given(store) == (GIVEN, IN_THE_CRM)


@pytest.mark.parametrize("was_recorded", [True, False])
async def test_an_import_does_not_undo_a_withdrawal(store: Database, *, was_recorded: bool) -> None:
    if was_recorded:
        await record(store, GIVEN)
    about = GIVEN if was_recorded else IN_THE_CRM
    await withdraw(store, about)
    await bring(store, replace(IMPORT, verifiers=(about, replace(about, given_on=DAY - timedelta(1)))))
    kept = {one.given_on: one.withdrawn_on for one in await given(store) if one.key == about.key}
    assert kept == {DAY: DAY, DAY - timedelta(1): None}, "another day is other evidence"


async def test_an_import_may_end_what_was_recorded(store: Database) -> None:
    await record(store, GIVEN)
    ends = replace(GIVEN, given_by="somebody", expires_on=date(2017, 12, 1))
    await bring(store, replace(IMPORT, verifiers=(ends,)))
    await bring(store, replace(IMPORT, verifiers=(replace(ends, expires_on=None, withdrawn_on=date(2017, 11, 1)),)))
    await bring(store, replace(IMPORT, verifiers=(GIVEN, IN_THE_CRM)))
    ended = replace(GIVEN, expires_on=date(2017, 12, 1), withdrawn_on=date(2017, 11, 1))
    assert await given(store) == (ended, IN_THE_CRM)


async def test_what_nobody_spoke_of_in_slack_is_as_the_last_import_says(store: Database) -> None:
    await record(store, GIVEN)
    other = replace(IN_THE_CRM, given_by="Dan", withdrawn_on=DAY)
    await bring(store, replace(IMPORT, verifiers=(other,)))
    await bring(store, IMPORT)
    assert await given(store) == (GIVEN, IN_THE_CRM)


async def test_recording_again_lets_what_was_withdrawn_hold_again(store: Database) -> None:
    await withdraw(store, IN_THE_CRM)
    again = replace(IN_THE_CRM, given_by="Carla Customer")
    await record(store, again)
    assert await given(store) == (again,)


async def test_who_said_what_and_when_is_kept_oldest_first(store: Database) -> None:
    await record(store, GIVEN)
    await withdraw(store, GIVEN, at=LATER)
    words = (Recording(GIVEN, REP, NOW), Recording(replace(GIVEN, withdrawn_on=DAY), REP, LATER))
    assert await said(store) == words
    assert [one.was_given for one in words] == [True, False]


async def test_since_begins_with_its_instant_and_names_only_the_deals_asked_for(store: Database) -> None:
    await record(store, GIVEN)
    other = replace(GIVEN, deal=ZENITH.id)
    await record(store, other, at=LATER.astimezone(timezone(timedelta(hours=5))))
    assert await said(store, NOW + timedelta(microseconds=1)) == ()
    assert [one.verifier for one in await said(store, NOW, ACME.id, ZENITH.id)] == [GIVEN, other]
    (late,) = await said(store, LATER, ACME.id, ZENITH.id)
    assert (late.at, late.at.tzinfo) == (LATER, UTC)
    async with store.transaction() as tx:
        assert await tx.evidence.since((), NOW) == ()


async def test_a_recording_that_fails_leaves_nothing(store: Database) -> None:
    async def say_both() -> None:
        async with broken(store) as tx:
            await tx.evidence.record(GIVEN, by=REP, at=NOW)
            await tx.evidence.withdraw(IN_THE_CRM, DAY, by=REP, at=NOW)

    with pytest.raises(BreakError):
        await say_both()
    assert (await given(store), await said(store), await version(store)) == ((IN_THE_CRM,), (), 1)


async def test_recordings_and_imports_at_once_wait_for_each_other(store: Database, database_url: str) -> None:
    replica = connect(database_url)
    days = [DAY - timedelta(days=back) for back in range(4)]
    recordings = [record(one, replace(GIVEN, given_on=day)) for day in days for one in (store, replica)]
    await asyncio.gather(*recordings, *(bring(one, IMPORT) for one in (store, replica)))
    await replica.dispose()
    assert {one.given_on for one in await given(store) if one.key == GIVEN.key} == set(days)
    assert len(await said(store)) == 8
    assert await version(store) == 11


async def test_who_holds_the_records_sees_them_unchanged_until_the_end(store: Database, database_url: str) -> None:
    replica = connect(database_url)
    async with store.transaction() as tx:
        await tx.evidence.hold()
        waiting = asyncio.create_task(record(replica, GIVEN))
        await asyncio.sleep(0.2)
        assert await tx.evidence.of_deal(ACME.id) == (IN_THE_CRM,)
        assert not waiting.done()
    await waiting
    await replica.dispose()
    assert await given(store) == (GIVEN, IN_THE_CRM)


async def test_who_gave_it_by_a_field_of_the_crm_is_read_in_any_language(store: Database) -> None:
    by_field = say("{source}'s field {field}", source="HubSpot", field="closing_plan")
    await bring(store, replace(IMPORT, verifiers=(replace(IN_THE_CRM, given_by=by_field),)))
    (one,) = await given(store)
    assert one.given_by == "HubSpot's field closing_plan"
    assert GERMAN.written(one.given_by) == "HubSpot, Feld closing_plan"
    await withdraw(store, one)
    assert [GERMAN.written(told.verifier.given_by) for told in await said(store)] == ["HubSpot, Feld closing_plan"]
