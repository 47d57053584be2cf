"""Slack's requests over HTTP are checked, answered after their commit, and equal to those of Socket Mode."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import aiohttp
import pytest
from world import MANAGER, REP, START, some_records

from bot.app import Bot, open_bot
from bot.clock import SystemClock
from bot.coaching.records import PersonId
from bot.config import load
from bot.sandbox.people import SandboxPerson
from bot.sandbox.server import Sandbox
from bot.services.ports import SlackAccount
from bot.slack.http_door import BODY_BYTES, FORM, PATH, HttpDoor

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105 - made up


@asynccontextmanager
async def a_bot_over_http(database_url: str) -> AsyncIterator[tuple[Bot, str]]:
    sandbox = Sandbox([SandboxPerson(REP, "Ruth Adler", "ruth@example.com")], [], now=START, speed=0)
    await sandbox.start()
    environment = {
        "SLACK_BOT_TOKEN": "xoxb-sandbox",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": sandbox.api_url,
        "CADENCE_TRANSPORT": "http",
        "CADENCE_PORT": "0",
        "CADENCE_DATABASE_URL": database_url,
    }
    bot = await open_bot(load(environment, need_slack=True), SystemClock(), paced=False)
    try:
        async with bot.database.transaction() as tx:
            await tx.facts.upsert(some_records())
            await tx.people.link(SlackAccount(PersonId("ruth"), REP))
            await tx.people.link(SlackAccount(PersonId("mara"), MANAGER))
        door = bot.sockets
        assert isinstance(door, HttpDoor)
        await door.start()
        yield bot, f"http://127.0.0.1:{door.port}{PATH}"
    finally:
        await bot.sockets.close()
        await bot.close()
        await sandbox.stop()


def signed(body: str, *, secret: str = SECRET, ago: float = 0, kind: str) -> dict[str, str]:
    stamp = str(int(time.time() - ago))
    mark = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mark}", "Content-Type": kind}


async def command(url: str, text: str, **how: object) -> tuple[int, str]:
    body = urlencode({"command": "/awesome", "text": text, "user_id": REP, "team_id": "T1", "trigger_id": "1.2.3"})
    headers = signed(body, kind=FORM, **how)
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        return answer.status, await answer.text()


async def test_a_command_is_answered_after_its_effect_is_kept(database_url: str) -> None:
    async with a_bot_over_http(database_url) as (bot, url):
        status, answer = await command(url, "set 250k")
        assert status == 200
        assert json.loads(answer)["response_type"] == "ephemeral"
        async with bot.database.transaction() as tx:
            ruth = await tx.people.get(PersonId("ruth"))
        assert ruth is not None
        assert ruth.awesome == 250_000
        assert b'cadence_answer_seconds_count{kind="slash_commands"} 1.0' in await bot.figures()


async def awesome_of_ruth(bot: Bot) -> float | None:
    async with bot.database.transaction() as tx:
        ruth = await tx.people.get(PersonId("ruth"))
    assert ruth is not None
    return ruth.awesome


@asynccontextmanager
async def asked(url: str, said: bytes | str, headers: dict[str, str]) -> AsyncIterator[aiohttp.ClientResponse]:
    body = said if isinstance(said, bytes) else said.encode()
    async with aiohttp.ClientSession() as session, session.post(url, data=io.BytesIO(body), headers=headers) as answer:
        yield answer


@pytest.mark.parametrize("how", [{"secret": "wrong"}, {"ago": 301}, {"ago": -310}], ids=["secret", "old", "early"])
async def test_a_request_with_a_wrong_signature_or_of_another_time_changes_nothing(
    sqlite_url: str, how: dict, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_bot_over_http(sqlite_url) as (bot, url):
        status, _ = await command(url, "set 250k", **how)
        assert status == 401
        assert await awesome_of_ruth(bot) is None
    assert [(vars(one)["status"], vars(one)["why"]) for one in caplog.records if one.msg == "http.refused"] == [
        (401, "age" if "ago" in how else "signature"),  # a clock that is wrong shows
    ]


async def test_a_request_from_just_inside_slacks_five_minutes_counts(sqlite_url: str) -> None:
    async with a_bot_over_http(sqlite_url) as (_, url):
        assert (await command(url, "set 250k", ago=290))[0] == 200


@pytest.mark.parametrize(
    "change",
    [
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=ä"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "yesterday"},
        {"X-Slack-Request-Timestamp": "-1"},
        {"X-Slack-Request-Timestamp": "9" * 20},
        {"X-Slack-Request-Timestamp": "9" * 30},
        {"X-Slack-Request-Timestamp": "9" * 400},
        {"X-Slack-Request-Timestamp": "9" * 5000},
    ],
    ids=lambda change: str(change)[:60],
)
async def test_a_signature_that_can_not_be_read_is_none(sqlite_url: str, change: dict[str, str]) -> None:
    async with a_bot_over_http(sqlite_url) as (_, url):
        body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"})
        async with asked(url, body, signed(body, kind="application/json") | change) as answer:
            assert answer.status == 401


async def test_a_signed_body_that_was_changed_on_the_way_counts_for_nothing(sqlite_url: str) -> None:
    async with a_bot_over_http(sqlite_url) as (bot, url):
        body = urlencode({"command": "/awesome", "text": "set 250k", "user_id": REP, "trigger_id": "1.2.3"})
        headers = signed(body, kind=FORM)
        for changed in (body.replace("250k", "900k"), f"{body}&ssl_check=1"):
            async with asked(url, changed, headers):
                pass
        assert await awesome_of_ruth(bot) is None


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("{", "application/json"),
        ("[]", "application/json"),
        ('"text"', "application/json"),
        ("", "application/json"),
        ("payload=%7B", FORM),
        ("payload=null", FORM),
        ("no form at all", FORM),
        ("<xml/>", "text/xml"),
        ("[" * 100_000, "application/json"),
    ],
    ids=lambda said: said[:20],
)
async def test_a_signed_body_that_can_not_be_read_is_a_bad_request(sqlite_url: str, body: str, kind: str) -> None:
    async with a_bot_over_http(sqlite_url) as (_, url), asked(url, body, signed(body, kind=kind)) as answer:
        assert answer.status == 400


@pytest.mark.parametrize("how", ["gzip", "deflate"])
async def test_a_body_that_can_not_be_unpacked_is_a_bad_request_and_no_fault_of_ours(
    sqlite_url: str, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_bot_over_http(sqlite_url) as (_, url):
        headers = signed("", kind=FORM) | {"Content-Encoding": how}
        async with asked(url, "this was never packed", headers) as answer:
            assert answer.status == 400
    assert [vars(one)["why"] for one in caplog.records if one.msg == "http.refused"] == ["form"]


async def test_bytes_that_are_no_text_are_refused(sqlite_url: str) -> None:
    async with a_bot_over_http(sqlite_url) as (_, url), asked(url, b"\xff\xfe", signed("", kind=FORM)) as answer:
        assert answer.status == 401


async def test_a_body_larger_than_slack_sends_is_not_read(sqlite_url: str) -> None:
    async with a_bot_over_http(sqlite_url) as (_, url):
        for size, status in ((BODY_BYTES - 20, 404), (BODY_BYTES + 1, 413)):
            body = json.dumps({"filler": "x" * size})
            async with asked(url, body, signed(body, kind="application/json")) as answer:
                assert answer.status == status


@pytest.mark.parametrize("text", ["payload", "what is a payload=1 & more"])
async def test_a_command_may_have_any_word_in_it(sqlite_url: str, text: str) -> None:
    async with a_bot_over_http(sqlite_url) as (_, url):
        status, answer = await command(url, text)
        assert status == 200
        assert "/awesome help" in json.loads(answer)["text"]


async def test_slacks_look_at_the_certificate_is_answered_and_asks_nothing(sqlite_url: str) -> None:
    async with a_bot_over_http(sqlite_url) as (bot, url):
        look = {"ssl_check": "1", "token": "x", "command": "/awesome", "text": "set 250k", "user_id": REP}
        async with asked(url, urlencode(look), {"Content-Type": FORM}) as answer:
            assert (answer.status, await answer.text()) == (200, "")
        async with aiohttp.ClientSession() as session, session.get(url, params=look) as answer:
            assert (answer.status, await answer.text()) == (200, "")
        assert await awesome_of_ruth(bot) is None


async def test_nothing_else_is_served(sqlite_url: str) -> None:
    async with a_bot_over_http(sqlite_url) as (_, url), aiohttp.ClientSession() as session:
        async with session.get(url) as answer:
            assert answer.status == 405
        async with session.put(url) as answer:
            assert answer.status == 405
        async with session.post(url.replace("events", "other")) as answer:
            assert answer.status == 404


async def test_slacks_own_question_for_the_address_is_answered(sqlite_url: str) -> None:
    async with a_bot_over_http(sqlite_url) as (_, url):
        body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"})
        headers = signed(body, kind="application/json")
        async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
            assert (answer.status, await answer.text()) == (200, '{"challenge": "3eZbrw1aB"}')


async def test_an_event_is_acknowledged_after_its_effect_also_when_it_is_sent_again(sqlite_url: str) -> None:
    async with a_bot_over_http(sqlite_url) as (bot, url):
        body = json.dumps(
            {
                "type": "event_callback",
                "event_id": "Ev1",
                "team_id": "T1",
                "event": {"type": "user_change", "user": {"id": REP, "tz": "Asia/Tokyo", "deleted": False}},
            }
        )
        for retry in ({}, {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}):
            headers = signed(body, kind="application/json") | retry
            async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
                assert answer.status == 200
        async with bot.database.transaction() as tx:
            ruth = await tx.people.get(PersonId("ruth"))
        assert ruth is not None
        assert ruth.timezone == "Asia/Tokyo"
        assert b'cadence_answer_seconds_count{kind="events_api"} 2.0' in await bot.figures()
