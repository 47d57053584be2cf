"""A module per surface that a person can touch in Slack."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.services.arrivals import Arrival, arrive
from bot.services.use_cases import UseCases
from handlers import (
    approvals,
    away,
    cadence,
    closing,
    commands,
    events,
    evidence,
    follow_up,
    forks,
    goals,
    moving,
    prompts,
    replies,
)
from handlers.identity import identity


def register(app: AsyncApp, cases: UseCases, *, wake: Callable[[], None]) -> None:
    """Register every listener once. ``wake`` is called after each commit for a request: there may be messages."""

    async def note_arrival(body: dict[str, Any], next: Callable[[], Awaitable[None]]) -> None:  # noqa: A002 - Bolt injects by this name
        # Bolt's next() returns before the listener runs, so what follows a commit can't be done after it.
        arrive(Arrival(identity(body), committed=wake))
        await next()

    app.use(note_arrival)
    for surface in (
        prompts,
        forks,
        approvals,
        follow_up,
        goals,
        evidence,
        closing,
        moving,
        away,
        cadence,
        commands,
        events,
    ):
        surface.register(app, cases)
    replies.register(app)
