"""However a source changes and wherever reading it is interrupted, what is shown is what one whole read would show."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import databases
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot.clock import ManualClock
from bot.coaching.playbook import EvidenceField
from bot.coaching.records import (
    Activity,
    DealStatus,
    PeriodGoal,
    Person,
    PersonId,
    Records,
    StageEntry,
    Verifier,
)
from bot.config import load
from bot.errors import CadenceError, StaleError
from bot.services.office import Office
from bot.services.ports.sync import Connection, Phase, SyncState
from bot.services.source import Need, Page, SourceDeal, SourceStage, StageMove
from bot.services.source_errors import Fault, SourceError
from bot.services.sync import Sync
from bot.services.sync_lease import LeaseLostError, Pulse
from bot.services.syncing import Syncing
from bot.storage.engine import connect
from bot.storage.store import Database
from bot.storage.tables import (
    deal_snapshot,
    source_count,
    source_deal,
    source_goal,
    source_person,
    source_stage,
)
from bot.storage.tables import sync as sync_table
from bot.surroundings import office
from tests.crm.held import NOW, Did, some_held
from tests.crm.memory_source import MemorySource

ROB = PersonId("rob@example.com")


def an_office(store: Database, now: datetime = NOW) -> Office:
    return office(load({}, need_slack=False), store, ManualClock(now))


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """SQLite, and PostgreSQL too for a test that says so: what differs between them is in storage."""
    url: str = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    return url


on_both = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def house(store: Database) -> Office:
    return an_office(store)


async def shown(store: Database) -> Records:
    async with store.transaction() as tx:
        return await tx.facts.load()


async def sync(house: Office, source: MemorySource, **how: Any) -> Any:
    return await Sync(house, source).run(**how)


def by_id(records: Records) -> dict[str, Any]:
    return {deal.id: deal for deal in records.deals}


@on_both
async def test_a_first_sync_shows_all_that_is_held(store: Database, house: Office) -> None:
    held = some_held()
    held.did = [Did("2", "call", datetime(2026, 10, 20, 3, 30, tzinfo=UTC))] * 3
    state = await sync(house, MemorySource(held))
    found = await shown(store)
    assert {one.email for one in found.people} == {"rob@example.com", "ana@example.com", "leo@example.com"}
    assert {one.id: one.active for one in found.people}["leo@example.com"] is False
    assert {one.timezone for one in found.people} == {"America/New_York"}
    acme = by_id(found)["101"]
    assert (acme.owner, acme.stage, acme.amount, acme.currency) == (ROB, "Proposal", 1200.5, "EUR")
    assert (acme.start, acme.close, acme.expected_close) == (date(2026, 9, 1), None, date(2026, 12, 15))
    assert by_id(found)["103"].lost_reason == "Price"
    assert found.goals == (PeriodGoal(ROB, date(2026, 10, 1), date(2026, 12, 31), 50_000.0, "EUR"),)
    assert found.activities == (Activity(ROB, "call", date(2026, 10, 19), count=3),)  # in New York
    assert StageEntry("102", "Proposal", date(2026, 9, 3)) in found.stage_history
    assert len(found.stage_history) == len(held.moves)
    assert (state.whole, state.read, state.phase, state.failed, state.marker) == (True, 3, None, "", NOW)


async def test_a_manager_who_is_known_there_becomes_the_managers_record(store: Database, house: Office) -> None:
    held = some_held()
    held.people[1] = replace(held.people[1], manager="1")
    await sync(house, MemorySource(held))
    people = {one.id: one for one in (await shown(store)).people}
    assert people[ROB].manager_id == "mia@example.com"


async def test_people_that_are_imported_stay_as_they_were_imported(store: Database, house: Office) -> None:
    async with store.transaction() as tx:
        await tx.facts.upsert(Records(people=(Person(PersonId("007"), "Robert R.", "Rob@example.com", team="North"),)))
    await sync(house, MemorySource(some_held()))
    found = await shown(store)
    assert by_id(found)["101"].owner == "007"
    assert {one.id: one for one in found.people}["007"].name == "Robert R."
    assert ROB not in {one.id for one in found.people}


@on_both
async def test_nobody_is_guessed_and_an_admins_word_counts(store: Database, house: Office) -> None:
    held = some_held()
    held.people[1] = replace(held.people[1], email="")
    source = MemorySource(held)
    async with store.transaction() as tx:
        await tx.facts.upsert(Records(people=(Person(PersonId("007"), "Rob Rep", "other@example.com"),)))
    await sync(house, source)
    assert "101" not in by_id(await shown(store))
    async with store.transaction() as tx:
        assert await tx.syncs.map("memory", "2", PersonId("007"))
        assert not await tx.syncs.map("memory", "nobody", PersonId("007"))
    await sync(house, source)
    assert by_id(await shown(store))["101"].owner == "007"
    async with store.transaction() as tx:
        await tx.syncs.map("memory", "2", None)
    await sync(house, source)
    assert "101" not in by_id(await shown(store))


async def test_only_what_changed_is_read_the_second_time_from_before_the_marker(store: Database, house: Office) -> None:
    held = some_held()
    source = MemorySource(held)
    await sync(house, source)
    later = NOW + timedelta(hours=1)
    held.account = replace(held.account, now=later)
    held.put(replace(held.deals["101"], amount=5.0, modified=later))
    state = await sync(house, source)
    assert source.walks == [None, NOW - timedelta(minutes=10)]
    assert (state.whole, state.read) == (False, 1)
    assert by_id(await shown(store))["101"].amount == 5.0


async def test_a_source_whose_clock_went_back_is_asked_from_there(house: Office) -> None:
    held = some_held()
    source = MemorySource(held)
    await sync(house, source)
    earlier = NOW - timedelta(hours=5)
    held.account = replace(held.account, now=earlier)
    await sync(house, source)
    assert source.walks[-1] == earlier - timedelta(minutes=10)


async def test_our_own_clock_may_be_wrong(store: Database) -> None:
    held, source = some_held(), MemorySource(some_held())
    source.held = held
    await sync(an_office(store, NOW + timedelta(days=900)), source)
    at = NOW + timedelta(minutes=5)
    held.account = replace(held.account, now=at + timedelta(minutes=1))
    held.put(replace(held.deals["101"], amount=5.0, modified=at))
    await sync(an_office(store, NOW - timedelta(days=900)), source)
    assert by_id(await shown(store))["101"].amount == 5.0


@on_both
async def test_everything_is_read_anew_each_day_and_what_vanished_is_absent(store: Database, house: Office) -> None:
    held = some_held()
    source = MemorySource(held)
    await sync(house, source)
    del held.deals["103"]  # without a word
    held.account = replace(held.account, now=NOW + timedelta(hours=1))
    await sync(house, source)
    assert "103" in by_id(await shown(store))
    held.account = replace(held.account, now=NOW + timedelta(days=1))
    state = await sync(house, source)
    assert state.whole
    assert "103" not in by_id(await shown(store))
    assert "103" not in {entry.deal for entry in (await shown(store)).stage_history}


@on_both
async def test_deleted_and_merged_deals_are_absent_and_come_back_when_they_are_there_again(
    store: Database, house: Office
) -> None:
    held = some_held()
    source = MemorySource(held)
    await sync(house, source)
    lost, now = held.deals["103"], NOW + timedelta(hours=1)
    held.account = replace(held.account, now=now)
    held.delete("103", now)
    held.put(replace(held.deals["101"], absorbed=("102",), modified=now))
    del held.deals["102"]
    await sync(house, source)
    assert set(by_id(await shown(store))) == {"101"}
    held.gone.clear()
    held.put(replace(lost, modified=now + timedelta(minutes=1)))
    await sync(house, source)
    assert set(by_id(await shown(store))) == {"101", "103"}


async def test_when_most_vanish_at_once_it_is_not_believed_unless_an_admin_says_so(
    store: Database, house: Office
) -> None:
    held = some_held()
    for number in range(40):
        held.put(replace(held.deals["101"], id=str(200 + number)))
    source = MemorySource(held, page=50)
    await sync(house, source)
    for number in range(20):
        del held.deals[str(200 + number)]
    state = await sync(house, source, whole=True)
    assert len((await shown(store)).deals) == 43
    assert "20 of 43 deals are no longer there" in state.notes[0]
    state = await sync(house, source, whole=True, accept_vanished=True)
    assert len((await shown(store)).deals) == 23
    assert state.notes == ()


async def test_a_source_that_is_down_leaves_what_is_shown_and_the_reason(store: Database, house: Office) -> None:
    held = some_held()
    source = MemorySource(held)
    await sync(house, source)
    before = await shown(store)
    held.put(replace(held.deals["101"], amount=9.0, modified=NOW + timedelta(minutes=1)))
    for steps in range(4):
        source.steps = steps
        with pytest.raises(SourceError, match="away"):
            await sync(house, source, whole=True)
        assert await shown(store) == before
    async with store.transaction() as tx:
        state = await tx.syncs.state("memory")
    assert (state.failed, state.good_at) == ("The memory is away.", NOW)
    source.steps = None
    await sync(house, source)
    assert by_id(await shown(store))["101"].amount == 9.0


async def test_an_interrupted_sync_goes_on_where_it_was(house: Office) -> None:
    held = some_held()
    for number in range(20):
        held.put(replace(held.deals["101"], id=str(200 + number)))
    source = MemorySource(held, steps=8)
    with pytest.raises(SourceError):
        await sync(house, source)
    source.steps = None
    state = await sync(house, source)
    assert (state.read, state.run) == (23, 1)


async def test_two_at_once_cannot_run(store: Database, house: Office) -> None:
    held = some_held()
    first, second = asyncio.Event(), asyncio.Event()

    class Slow(MemorySource):
        async def stages(self):
            first.set()
            await second.wait()
            return await super().stages()

    running = asyncio.create_task(sync(house, Slow(held)))
    await first.wait()
    with pytest.raises(StaleError, match="being read right now"):
        await sync(house, MemorySource(held))
    second.set()
    await running
    await sync(house, MemorySource(held))


@on_both
async def test_who_lost_the_lease_writes_nothing_more(store: Database, house: Office) -> None:
    """A process that slept through its lease wakes up beside the one that took over."""
    held = some_held()

    async def robbed(_: Any) -> None:
        async with store.transaction() as tx:
            await tx.syncs.release("memory", reading._course.lease.token)
            assert await tx.syncs.take("memory", "another", 60)

    reading = Sync(house, MemorySource(held), progress=robbed)
    with pytest.raises(CadenceError, match="Another process"):
        await reading.run()
    assert (await shown(store)).deals == ()
    with pytest.raises(StaleError):
        await sync(house, MemorySource(held))


async def staged(store: Database) -> list[Any]:
    """All that is kept of a source before anybody sees it."""
    tables = (source_person, source_stage, source_deal, deal_snapshot, source_count, source_goal)
    async with store._begin() as connection:
        return [(await connection.execute(select(table))).all() for table in tables]


@on_both
@pytest.mark.parametrize("need", [Need.PEOPLE, Need.STAGES, Need.DEALS, Need.HISTORY, Need.ACTIVITIES, Need.GOALS])
async def test_who_slept_through_the_lease_stages_nothing_either(store: Database, house: Office, need: Need) -> None:
    """Whatever was being asked for when it fell asleep, what another one staged meanwhile stays."""
    held = some_held()
    held.did = [Did("2", "call", datetime(2026, 10, 20, 15, tzinfo=UTC))]
    await sync(house, MemorySource(held))
    held.people.append(replace(held.people[1], id="9", email="new@example.com"))
    held.stages[0] = replace(held.stages[0], name="Renamed")
    held.put(replace(held.deals["101"], stage="11", modified=NOW))
    held.goals = [replace(held.goals[0], amount=1.0)]
    held.did.append(Did("2", "call", datetime(2026, 10, 29, 15, tzinfo=UTC)))
    sleeper = Sync(house, MemorySource(held))
    sleeper._course.account = held.account
    async with store.transaction() as tx:
        assert await tx.syncs.take("memory", "another", 60)
    async with store._begin() as connection:
        await connection.execute(update(source_deal).values(history_due=True))
    before, reading = await staged(store), sleeper._reading
    state = replace(SyncState("memory", run=2), phase=Phase.DEALS)
    step = {
        Need.PEOPLE: reading.people,
        Need.STAGES: reading.stages,
        Need.DEALS: partial(reading.deals, state),
        Need.HISTORY: reading.history,
        Need.ACTIVITIES: reading.activities,
        Need.GOALS: reading.goals,
    }[need]
    with pytest.raises(LeaseLostError):
        await step()
    assert await staged(store) == before


@on_both
async def test_a_sync_that_lives_keeps_its_lease_however_long_a_page_takes(store: Database, house: Office) -> None:
    seen: set[datetime] = set()

    class Slow(MemorySource):
        async def stages(self) -> Page[SourceStage]:
            while len(seen) < 3:
                await asyncio.sleep(0.01)
                async with store._begin() as connection:
                    seen.add((await connection.execute(select(sync_table.c.lease_until))).scalar_one())
            return await super().stages()

    await asyncio.wait_for(Sync(house, Slow(some_held()), pulse=Pulse(60, 0.01)).run(), 60)
    async with store.transaction() as tx:
        assert await tx.syncs.take("memory", "another", 60), "it is given back at the end"


class OneSource:
    """Opens the same source again and again."""

    def __init__(self, source: MemorySource) -> None:
        self._source = source

    def open(self, connection: Connection, fields: Collection[str]) -> MemorySource:
        return self._source


@on_both
async def test_what_a_process_that_died_had_begun_goes_on_before_its_turn_comes_again(
    store: Database, house: Office
) -> None:
    reader = Syncing(house, OneSource(MemorySource(some_held())), every=timedelta(minutes=15))
    await reader.connect(Connection("memory", {}, "", NOW))
    assert [await reader.run_due(), await reader.run_due()] == [1, 0]
    async with store.transaction() as tx:
        assert await tx.syncs.take("memory", "alive", 60)
    assert await reader.run_due() == 0
    async with store.transaction() as tx:
        assert await tx.syncs.renew("memory", "alive", -1), "its lease has run out, for it beats no more"
        assert await tx.syncs.broke_off("memory")
    assert await reader.run_due() == 1
    async with store.transaction() as tx:
        assert not await tx.syncs.renew("memory", "alive", 60)
        assert not await tx.syncs.broke_off("memory")
    assert await reader.run_due() == 0


@pytest.mark.parametrize("need", [Need.HISTORY, Need.ACTIVITIES, Need.GOALS])
async def test_what_may_not_be_read_is_left_out_and_said(store: Database, house: Office, need: Need) -> None:
    held = some_held()
    held.did = [Did("2", "call", NOW - timedelta(days=3))]
    state = await sync(house, MemorySource(held, forbidden={need}))
    assert [note for note in state.notes if note.startswith(f"Not available from Memory CRM: {need}.")]
    found = await shown(store)
    assert len(found.deals) == 3
    assert bool(found.goals) is (need is not Need.GOALS)
    assert bool(found.activities) is (need is not Need.ACTIVITIES)


async def test_without_the_sources_history_what_was_seen_is_the_history(store: Database, house: Office) -> None:
    held = some_held()
    source = MemorySource(held, needs=frozenset(Need) - {Need.HISTORY})
    await sync(house, source)
    moved = NOW + timedelta(days=2)
    held.put(replace(held.deals["101"], stage="11", stage_since=moved, modified=moved))
    held.account = replace(held.account, now=moved)
    await sync(house, source)
    entries = [entry for entry in (await shown(store)).stage_history if entry.deal == "101"]
    assert entries == [
        StageEntry("101", "Proposal", date(2026, 9, 10)),
        StageEntry("101", "Discovery", moved.date()),
    ]


@on_both
async def test_a_renamed_stage_is_shown_by_its_new_name_in_the_past_too(store: Database, house: Office) -> None:
    held = some_held()
    source = MemorySource(held)
    await sync(house, source)
    held.stages[1] = replace(held.stages[1], name="Offer")
    await sync(house, source)
    found = await shown(store)
    assert by_id(found)["101"].stage == "Offer"
    assert {entry.stage for entry in found.stage_history} == {"Discovery", "Offer", "Won", "Lost"}


class HistoryByDeal(MemorySource):
    """Tells the stages of one deal a page, and of as many as are ``left`` today."""

    left = 0
    told: list[str]

    async def history(self, deals: Collection[str]) -> AsyncIterator[Page[StageMove]]:
        for deal in sorted(deals):
            if not self.left:
                raise SourceError(Fault.BUSY, "The day is used up.")
            self.left -= 1
            self.told.append(deal)
            yield Page(tuple(move for move in self.held.moves if move.deal == deal))


@on_both
async def test_a_deal_starts_in_its_first_stage_that_the_playbook_places(store: Database, house: Office) -> None:
    """Before that nobody at the customer has given anything."""
    held = some_held()
    held.stages.insert(0, SourceStage("10", "Prospecting", "5", "Sales", 0, 0.1))
    qualified = datetime(2026, 9, 20, 15, tzinfo=UTC)
    made = held.deals["101"].started
    held.moves = [one for one in held.moves if one.deal != "101"]
    held.moves += [StageMove("101", "10", made), StageMove("101", "12", qualified)]
    held.put(replace(held.deals["101"], id="104", stage="10", stage_since=made))
    held.moves.append(StageMove("104", "10", made))
    source = MemorySource(held)
    await sync(house, source)
    found = by_id(await shown(store))
    assert (found["101"].start, found["104"].start) == (qualified.date(), None)
    moved = NOW + timedelta(hours=1)
    held.put(replace(held.deals["104"], stage="11", stage_since=moved, modified=moved))
    held.moves.append(StageMove("104", "11", moved))
    await sync(house, source)
    assert by_id(await shown(store))["104"].start == moved.date()


async def test_of_a_batch_of_histories_that_breaks_off_what_was_told_is_kept(store: Database, house: Office) -> None:
    """Each deal may have cost a call of a day's budget."""
    held = some_held()
    source = HistoryByDeal(held)
    source.left, source.told = 1, []
    state = await sync(house, source)
    assert "The day is used up" in state.notes[0]
    assert {entry.deal for entry in (await shown(store)).stage_history} >= {"101"}
    source.left = 2
    await sync(house, source)
    assert source.told == ["101", "102", "103"], "none is asked for twice"


async def test_a_deal_whose_stages_are_not_told_starts_when_it_was_made(store: Database, house: Office) -> None:
    held = some_held()
    await sync(house, MemorySource(held, needs=frozenset(Need) - {Need.HISTORY}))
    assert by_id(await shown(store))["101"].start == date(2026, 9, 1)


async def test_stages_of_one_name_are_told_apart_by_their_pipeline(store: Database, house: Office) -> None:
    held = some_held()
    held.stages.append(replace(held.stages[1], id="22", pipeline="6", pipeline_name="Renewals"))
    await sync(house, MemorySource(held))
    assert by_id(await shown(store))["101"].stage == "Proposal (Sales)"


async def test_a_deal_without_a_known_owner_is_nobodys(store: Database, house: Office) -> None:
    held = some_held()
    source = MemorySource(held)
    await sync(house, source)
    held.put(replace(held.deals["101"], owner="", modified=NOW))
    await sync(house, source)
    assert "101" not in by_id(await shown(store))


async def test_each_change_of_a_deal_is_kept_once(store: Database, house: Office) -> None:
    held = some_held()
    source = MemorySource(held)
    changes: list[dict[str, Any]] = [
        {"amount": 7.0}, {"stage": "11"}, {"expected_close": date(2027, 1, 1)}, {"owner": "3"},
        {"status": DealStatus.WON, "closed": date(2026, 11, 1)}, {"name": "Other"}, {},
    ]  # fmt: skip
    await sync(house, source)
    for number, change in enumerate(changes):
        at = NOW + timedelta(minutes=number + 1)
        held.account = replace(held.account, now=at)
        held.put(replace(held.deals["101"], modified=at, **change))
        await sync(house, source)
        await sync(house, source)
    async with store._begin() as connection:
        query = "SELECT count(*) FROM deal_snapshot WHERE deal = '101' AND seen_at IS NOT NULL"
        assert (await connection.exec_driver_sql(query)).scalar_one() == 1 + 5


def with_field(house: Office, **field: Any) -> Office:
    stage = house.playbook.stages[0]
    kind = replace(stage.toll[0], field=EvidenceField("budget", **field))
    stages = (replace(stage, toll=(kind, *stage.toll[1:])), *house.playbook.stages[1:])
    return replace(house, playbook=replace(house.playbook, stages=stages))


@on_both
async def test_a_mapped_field_gives_the_verifier_and_an_empty_one_takes_it_back(store: Database, house: Office) -> None:
    house = with_field(house, one_of=("Yes",), by="who", on="when", link="where", until="till")
    key = house.playbook.stages[0].toll[0].key
    held, source = some_held(), MemorySource(some_held())
    source.held = held
    said = {
        "budget": "yes",
        "who": "Jane Doe",
        "when": "2026-10-02",
        "where": "https://x.example",
        "till": "2027-01-01",
    }
    held.put(replace(held.deals["101"], fields=said))
    held.put(replace(held.deals["102"], fields={"budget": "no"}))
    await sync(house, source)
    given_one = Verifier("101", key, "Jane Doe", date(2026, 10, 2), "https://x.example", expires_on=date(2027, 1, 1))
    assert (await shown(store)).verifiers == (given_one,)
    held.put(replace(held.deals["101"], fields={"who": "Jane Doe"}, modified=NOW))
    await sync(house, source)
    assert (await shown(store)).verifiers == (replace(given_one, withdrawn_on=date(2026, 11, 2)),)


async def test_a_field_without_a_day_counts_from_when_it_was_first_seen(store: Database, house: Office) -> None:
    house = with_field(house)
    held, source = some_held(), MemorySource(some_held())
    source.held = held
    first = held.put(replace(held.deals["101"], fields={"budget": "signed"})).modified
    assert first is not None
    await sync(house, source)
    held.put(replace(held.deals["101"], amount=1.0, modified=NOW))
    await sync(house, source)
    [found] = (await shown(store)).verifiers
    assert (found.given_on, found.given_by) == (first.date(), "Memory CRM's field budget")
    assert found.withdrawn_on is None


@on_both
async def test_what_was_said_in_slack_of_a_verifier_stays(store: Database, house: Office) -> None:
    house = with_field(house, on="when")
    key = house.playbook.stages[0].toll[0].key
    held, source = some_held(), MemorySource(some_held())
    source.held = held
    held.put(replace(held.deals["101"], fields={"budget": "yes", "when": "2026-10-02"}))
    await sync(house, source)
    [known] = (await shown(store)).verifiers
    mine = replace(known, given_by="Jane Doe", link="https://mine.example")
    async with store.transaction() as tx:
        await tx.evidence.record(mine, by=ROB, at=NOW)
    held.put(replace(held.deals["101"], fields={}, modified=NOW))
    await sync(house, source)
    assert (await shown(store)).verifiers == (mine,)
    assert mine.key == key


OWNERS, STAGES = st.sampled_from(["", "2", "3"]), st.sampled_from(["11", "12"])
CHANGES = st.one_of(
    st.tuples(st.just("put"), st.integers(1, 8), OWNERS, STAGES, st.sampled_from([None, 0.0, 10.0])),
    st.tuples(st.just("delete"), st.integers(1, 8)),
    st.tuples(st.just("merge"), st.integers(1, 8), st.integers(1, 8)),
    st.tuples(st.just("do"), OWNERS),
    st.tuples(st.just("rename"), STAGES),
    st.tuples(st.just("sync"), st.one_of(st.none(), st.integers(0, 12))),
    st.tuples(st.just("while reading"), st.integers(1, 8), OWNERS, STAGES),
)


class Story:
    """A source in which things happen, a minute apart."""

    def __init__(self) -> None:
        self.held = some_held()
        self.held.deals, self.held.moves = {}, []
        self.source = MemorySource(self.held)
        self.now = NOW

    def tick(self) -> datetime:
        self.now += timedelta(minutes=7)
        self.held.account = replace(self.held.account, now=self.now)
        return self.now

    def put(self, number: int, owner: str, stage: str, amount: float | None = 1.0) -> None:
        at, deal_id = self.tick(), str(number)
        old = self.held.deals.get(deal_id)
        self.held.gone.pop(deal_id, None)
        if old is None or old.stage != stage:
            self.held.moves.append(StageMove(deal_id, stage, at))
        since = at if old is None or old.stage != stage else old.stage_since
        started = at if old is None else old.started
        self.held.put(
            SourceDeal(
                deal_id,
                f"Deal {number}",
                DealStatus.OPEN,
                owner,
                stage,
                amount,
                started=started,
                stage_since=since,
                modified=at,
            )
        )

    def happen(self, what: str, *about: Any) -> None:
        if what == "put":
            self.put(*about)
        elif what == "while reading":
            self.source.before_page.append(lambda: self.put(*about))
        elif what == "delete" and str(about[0]) in self.held.deals:
            self.held.delete(str(about[0]), self.tick())
        elif what == "merge" and about[0] != about[1]:
            into, away = (str(one) for one in about)
            if into in self.held.deals and away in self.held.deals:
                del self.held.deals[away]
                self.held.put(replace(self.held.deals[into], absorbed=(away,), modified=self.tick()))
        elif what == "do":
            self.held.did.append(Did(about[0], "call", self.tick()))
        elif what == "rename":
            at = next(number for number, stage in enumerate(self.held.stages) if stage.id == about[0])
            self.held.stages[at] = replace(self.held.stages[at], name=f"Stage {self.now:%d%H%M}")


OWNED_FOR_A_MOMENT = [("do", "3"), ("while reading", 1, "3", "11"), ("sync", None), ("put", 1, "", "11", None)]


@given(changes=st.lists(CHANGES, max_size=14))
@example(changes=OWNED_FOR_A_MOMENT)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_order_of_changes_and_interruptions_ends_as_one_whole_read(
    changes: list[tuple[Any, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder: Path = tmp_path_factory.mktemp("sync")
    many, once = (connect(databases.new_sqlite(folder / name)) for name in ("many.sqlite3", "once.sqlite3"))
    story = Story()
    try:
        for what, *about in [*changes, ("sync", None), ("sync", None)]:
            if what != "sync":
                story.happen(what, *about)
                continue
            story.source.steps = about[0]
            with contextlib.suppress(SourceError):  # the memory is away
                await sync(an_office(many), story.source)
        story.source.before_page.clear()
        await sync(an_office(many), story.source)
        await sync(an_office(once), MemorySource(story.held))
        found, wanted = await shown(many), await shown(once)
        assert found.deals == wanted.deals
        assert sorted(found.stage_history, key=repr) == sorted(wanted.stage_history, key=repr)
        known = {person.id for person in wanted.people}
        assert known <= {person.id for person in found.people}
        # Whoever owned something once stays somebody, also when nothing is theirs any more: their days count on.
        assert tuple(one for one in found.activities if one.rep in known) == wanted.activities
        assert found.goals == wanted.goals
    finally:
        await many.dispose()
        await once.dispose()


async def test_a_place_the_source_no_longer_knows_is_read_from_the_beginning(store: Database, house: Office) -> None:
    held = some_held()
    for number in range(20):
        held.put(replace(held.deals["101"], id=str(200 + number)))

    class Forgetful(MemorySource):
        async def deals(self, since, cursor):
            if cursor is not None:
                raise SourceError(Fault.CURSOR, "Where was I?")
            async for page in super().deals(since, cursor):
                yield page

    with pytest.raises(SourceError, match="away"):
        await sync(house, MemorySource(held, steps=8))
    await sync(house, Forgetful(held))
    assert len((await shown(store)).deals) == 23


async def test_what_cannot_be_searched_any_more_is_read_whole(house: Office) -> None:
    held = some_held()
    source = MemorySource(held)
    await sync(house, source)

    class TooMany(MemorySource):
        async def deals(self, since, cursor):
            if since is not None:
                raise SourceError(Fault.CURSOR, "Too many of one instant.")
            async for page in super().deals(since, cursor):
                yield page

    state = await sync(house, TooMany(held))
    assert (state.whole, state.read) == (True, 3)
