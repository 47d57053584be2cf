"""What the fake outbox promises to delivery, the stored one keeps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_fakes import Fault, RealClock

from bot.coaching.records import Person, PersonId, Records
from bot.services.ports import Claimed, Deliveries, Outgoing, SlackAccount
from bot.slack.delivery import Delivery
from bot.slack.pace import Pace
from bot.storage.store import Database
from bot.views.message import Message

ANA = PersonId("ana")
DROPPED = Fault(does=True, drop=True)
GONE = Fault(does=False, error="edit_window_closed")


@pytest.fixture
async def a_process(store: Database, client: Any) -> Callable[[], Delivery]:
    """Each call makes a new process over the same outbox."""
    async with store.transaction() as tx:
        await tx.facts.upsert(Records(people=(Person(ANA, "Ana", "ana@example.com"),)))
        await tx.people.link(SlackAccount(ANA, "U1"))
    usual: dict[str, Any] = {"pace": Pace.off(), "timeout": 2, "quarantine": 0.3, "look_after": 0.0}
    return lambda: Delivery(store.deliveries, client, clock=RealClock(), **usual)


class DiesBeforeRecording:
    """What a process asks of its outbox that is killed between Slack's yes and its own commit."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self.posted = asyncio.Event()

    async def claim(self, now: datetime, limit: int, lease_seconds: float, **limits: int | None) -> tuple[Claimed, ...]:
        return await self._deliveries.claim(now, limit, lease_seconds, **limits)

    async def sent(self, *_: object) -> None:
        self.posted.set()
        await asyncio.Event().wait()


async def wish(store: Database, words: str) -> None:
    message = Message(words, [{"type": "section", "text": {"type": "mrkdwn", "text": words}}])
    async with store.transaction() as tx:
        await tx.outbox.put(Outgoing("fork:1", ANA, "fork", message, datetime.now(UTC)))


async def until_sent(store: Database, delivery: Delivery) -> None:
    async with asyncio.timeout(10):
        while any((await store.deliveries.depth()).values()):
            await delivery.run_once()
            await asyncio.sleep(0.02)


async def test_what_slack_took_before_the_call_broke_is_found(slack, store, a_process) -> None:
    await wish(store, "Hello")
    slack.break_next("chat.postMessage", DROPPED)
    await a_process().run_once()
    await until_sent(store, a_process())
    assert len(slack.made("chat.postMessage")) == 1


@pytest.mark.parametrize("seconds", [float("inf"), 10**12])
async def test_a_429_that_asks_for_thousands_of_years_is_written_down(slack, store, a_process, seconds) -> None:
    await wish(store, "Hello")
    slack.break_next("chat.postMessage", Fault(does=False, status=429, error="ratelimited", after=seconds))
    await a_process().run_once()
    assert (await store.deliveries.depth())["pending"] == 1


async def test_posting_anew_that_breaks_is_looked_up_too(slack, store, a_process) -> None:
    await wish(store, "Hello")
    await a_process().run_once()
    await wish(store, "Changed")
    slack.break_next("chat.update", GONE, GONE)
    slack.break_next("chat.postMessage", DROPPED)
    await a_process().run_once()
    await until_sent(store, a_process())
    assert [entry["text"] for entry in slack.channels["DU1"]] == ["Hello", "Changed"]


async def test_what_was_posted_anew_since_a_backup_is_rewritten_and_not_said_twice(slack, store, a_process) -> None:
    await wish(store, "Hello")
    await a_process().run_once()
    backup = slack.channels["DU1"].pop()  # somebody deleted it, so that it was posted anew
    slack.channels["DU1"].append(backup | {"ts": f"{backup['ts']}9"})
    async with store.transaction() as tx:
        assert await tx.outbox.came_back(again=lambda key: key == "fork:1")
    await until_sent(store, a_process())
    assert len(slack.made("chat.postMessage")) == 1


async def test_posting_anew_by_a_process_that_dies_is_looked_up_too(slack, store, client, a_process) -> None:
    await wish(store, "Hello")
    await a_process().run_once()
    await wish(store, "Changed")
    slack.break_next("chat.update", GONE, GONE)
    rows = DiesBeforeRecording(store.deliveries)
    dying = Delivery(rows, client, clock=RealClock(), pace=Pace.off(), timeout=1, lease=2)
    task = asyncio.create_task(dying.run_once())
    await rows.posted.wait()
    task.cancel()
    await until_sent(store, a_process())
    assert [entry["text"] for entry in slack.channels["DU1"]] == ["Hello", "Changed"]
