"""A supervisor sees whether the process lives and whether it can work."""

from __future__ import annotations

import aiohttp
import pytest

from bot.health import Health, HealthServer


async def nothing() -> bytes:
    return b""


@pytest.mark.parametrize(
    ("health", "query", "status"),
    [
        (Health(live=True, ready=True), "", 200),
        (Health(live=True, ready=False), "", 503),
        (Health(live=True, ready=False), "?live", 200),
        (Health(live=False, ready=True), "", 503),
        (Health(live=False, ready=False), "?live", 503),
    ],
)
async def test_only_a_process_that_can_work_is_ready(health, query, status) -> None:
    async def report() -> Health:
        return health

    server = HealthServer(report, nothing, port=0)
    await server.start()
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{server.port}/healthz{query}") as answer,
        ):
            assert answer.status == status
            assert await answer.json() == {"live": health.live, "ready": health.ready}
    finally:
        await server.close()


async def test_the_answer_says_why() -> None:
    async def report() -> Health:
        return Health(live=True, ready=False, details={"delivery": "Slack answered token_revoked."})

    server = HealthServer(report, nothing, port=0)
    await server.start()
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{server.port}/healthz") as answer,
        ):
            assert (await answer.json())["delivery"] == "Slack answered token_revoked."
    finally:
        await server.close()
