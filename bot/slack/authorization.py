"""By whose token a request is answered: the one workspace's, known since the start."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

TOKEN_UNUSED = (  # no words: Bolt's
    "As you gave `client` as well",
    "As `installation_store` or `authorize` has been used",
)
"""How Bolt begins to say that it doesn't use a token it found: it is ours that it is given with each request."""


def bolt_app(client: AsyncWebClient, token: str, signing_secret: str) -> AsyncApp:
    """Return the Bolt app that answers by one workspace's token; "" is no signing secret, as over sockets."""
    logger = logging.getLogger("slack_bolt.AsyncApp")
    logger.addFilter(_is_news)
    try:
        return AsyncApp(
            client=client,
            authorize=one_workspace(token),
            process_before_response=True,
            signing_secret=signing_secret or None,
        )
    finally:
        logger.removeFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith(TOKEN_UNUSED)


def one_workspace(token: str) -> Callable[..., Awaitable[AuthorizeResult]]:
    """Return what Bolt asks before each request; it never goes to Slack.

    Left alone Bolt asks ``auth.test`` until it was answered once: a thousand clicks in the first second of a process
    ask a thousand times. When that call fails it answers 200, so that Slack takes for done what nobody did. That the
    token is good shows wherever it is used, and that Slack sent the request is shown by signature or socket.
    """

    async def authorize(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id, bot_token=token)

    return authorize
