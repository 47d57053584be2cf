"""Each fault of Slack has a defined end: what was to be said is said once, or waits, or is given up visibly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.coaching.records import Person, PersonId, Records
from bot.sandbox import (
    Fault,
    Sandbox,
    SandboxPerson,
    dropped_after_accepting,
    dropped_before_accepting,
    fatal_after_posting,
    late,
    rate_limited,
    refused,
    slow,
)
from bot.services.ports import Outgoing, SlackAccount, Surface
from bot.slack.client import open_session, web_client
from bot.slack.delivery import Delivery
from bot.slack.directory import users
from bot.slack.pace import Pace
from bot.storage.engine import connect
from bot.storage.store import Database
from bot.storage.tables import SendState, outbox
from bot.views.message import Message

ANA = SandboxPerson("U0ANA", "Ana Ruiz", "ana.ruiz@example.com")
WHO = PersonId("ana")
POST, UPDATE, HOME, OPEN, LOOK = (
    "chat.postMessage",
    "chat.update",
    "views.publish",
    "conversations.open",
    "conversations.history",
)
TIMEOUT = 0.6
FOR_A_WHILE: dict[str, Fault] = {
    "slow": slow(TIMEOUT + 0.3),
    "done_late": late(TIMEOUT + 0.1),
    "429": rate_limited(1),
    "500_before": refused("internal_error", status=500),
    "503_before": refused("service_unavailable", status=503),
    "500_after": fatal_after_posting("internal_error", status=500),
    "fatal_error_before": refused("fatal_error"),
    "fatal_error_after": fatal_after_posting(),
    "a_code_of_tomorrow": refused("a_code_of_tomorrow"),
    "dropped_before": dropped_before_accepting(),
    "dropped_after": dropped_after_accepting(),
}
"""What mends itself: in the end everything is said, once."""


class Now:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class Post:
    """A store, a Slack and a delivery between them that waits for fractions of what it does in production."""

    store: Database
    sandbox: Sandbox
    delivery: Delivery

    async def wish(self, words: str, surface: Surface = Surface.MESSAGE) -> None:
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": words}}]
        async with self.store.transaction() as tx:
            one = Outgoing(
                surface,
                WHO,
                "fork",
                Message(words, blocks),
                datetime.now(UTC),
                surface is Surface.HOME,
                surface=surface,
            )
            await tx.outbox.put(one)

    async def rounds(self, count: int) -> None:
        """Let ``count`` rounds go by, in each of which all that waits may be tried."""
        for _ in range(count):
            async with self.store.deliveries._begin() as connection:
                await connection.execute(update(outbox).values(not_before=None))
            self.delivery._ask_again = 0.0
            await self.delivery.run_once()
            await asyncio.sleep(0.05)

    async def until_rest(self) -> str:
        """Go on until the message rests, and return how."""
        async with asyncio.timeout(15):
            while (state := (await self.row()).state) in {SendState.PENDING, SendState.SENDING}:
                await self.rounds(1)
        return state.value

    async def row(self) -> outbox:
        async with self.store.deliveries._begin() as connection:
            return (await connection.execute(outbox.select())).one()

    def seen(self) -> list[str]:
        """What Ana sees: her messages, or the text of her Home tab."""
        home = self.sandbox.home(ANA.id)
        shown = [] if home is None else [home["blocks"][0]["text"]["text"]]
        return [message["text"] for message in self.sandbox.messages(ANA.id)] + shown

    def calls(self, method: str) -> int:
        return sum(entry.get("method") == method for entry in self.sandbox.journal)


@pytest.fixture
async def post(sqlite_url: str) -> AsyncIterator[Post]:
    sandbox = Sandbox([ANA], [], now=datetime(2017, 10, 2, 9, tzinfo=UTC), speed=0)
    await sandbox.start()
    store = connect(sqlite_url)
    async with store.transaction() as tx:
        await tx.facts.upsert(Records(people=(Person(WHO, ANA.name, ANA.email),)))
        await tx.people.link(SlackAccount(WHO, ANA.id))
    async with open_session() as session:
        delivery = Delivery(
            store.deliveries,
            web_client("xoxb-sandbox", sandbox.api_url, session),
            clock=Now(),
            pace=Pace.off(),
            lease=5,
            quarantine=1.2,
            timeout=TIMEOUT,
            look_after=0,
            trust_slack_clock=False,
        )
        yield Post(store, sandbox, delivery)
    await store.dispose()
    await sandbox.stop()


async def a_first_post(post: Post) -> None:
    await post.wish("Hello")


async def a_rewrite(post: Post) -> None:
    await post.wish("Hello")
    assert await post.until_rest() == "sent"
    await post.wish("Changed")


async def a_home_tab(post: Post) -> None:
    await post.wish("Hello", Surface.HOME)


Wish = Callable[[Post], Awaitable[None]]
WISHES: dict[str, tuple[Wish, list[str]]] = {
    POST: (a_first_post, ["Hello"]),
    UPDATE: (a_rewrite, ["Changed"]),
    HOME: (a_home_tab, ["Hello"]),
}


@pytest.mark.parametrize("method", sorted(WISHES))
@pytest.mark.parametrize("fault", sorted(FOR_A_WHILE))
async def test_what_mends_itself_ends_with_everything_said_once(post: Post, method: str, fault: str) -> None:
    wish, said = WISHES[method]
    await wish(post)
    post.sandbox.faults.next(method, FOR_A_WHILE[fault])
    assert await post.until_rest() == "sent"
    await asyncio.sleep(TIMEOUT if fault in {"slow", "done_late"} else 0)  # what comes late would be here by then
    assert post.seen() == said
    assert post.delivery.stopped_because is None


@pytest.mark.parametrize("fault", sorted(FOR_A_WHILE))
@pytest.mark.parametrize("method", [OPEN, LOOK])
async def test_a_look_that_fails_is_made_again_and_nothing_is_said_twice(post: Post, method: str, fault: str) -> None:
    await post.wish("Hello")
    post.sandbox.faults.next(POST, dropped_after_accepting())
    post.sandbox.faults.next(method, FOR_A_WHILE[fault])
    assert await post.until_rest() == "sent"
    assert post.seen() == ["Hello"]
    assert post.calls(POST) == 1


@pytest.mark.parametrize("method", sorted(WISHES))
@pytest.mark.parametrize("code", ["token_revoked", "account_inactive", "invalid_auth", "missing_scope"])
async def test_a_refused_token_lets_everything_wait_until_it_is_taken_again(
    post: Post, method: str, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    wish, said = WISHES[method]
    await wish(post)
    post.sandbox.refuse_token(code)
    await post.rounds(4)
    row = await post.row()
    assert (row.state, row.error) == (SendState.PENDING, code)
    assert code in (post.delivery.stopped_because or "")
    post.sandbox.refuse_token("")
    assert await post.until_rest() == "sent"
    assert post.seen() == said
    assert post.delivery.stopped_because is None
    events = [record.message for record in caplog.records]
    assert (events.count("delivery.stopped"), events.count("delivery.resumed")) == (1, 1), "once, however long it lasts"


async def test_a_closed_messages_tab_lets_messages_wait_and_the_home_tab_is_shown(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.sandbox.close_messages_tab()
    await post.wish("Hello")
    await post.rounds(4)
    row = await post.row()
    assert (row.state, row.error) == (SendState.PENDING, "messages_tab_disabled")
    assert "Messages tab" in (post.delivery.stopped_because or "")
    post.sandbox.close_messages_tab(closed=False)
    assert await post.until_rest() == "sent"
    assert post.seen() == ["Hello"]
    assert [record.message for record in caplog.records].count("delivery.stopped") == 1


async def test_a_home_tab_that_is_taken_does_not_say_that_messages_are(post: Post) -> None:
    post.sandbox.close_messages_tab()
    await post.wish("Hello")
    await post.rounds(2)
    await post.wish("My page", Surface.HOME)
    await post.rounds(3)
    assert post.seen() == ["My page"]
    assert post.delivery.stopped_because is not None


async def test_nobody_who_is_deactivated_is_written_to_and_it_is_given_up_visibly(post: Post) -> None:
    post.sandbox.workspace.change_person(ANA.id, deleted=True)
    await post.wish("Hello")
    assert await post.until_rest() == "failed"
    assert (await post.row()).error == "user_disabled"
    assert post.seen() == []
    assert post.delivery.stopped_because is None


async def test_a_channel_that_is_gone_is_found_anew_and_tried_once_more(post: Post) -> None:
    await a_rewrite(post)
    assert await post.until_rest() == "sent"
    async with post.store.transaction() as tx:
        await tx.outbox.put(
            Outgoing("another", WHO, "fork", Message("Another", []), datetime.now(UTC) - timedelta(seconds=1))
        )
    post.sandbox.faults.next(POST, refused("channel_not_found"))
    await post.rounds(3)
    assert post.seen() == ["Changed", "Another"]


async def test_a_channel_that_is_not_there_at_all_is_given_up_visibly(post: Post) -> None:
    await post.wish("Hello")
    post.sandbox.faults.next(POST, refused("channel_not_found"), times=5)
    assert await post.until_rest() == "failed"
    assert (await post.row()).error == "channel_not_found"


@pytest.mark.parametrize("fault", sorted(FOR_A_WHILE))
async def test_who_is_who_is_asked_again(post: Post, fault: str) -> None:
    post.sandbox.faults.next("users.list", FOR_A_WHILE[fault])
    async with open_session() as session:
        found = [user async for user in users(web_client("xoxb-sandbox", post.sandbox.api_url, session))]
    assert [user.email for user in found if not user.is_bot] == [ANA.email]
