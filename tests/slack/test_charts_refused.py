"""Where Slack hasn't charts yet a message comes with a picture of the same numbers, or without; it is said once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from slack_fakes import RealClock
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import update

from bot.coaching.records import Person, PersonId, Records
from bot.sandbox import (
    Fault,
    Sandbox,
    SandboxPerson,
    dropped_after_accepting,
    dropped_before_accepting,
    fatal_after_posting,
    rate_limited,
    refused,
    slow,
)
from bot.services.ports import Outgoing, SlackAccount
from bot.slack.client import open_session, web_client
from bot.slack.delivery import Delivery
from bot.slack.pace import Pace
from bot.storage.engine import connect
from bot.storage.store import Database
from bot.storage.tables import outbox
from bot.views.blocks import bars, section
from bot.views.message import Message

ANA = SandboxPerson("U0ANA", "Ana Ruiz", "ana.ruiz@example.com")
UWE = SandboxPerson("U0UWE", "Uwe Schmidt", "uwe.schmidt@example.com")
POST, UPDATE, LOOK = "chat.postMessage", "chat.update", "conversations.history"
ADDRESS, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"
TIMEOUT = 3.0
NOT_UPLOADED: dict[str, Fault] = {
    "429": rate_limited(1),
    "500": refused("internal_error", status=500),
    "fatal_error after the work": fatal_after_posting(),
    "a code of tomorrow": refused("a_code_of_tomorrow"),
    "dropped before": dropped_before_accepting(),
    "dropped after": dropped_after_accepting(),
    "too slow": slow(TIMEOUT + 0.2),
}


@dataclass
class Post:
    """A store, a Slack without charts, and deliveries between them; each is a process of its own."""

    store: Database
    sandbox: Sandbox
    client: AsyncWebClient
    called: Counter[str]

    def process(self, **choices: Any) -> Delivery:
        usual: dict[str, Any] = {"clock": RealClock(), "pace": Pace.off(), "timeout": TIMEOUT, "picture_waits": (0, 0)}
        usual |= {"lease": 5, "quarantine": 0.5, "look_after": 0, "trust_slack_clock": False}
        return Delivery(self.store.deliveries, self.client, **(usual | choices))

    async def wish(self, *amounts: float, to: str = "ana", words: str = "Agenda") -> None:
        """Put the message of one person, with a chart of the amounts."""
        chart = bars("Still to win", [f"Month {number}" for number in range(len(amounts))], {"Dollars": amounts}, "USD")
        message = Message(words, [section(words), chart])
        async with self.store.transaction() as tx:
            await tx.outbox.put(Outgoing(f"pre_read:{to}", PersonId(to), "pre_read", message, datetime.now(UTC)))

    async def end_leases(self) -> None:
        """Let time pass after a process died."""
        async with self.store.deliveries._begin() as connection:
            await connection.execute(update(outbox).values(lease_until=datetime.now(UTC) - timedelta(seconds=1)))

    async def send(self, delivery: Delivery) -> None:
        """Let everything be sent that can be, without the pauses."""
        async with asyncio.timeout(40):
            while (depth := await self.store.deliveries.depth())["pending"] + depth["sending"]:
                async with self.store.deliveries._begin() as connection:
                    await connection.execute(update(outbox).values(not_before=None))
                await delivery.run_once()
                await asyncio.sleep(0.02)

    def shown(self, person: SandboxPerson = ANA) -> list[str]:
        """Return the kinds of block of the one message that the person has."""
        return [block["type"] for block in self.message(person)["blocks"]]

    def message(self, person: SandboxPerson = ANA) -> dict[str, Any]:
        (message,) = self.sandbox.messages(person.id)
        return message

    def image(self, person: SandboxPerson = ANA) -> dict[str, Any]:
        (image,) = [block for block in self.message(person)["blocks"] if block["type"] == "image"]
        return image

    def calls(self, method: str) -> int:
        """Return how often a method was called since this was asked last."""
        return self.called.pop(method, 0)


@asynccontextmanager
async def posting(database_url: str) -> AsyncIterator[Post]:
    sandbox = Sandbox([ANA, UWE], [], now=datetime(2017, 10, 2, 9, tzinfo=UTC), speed=0)
    await sandbox.start()
    sandbox.lack_blocks("data_visualization")
    store = connect(database_url)
    people = {ANA: PersonId("ana"), UWE: PersonId("uwe")}
    async with store.transaction() as tx:
        await tx.facts.upsert(Records(people=tuple(Person(id_, one.name, one.email) for one, id_ in people.items())))
        await tx.people.link(SlackAccount(people[ANA], ANA.id, locale="en-US"))
        await tx.people.link(SlackAccount(people[UWE], UWE.id, locale="de-DE"))
    async with open_session() as session:
        called: Counter[str] = Counter()
        session.trace_configs.append(counting(called))
        yield Post(store, sandbox, web_client("xoxb-sandbox", sandbox.api_url, session), called)
    await store.dispose()
    await sandbox.stop()


def counting(called: Counter[str]) -> aiohttp.TraceConfig:
    """Return what counts the calls of each method when they begin."""

    async def begun(_session: Any, _context: Any, call: aiohttp.TraceRequestStartParams) -> None:
        called[call.url.name] += 1

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(begun)
    trace.freeze()
    return trace


async def killed(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


@pytest.fixture
async def post(sqlite_url: str) -> AsyncIterator[Post]:
    async with posting(sqlite_url) as made:
        yield made


@pytest.fixture
async def both(database_url: str) -> AsyncIterator[Post]:
    """On each database: what is stored decides."""
    async with posting(database_url) as made:
        yield made


async def test_the_same_numbers_come_as_a_picture_with_words_for_who_does_not_see_it(post: Post) -> None:
    await post.wish(120_000, 90_000.5)
    await post.send(post.process())
    assert post.shown() == ["section", "image"]
    assert post.image()["alt_text"] == "Still to win (USD). Month 0: Dollars 120,000; Month 1: Dollars 90,000.5."
    assert post.sandbox.core.files[post.image()["slack_file"]["id"]]["content"].startswith(b"\x89PNG")
    assert post.calls(POST) == 2, "with the chart, with the picture"


async def test_numbers_are_written_as_the_reader_writes_them(both: Post) -> None:
    await both.wish(90_000.5, to="uwe")
    await both.send(both.process())
    assert both.image(UWE)["alt_text"] == "Still to win (USD). Month 0: Dollars 90.000,5."


async def test_once_it_is_known_that_slack_takes_no_charts_no_message_is_tried_with_one(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    delivery = post.process()
    await post.wish(1)
    await post.send(delivery)
    post.calls(POST)
    await post.wish(2, to="uwe")
    await post.wish(3)
    await post.send(delivery)
    assert (post.calls(POST), post.calls(UPDATE)) == (1, 1)
    assert [record.message for record in caplog.records].count("delivery.no_charts") == 1


async def test_charts_are_tried_again_after_a_day_and_after_a_restart(post: Post) -> None:
    delivery = post.process()
    await post.wish(1)
    await post.send(delivery)
    post.sandbox.lack_blocks()
    await post.wish(2)
    await post.send(delivery)
    assert post.shown() == ["section", "image"]
    delivery._layouts._charts_again -= 24 * 60 * 60  # a day later
    await post.wish(3)
    await post.send(delivery)
    assert post.shown() == ["section", "data_visualization"]
    await post.wish(4)
    await post.send(post.process())
    assert post.shown() == ["section", "data_visualization"]


async def test_a_picture_is_uploaded_again_only_for_other_numbers_or_another_reader(post: Post) -> None:
    delivery = post.process()
    files = []
    for words, amount in (("Agenda", 1), ("Agenda, changed", 1), ("Agenda", 2)):
        await post.wish(amount, words=words)
        await post.send(delivery)
        files.append(post.image()["slack_file"]["id"])
    assert post.calls(ADDRESS) == 2
    assert files[0] == files[1] != files[2]
    await post.wish(2, to="uwe")
    await post.send(delivery)
    assert post.image(UWE)["slack_file"]["id"] not in files


async def test_without_the_scope_it_comes_without_a_picture_and_nothing_stops(post: Post) -> None:
    post.sandbox.core.scopes = tuple(scope for scope in post.sandbox.core.scopes if scope != "files:write")
    delivery = post.process()
    await post.wish(1)
    await post.wish(1, to="uwe")
    await post.send(delivery)
    await post.wish(2)
    await post.send(delivery)
    assert (post.shown(), post.shown(UWE)) == (["section"], ["section"])
    assert delivery.stopped_because is None
    assert post.calls(ADDRESS) <= 2, "the two that went at the same moment, and none after them"


@pytest.mark.parametrize("method", [ADDRESS, COMPLETE])
@pytest.mark.parametrize("fault", sorted(NOT_UPLOADED))
async def test_an_upload_that_fails_costs_the_picture_and_not_the_message(post: Post, method: str, fault: str) -> None:
    post.sandbox.faults.next(method, NOT_UPLOADED[fault])
    delivery = post.process()
    await post.wish(1)
    await post.send(delivery)
    assert post.shown() == ["section"]
    assert delivery.stopped_because is None


async def test_a_picture_that_slack_is_still_processing_is_waited_for(post: Post) -> None:
    post.sandbox.take_time_for_files(2)
    await post.wish(1)
    await post.send(post.process())
    assert post.shown() == ["section", "image"]
    assert post.calls(POST) == 4


async def test_a_picture_that_takes_too_long_is_left_out_until_the_message_changes(post: Post) -> None:
    post.sandbox.take_time_for_files(3)
    delivery = post.process()
    await post.wish(1)
    await post.send(delivery)
    assert post.shown() == ["section"]
    post.sandbox.take_time_for_files(0)
    await post.wish(1, words="Agenda, changed")
    await post.send(delivery)
    assert post.shown() == ["section", "image"]


async def test_a_picture_that_was_deleted_in_slack_is_uploaded_anew_with_the_change_after_next(post: Post) -> None:
    delivery = post.process()
    await post.wish(1)
    await post.send(delivery)
    post.sandbox.core.files.clear()
    await post.wish(1, words="Agenda, changed")
    await post.send(delivery)
    assert post.shown() == ["section"]
    await post.wish(1, words="Agenda, changed again")
    await post.send(delivery)
    assert post.shown() == ["section", "image"]


async def test_where_slack_takes_no_image_either_none_is_uploaded_for_the_next(post: Post) -> None:
    post.sandbox.lack_blocks("data_visualization", "image")
    delivery = post.process()
    await post.wish(1)
    await post.send(delivery)
    await post.wish(2, to="uwe")
    await post.send(delivery)
    assert (post.shown(), post.shown(UWE)) == (["section"], ["section"])
    assert post.calls(ADDRESS) == 1


async def test_where_slack_takes_none_of_the_blocks_plain_words_say_it(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.sandbox.faults.next(POST, refused("invalid_blocks"), times=3)
    await post.wish(1)
    await post.send(post.process())
    assert post.shown() == ["section"]
    assert "delivery.blocks_refused" in [record.message for record in caplog.records]
    assert "delivery.no_charts" not in [record.message for record in caplog.records], "it was more than the chart"


@pytest.mark.parametrize(
    "fault", [dropped_after_accepting(), fatal_after_posting(), slow(TIMEOUT + 0.2)], ids=["dropped", "fatal", "slow"]
)
async def test_a_post_with_a_picture_of_unknown_end_is_looked_up_and_not_said_twice(both: Post, fault: Fault) -> None:
    both.sandbox.faults.next(POST, slow(0))  # the one with the chart
    both.sandbox.faults.next(POST, fault)
    await both.wish(1)
    await both.send(both.process())
    assert both.shown() == ["section", "image"]
    assert both.calls(POST) == 2
    assert both.calls(LOOK) == 1


@pytest.mark.parametrize("method", [ADDRESS, COMPLETE, POST])
async def test_a_process_that_dies_between_chart_picture_and_post_leaves_one_message(both: Post, method: str) -> None:
    if method == POST:
        both.sandbox.faults.next(POST, slow(0))
    both.sandbox.faults.next(method, slow(1.5))
    await both.wish(1)
    dying = both.process(lease=60, timeout=30)
    running = asyncio.create_task(dying.run_once())
    async with asyncio.timeout(40):
        while both.called[method] < (2 if method == POST else 1):  # noqa: ASYNC110 - it dies wherever it is then
            await asyncio.sleep(0.01)
    await killed(running, *dying._sending)
    await both.end_leases()
    await both.send(both.process())
    assert both.shown() == ["section", "image"]
