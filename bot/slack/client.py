"""Slack's Web API clients: one session, one time limit, and no retries the SDK decides on."""

from __future__ import annotations

from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

SLACK_API_URL = "https://slack.com/api/"
TIMEOUT_SECONDS = 10
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def is_on_loopback(api_url: str) -> bool:
    """Tell whether ``api_url`` is this machine, where the sandbox lives and no proxy leads."""
    return urlsplit(api_url).hostname in LOOPBACK


def open_session(timeout: float = TIMEOUT_SECONDS) -> aiohttp.ClientSession:
    """Return the session all clients share; whoever opens it closes it. Needs a running loop.

    The time limit is here because the SDK ignores its own when it is given a session.
    """
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=timeout))


def web_client(
    token: str,
    api_url: str = SLACK_API_URL,
    session: aiohttp.ClientSession | None = None,
) -> AsyncWebClient:
    """Return a client that tries each call once.

    The SDK's default handler repeats a call after a dropped connection: a message Slack had already taken is then
    posted twice (reliability, 1.3). Without ``session`` each call opens a connection of its own.
    """
    client = AsyncWebClient(
        token=token,
        base_url=api_url,
        timeout=TIMEOUT_SECONDS,
        session=session,
        retry_handlers=[],
    )
    if is_on_loopback(api_url):  # the SDK takes HTTPS_PROXY for every address and knows no NO_PROXY
        client.proxy = None
    return client
