"""A module per surface that a person can touch in Slack."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncApp

from bot.services.use_cases import UseCases
from handlers import approvals, closing, commands, events, follow_up, forks, prompts, replies


def register(app: AsyncApp, cases: UseCases, *, wake: Callable[[], None]) -> None:
    """Register every listener once. ``wake`` is called after each request, for it may have put messages."""

    async def send_soon(next: Callable[[], Awaitable[None]]) -> None:  # noqa: A002 - Bolt injects by this name
        await next()
        wake()

    app.use(send_soon)
    for surface in (prompts, forks, approvals, follow_up, closing, commands, events):
        surface.register(app, cases)
    replies.register(app)
