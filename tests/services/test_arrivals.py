"""A delivery is counted in the transaction of its effect: once, and not at all when that fails."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from bot.clock import ManualClock
from bot.coaching.records import Person, PersonId, Records
from bot.services.arrivals import AlreadyDoneError, Arrival, CountedStore, arrive
from bot.services.ports import Store
from bot.storage.engine import connect
from bot.storage.store import Database
from handlers.identity import identity

NOW = datetime(2017, 10, 2, 7, tzinfo=UTC)


async def import_one(store: Store, name: str) -> None:
    async with store.transaction() as tx:
        await tx.facts.upsert(Records(people=(Person(PersonId(name), name, f"{name}@example.com"),)))


async def names(store: Database) -> list[str]:
    async with store.transaction() as tx:
        return [person.name for person in await tx.people.all()]


async def test_the_same_delivery_counts_once_and_each_commit_of_it_is_told(store: Database) -> None:
    counted = CountedStore(store, ManualClock(NOW))
    commits: list[list[str]] = []
    arrive(Arrival("event:1", lambda: commits.append(["told"])))
    await import_one(counted, "ada")
    await import_one(counted, "bob")  # one delivery may need several transactions
    assert len(commits) == 2
    arrive(Arrival("event:1", lambda: commits.append(["again"])))
    with pytest.raises(AlreadyDoneError):
        await import_one(counted, "eve")
    assert await names(store) == ["ada", "bob"]
    assert len(commits) == 2


async def test_what_failed_may_come_again(store: Database) -> None:
    counted = CountedStore(store, ManualClock(NOW))
    told: list[str] = []
    arrive(Arrival("event:1", lambda: told.append("told")))
    with pytest.raises(ZeroDivisionError):
        async with counted.transaction() as tx:
            await tx.people.set_awesome(PersonId("ada"), 1 / 0)
    assert not told
    arrive(Arrival("event:1", lambda: told.append("told")))
    await import_one(counted, "ada")
    assert (told, await names(store)) == (["told"], ["ada"])


async def test_what_only_reads_counts_for_nothing_and_waits_for_its_turn_like_all_that_comes(store: Database) -> None:
    counted = CountedStore(store, ManualClock(NOW))
    arrive(Arrival("form:1", lambda: None))
    for _ in range(2):
        async with counted.reading() as tx:
            assert await tx.people.all() == ()
            assert counted.at_work == 1
    assert counted.at_work == 0
    await import_one(counted, "ada")
    assert await names(store) == ["ada"]


async def test_what_has_no_identity_always_counts(store: Database) -> None:
    counted = CountedStore(store, ManualClock(NOW))
    for name in ("ada", "bob"):
        arrive(Arrival(None, lambda: None))
        await import_one(counted, name)
    assert await names(store) == ["ada", "bob"]


async def test_many_that_wait_for_the_database_leave_room_for_what_is_to_be_written_down(postgresql_url: str) -> None:
    database = connect(postgresql_url)
    counted = CountedStore(database, ManualClock(NOW))
    go_on = asyncio.Event()

    async def held_up(number: int) -> None:
        arrive(Arrival(f"event:{number}", lambda: None))
        async with counted.transaction():
            await go_on.wait()

    async with asyncio.TaskGroup() as group:
        for number in range(40):
            group.create_task(held_up(number))
        async with asyncio.timeout(20):
            while counted.at_work < 40:  # noqa: ASYNC110 - all of them
                await asyncio.sleep(0.01)
            await import_one(database, "ada")
        go_on.set()
    assert await names(database) == ["ada"]
    await database.dispose()


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"event_id": "Ev1", "event": {"type": "user_change"}}, "event:Ev1"),
        (
            {
                "user": {"id": "U1"},
                "container": {"message_ts": "1.2"},
                "trigger_id": "t",
                "actions": [{"action_id": "fork_yes", "action_ts": "3.4"}],
            },
            "click:U1:1.2:fork_yes:3.4",
        ),
        (
            {
                "user": {"id": "U1"},
                "container": {"view_id": "V1"},
                "view": {"id": "V1", "hash": "h"},
                "actions": [{"action_id": "slot", "action_ts": "3.4"}],
            },
            "click:U1:V1:slot:3.4",
        ),
        ({"command": "/goals", "trigger_id": "t"}, "command:t"),
        ({"type": "url_verification"}, None),
    ],
)
def test_each_kind_of_delivery_has_an_identity_of_its_own(body: dict[str, object], key: str | None) -> None:
    assert identity(body) == key


def a_form(*, hash_: str = "h", **state: object) -> str | None:
    return identity({"user": {"id": "U1"}, "view": {"id": "V1", "hash": hash_, "state": state}, "trigger_id": "t"})


def test_a_form_is_the_same_one_while_its_view_and_what_is_typed_are() -> None:
    typed = {"text": {"value": "x"}}
    same = [a_form(values={"a": typed, "b": {}}), a_form(values={"b": {}, "a": typed})]
    others = [a_form(values={"a": {"text": {"value": "y"}}, "b": {}}), a_form(values={"a": typed, "b": {}}, hash_="i")]
    assert len({*same}) == 1
    assert len({*same, *others, a_form()}) == 4
    assert str(same[0]).startswith("form:V1:h:")
