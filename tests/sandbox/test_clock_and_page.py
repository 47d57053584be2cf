"""The page and the bot move and follow the sandbox's clock, over HTTP on loopback only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from demo_app import ANA, BEN, GONE, NOW, Demo

from bot.sandbox import Sandbox
from bot.sandbox.clock import ClockRefusedError, SandboxClock


@pytest.fixture
async def browser(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(sandbox.url) as session:
        yield session


async def post(browser: aiohttp.ClientSession, what: str, **sent: Any) -> tuple[int, dict[str, Any]]:
    async with browser.post(f"/sandbox/{what}", json=sent) as response:
        return response.status, await response.json()


def test_a_clock_never_goes_back() -> None:
    clock = SandboxClock(NOW, speed=0)
    clock.set(NOW + timedelta(hours=1))
    with pytest.raises(ClockRefusedError):
        clock.set(NOW)
    with pytest.raises(ClockRefusedError):
        clock.set(datetime(2030, 1, 1))  # noqa: DTZ001 - the very thing refused
    assert clock.now() == NOW + timedelta(hours=1)


async def test_a_clock_runs_at_its_speed() -> None:
    clock = SandboxClock(NOW, speed=3600)
    await asyncio.sleep(0.02)
    assert timedelta(seconds=60) < clock.now() - NOW < timedelta(hours=2)


async def test_the_page_moves_the_clock(browser: aiohttp.ClientSession) -> None:
    assert (await post(browser, "clock", to="+1h"))[1]["now"] == "2017-10-02T10:00:00+00:00"
    assert (await post(browser, "clock", to="+1d"))[1]["now"] == "2017-10-03T10:00:00+00:00"
    assert (await post(browser, "clock", to="2017-10-05T09:00:00Z"))[1]["now"] == "2017-10-05T09:00:00+00:00"
    for impossible in ("2017-10-01T09:00:00Z", "2017-10-06T09:00:00", "next"):
        status, answer = await post(browser, "clock", to=impossible)
        assert (status, "error" in answer) == (409, True)
    assert (await post(browser, "clock", to="soon"))[0] == 400


async def test_next_goes_to_what_the_bot_waits_for(sandbox: Sandbox, browser: aiohttp.ClientSession) -> None:
    async with browser.get("/sandbox/clock", params={"next_due": "2017-10-02T12:00:00Z", "idle": "1"}) as response:
        assert (await response.json())["now"] == NOW.isoformat()
    assert (await post(browser, "clock", to="next"))[1]["now"] == "2017-10-02T12:00:00+00:00"
    assert sandbox.clock.now() == datetime(2017, 10, 2, 12, tzinfo=UTC)


async def test_the_page_says_what_is_coming_for_whom_and_moves_to_a_persons_next(
    sandbox: Sandbox, browser: aiohttp.ClientSession
) -> None:
    later = {"at": "2017-10-04T09:00:00+00:00", "who": [ANA.id], "what": "the agenda"}
    sooner = {"at": "2017-10-03T09:00:00+00:00", "who": [BEN.id], "what": "the questions"}
    assert (await post(browser, "coming", events=[later, sooner]))[0] == 200
    async with browser.get(f"/sandbox/person/{ANA.id}") as response:
        assert (await response.json())["coming"] == {"mine": later, "any": sooner}
    assert (await next_for(sandbox, browser, ANA.id))[1]["now"] == later["at"]
    assert (await next_for(sandbox, browser, BEN.id))[1]["now"] == later["at"]  # his has passed
    status, answer = await next_for(sandbox, browser, GONE.id)
    assert (status, answer["error"]) == (409, "Nothing is coming for this person yet.")
    assert (await post(browser, "coming", events=[{"at": "soon", "who": [], "what": ""}]))[0] == 400
    assert sandbox.clock.now().isoformat() == later["at"]


async def next_for(sandbox: Sandbox, browser: aiohttp.ClientSession, user: str) -> tuple[int, dict[str, Any]]:
    for _ in range(2):
        sandbox.clock.report(None, idle=True)
    return await post(browser, "clock", to="next", user=user)


async def test_a_persons_next_event_is_chosen_once_the_bot_has_said_what_their_last_act_changed(
    sandbox: Sandbox, browser: aiohttp.ClientSession
) -> None:
    await post(browser, "coming", events=[{"at": "2017-10-03T09:00:00Z", "who": [ANA.id], "what": "withdrawn"}])
    sandbox.clock.touch()
    moving = asyncio.ensure_future(post(browser, "clock", to="next", user=ANA.id))
    await asyncio.sleep(0.05)
    await post(browser, "coming", events=[{"at": "2017-10-04T09:00:00Z", "who": [ANA.id], "what": "put instead"}])
    for _ in range(2):
        sandbox.clock.report(None, idle=True)
    assert (await moving)[1]["now"] == "2017-10-04T09:00:00+00:00"


async def test_what_fell_due_a_moment_ago_is_no_reason_to_refuse_a_move() -> None:
    clock = SandboxClock(NOW, speed=3600)
    clock.report(NOW, idle=True)
    clock.move_to_next_due()
    assert clock.now() >= NOW


async def test_the_bot_rests_only_once_it_knows_of_the_last_move(sandbox: Sandbox) -> None:
    clock = sandbox.clock
    clock.report(None, idle=True)
    assert not clock.idle
    clock.report(None, idle=True)
    assert clock.idle
    clock.set(NOW + timedelta(days=1))
    clock.report(None, idle=True)  # this one may have left the bot before the move
    assert not clock.idle
    waiting = asyncio.ensure_future(clock.until_idle(within=1))
    await asyncio.sleep(0)
    clock.report(None, idle=True)
    await waiting
    clock.touch()
    with pytest.raises(TimeoutError):
        await clock.until_idle(within=0.01)


async def test_the_bot_can_wait_for_the_next_move(sandbox: Sandbox, browser: aiohttp.ClientSession) -> None:
    async def wait() -> dict[str, Any]:
        query = {"after": str(sandbox.clock.version), "wait": "5"}
        async with browser.get("/sandbox/clock", params=query) as response:
            answer: dict[str, Any] = await response.json()
            return answer

    waiting = asyncio.ensure_future(wait())
    await asyncio.sleep(0.05)
    sandbox.clock.set(NOW + timedelta(days=1))
    assert (await waiting)["now"] == "2017-10-03T09:00:00+00:00"


async def test_the_page_shows_and_does_what_a_person_can(demo: Demo, browser: aiohttp.ClientSession) -> None:
    posted = await demo.offer()
    async with browser.get("/sandbox/workspace") as response:
        people = (await response.json())["people"]
    assert [(one["id"], one["unread"]) for one in people[:2]] == [(ANA.id, 1), (BEN.id, 0)]
    await post(browser, "read", user=ANA.id)
    place = {"user": ANA.id, "channel": posted["channel"], "ts": posted["ts"]}
    assert (await post(browser, "click", **place, action_id="change"))[1]["acked"]
    async with browser.get(f"/sandbox/person/{ANA.id}") as response:
        seen = await response.json()
    assert seen["person"]["unread"] == 0
    submit = {"user": ANA.id, "view_id": seen["modal"]["id"], "values": {"when": {"text": "never"}}}
    assert (await post(browser, "submit", **submit))[1]["errors"] == {"when": "Never is too late."}
    assert (await post(browser, "close", user=ANA.id, view_id=seen["modal"]["id"]))[1]["acked"]
    assert (await post(browser, "command", user=ANA.id, command="/pipeline"))[1]["response"]["text"] == "You asked: "
    assert "error" in (await post(browser, "command", user=ANA.id, command="/nope"))[1]
    assert (await post(browser, "click", user=ANA.id))[0] == 400


async def test_the_page_hears_of_news_at_once(sandbox: Sandbox, browser: aiohttp.ClientSession) -> None:
    async with browser.get("/sandbox/events") as stream:
        assert await stream.content.readuntil(b"\n\n") == b"retry: 1000\n\n"
        sandbox.clock.set(NOW + timedelta(hours=1))
        assert b'"kind": "clock"' in await stream.content.readuntil(b"\n\n")


@pytest.mark.parametrize("name", ["", "app.js", "blocks.js", "composer.js", "modal.js", "mrkdwn.js", "style.css"])
async def test_the_page_comes_whole_from_the_sandbox(browser: aiohttp.ClientSession, name: str) -> None:
    async with browser.get(f"/{name}") as response:
        text = await response.text()
    assert response.status == 200
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert "innerHTML" not in text
    assert "//cdn" not in text


async def test_only_this_machine_s_own_pages_get_in(browser: aiohttp.ClientSession) -> None:
    async with browser.get("/", headers={"Host": "evil.example"}) as response:
        assert response.status == 421
    async with browser.post("/sandbox/clock", json={}, headers={"Origin": "https://evil.example"}) as response:
        assert response.status == 403
    async with browser.post("/sandbox/clock", data={"to": "+1d"}) as response:
        assert response.status == 400
    async with browser.get("/notes.txt") as response:
        assert response.status == 404
