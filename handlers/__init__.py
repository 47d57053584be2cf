"""A module per surface that a person can touch in Slack."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.services.arrivals import Arrival, arrive, is_written_down
from bot.services.use_cases import UseCases
from bot.views.speaking import speak_with
from handlers import (
    approvals,
    away,
    cadence,
    closing,
    commands,
    digest,
    events,
    evidence,
    first_day,
    follow_up,
    forks,
    goals,
    inviting,
    matching,
    moving,
    prompts,
    replies,
)
from handlers.identity import identity
from handlers.rush import Rush
from handlers.typed import make_readable


def register(app: AsyncApp, cases: UseCases, rush: Rush, *, wake: Callable[[], None]) -> None:
    """Register every listener once. ``wake`` is called after each commit for a request: there may be messages."""

    async def note_arrival(
        body: dict[str, Any],
        next: Callable[[], Awaitable[None]],  # noqa: A002 - Bolt injects by this name
    ) -> BoltResponse | None:
        if not is_written_down():
            make_readable(body)
            received = rush.takes(body)
            if received is not None:
                await rush.receive(received)
                return BoltResponse(status=200)
            await rush.catch_up(body)
            # Bolt's next() returns before the listener runs, so what follows a commit can't be done after it.
            arrive(Arrival(identity(body), committed=wake))
        speak_with(None)  # until who asks is known: a connection's task lives longer than one request
        await next()
        return None

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
        first_day,
        inviting,
        matching,
        commands,
        digest,
        events,
    ):
        surface.register(app, cases)
    replies.register(app)
