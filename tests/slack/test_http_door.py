"""Slack's requests over HTTP are checked, answered after their commit, and equal to those of Socket Mode."""

from __future__ import annotations

import hashlib
import hmac
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
from bot.slack.http_door import PATH, HttpDoor

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


def signed(body: str, *, secret: str = SECRET, at: float | None = None, kind: str) -> dict[str, str]:
    stamp = str(int(time.time() if at is None else at))
    mark = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mark}", "Content-Type": kind}


async def command(url: str, text: str, **how: object) -> tuple[int, str]:
    body = urlencode({"command": "/awesome", "text": text, "user_id": REP, "team_id": "T1", "trigger_id": "1.2.3"})
    headers = signed(body, kind="application/x-www-form-urlencoded", **how)
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


@pytest.mark.parametrize("how", [{"secret": "wrong"}, {"at": time.time() - 301}])
async def test_a_request_with_a_wrong_signature_or_too_old_changes_nothing(sqlite_url: str, how: dict) -> None:
    async with a_bot_over_http(sqlite_url) as (bot, url):
        status, _ = await command(url, "set 250k", **how)
        assert status == 401
        async with bot.database.transaction() as tx:
            ruth = await tx.people.get(PersonId("ruth"))
        assert ruth is not None
        assert ruth.awesome is None


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
