"""When a person is away: /1on1 away, and the button that withdraws it."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.coaching.said import say
from bot.errors import NotAllowedError
from bot.services.addressing import Asked
from bot.services.use_cases import UseCases
from bot.views import away as view
from bot.views.ids import ActionId, split_leave
from bot.views.message import Message
from handlers.replies import Click, settle_click, settle_opening

LISTED = frozenset({"", "list", "show", "zeigen", "liste"})


async def answer(cases: UseCases, user: str, asked: Asked) -> Message:
    """Show the asker's leave, or keep the days that were said. Raises UserError for other words and other people."""
    if not asked.is_own:
        raise NotAllowedError(say("Everybody says the own leave and nobody another's: /1on1 away shows yours."))
    if asked.rest.lower() in LISTED:
        return view.listed((await cases.away.leaves(user)).leaves)
    found = await cases.away.note(user, asked.rest)
    return view.listed(found.leaves) if found.noted is None else view.noted(found.noted, found.leaves, found.concerned)


def register(app: AsyncApp, cases: UseCases) -> None:
    async def withdraw(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_opening(ack, client, click, cases.away.withdraw(click.user, *split_leave(click.value)))

    async def confirm(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_click(ack, client, click, cases.away_status.confirm(click.user, *split_leave(click.value)))

    app.action(ActionId.AWAY_CONFIRM)(confirm)
    app.action(ActionId.AWAY_WITHDRAW)(withdraw)
