"""When a person is away: /1on1 away, and the button that withdraws it."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.coaching.said import say
from bot.errors import NotAllowedError
from bot.services.spoken import is_slip, plain
from bot.services.use_cases import UseCases
from bot.views import away as view
from bot.views.ids import ActionId, split_leave
from bot.views.message import Message
from handlers.questions import Question
from handlers.replies import Click, settle_click, settle_opening

OTHERS = frozenset({"calendar"})
"""What is about something else even if its last word might be leave: /1on1 calendar off."""
WORDS = frozenset({"away", "leave", "vacation", "holiday", "pto", "ooo", "off", "urlaub", "abwesend"})


def asks(words: str) -> bool:
    """Return whether what stands after /1on1 is about the asker's own leave: its first word or its last says so."""
    return _days(words) is not None


async def answer(cases: UseCases, question: Question) -> Message:
    """Show the asker's leave, or keep the days that were said. Raises UserError for other words and other people."""
    if question.mentions and question.mentions[0] != question.user:
        raise NotAllowedError(say("Everybody says the own leave and nobody another's: /1on1 away shows yours."))
    said = _days(question.words) or ""
    if said.lower() in {"", "list", "show"}:
        return view.listed((await cases.away.leaves(question.user)).leaves)
    found = await cases.away.note(question.user, said)
    return view.listed(found.leaves) if found.noted is None else view.noted(found.noted, found.leaves, found.concerned)


def _days(words: str) -> str | None:
    """Return the words without the one that says it is leave; None where none does."""
    typed = words.split()
    if typed and plain(typed[0]) in OTHERS:
        return None
    for place in (0, -1) if typed else ():
        word = plain(typed[place])
        if word in WORDS or is_slip(word, "away"):
            return " ".join(typed[1:] if place == 0 else typed[:-1])
    return None


def register(app: AsyncApp, cases: UseCases) -> None:
    async def withdraw(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_opening(ack, client, click, cases.away.withdraw(click.user, *split_leave(click.value)))

    async def confirm(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        click = Click.parse(body)
        await settle_click(ack, client, click, cases.away_status.confirm(click.user, *split_leave(click.value)))

    app.action(ActionId.AWAY_CONFIRM)(confirm)
    app.action(ActionId.AWAY_WITHDRAW)(withdraw)
