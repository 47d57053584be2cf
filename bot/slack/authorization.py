"""By whose token a request is answered: the one workspace's, known since the start."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.authorization import AuthorizeResult


def one_workspace(token: str) -> Callable[..., Awaitable[AuthorizeResult]]:
    """Return what Bolt asks before each request; it never goes to Slack.

    Left alone Bolt asks ``auth.test`` until it was answered once: a thousand clicks in the first second of a process
    ask a thousand times. When that call fails it answers 200, so that Slack takes for done what nobody did. That the
    token is good shows wherever it is used, and that Slack sent the request is shown by signature or socket.
    """

    async def authorize(enterprise_id: str | None, team_id: str | None, user_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id, bot_token=token)

    return authorize
