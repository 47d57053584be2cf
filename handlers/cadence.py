"""How often they meet: the command, and the manager's answer when most of the team turns down at once."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.coaching.rhythm.market import MarketAnswer
from bot.services.addressing import Asked
from bot.services.rhythm_words import asked
from bot.services.rhythms import TeamRhythm, WhyRhythm
from bot.services.use_cases import UseCases
from bot.views import cadence as view
from bot.views.ids import ActionId, split_market
from bot.views.message import Message
from handlers.replies import Click, settle_click


async def answer(cases: UseCases, user: str, question: Asked) -> Message:
    """Do or show what was asked with /cadence. Raises BadInputError for words that can't be understood."""
    about = question.about
    if question.verb == "invite":
        return await cases.inviting.invite_by_word(user, about)
    if question.verb == "doctor":
        return await cases.checkups.ask_by_word(user)
    if question.verb == "setup":
        return await cases.first_day.again(user)
    wanted = asked(f"{question.verb} {question.rest}")
    if wanted.wish in ("set", "free"):
        if wanted.wish == "set":
            new = await cases.rhythms.fix(user, about, wanted.interval, wanted.reason)
        else:
            new = await cases.rhythms.free(user, about)
        return view.settled(new.rep, new.decision, new.now, new.before, new.manager.timezone)
    found: WhyRhythm | TeamRhythm
    found = await (cases.rhythms.team(user) if wanted.wish == "team" else cases.rhythms.why(user, about))
    if isinstance(found, TeamRhythm):
        return view.team(found.manager, found.rows, found.hours, found.limit)
    return view.why(found.rep, found.decision, found.sentences, own=about is None)


def register(app: AsyncApp, cases: UseCases) -> None:
    async def more_often(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await settle(ack, body, client, MarketAnswer.MORE_OFTEN)

    async def leave(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await settle(ack, body, client, MarketAnswer.LEFT)

    async def settle(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient, said: MarketAnswer) -> None:
        click = Click.parse(body)
        await settle_click(ack, client, click, cases.rhythms.answer(*split_market(click.value), click.user, said))

    app.action(ActionId.MARKET_MORE_OFTEN)(more_often)
    app.action(ActionId.MARKET_LEAVE)(leave)
