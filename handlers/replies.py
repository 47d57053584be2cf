"""How a click, a form or a command is answered: the receipt after the commit, a sentence for what can't be done."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.error import BoltError
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import BadFieldsError, CadenceError, StaleError, TryLaterError, UserError
from bot.services.arrivals import AlreadyDoneError, refuse_later
from bot.services.forks import NoRoomError
from bot.services.moving import TakenError
from bot.views import forks as fork_views
from bot.views import moving as moving_views
from bot.views import notices
from bot.views.speaking import shown, tr

log = logging.getLogger(__name__)

OPEN_TIMEOUT = 2.0
"""Seconds for views.open: its trigger lives three, and the acknowledgement must still go out."""

RENEW_TIMEOUT = 0.8
"""Seconds for showing anew what lies under a form that was recorded: its receipt waits for that."""

SERVER_ERROR = 500


class NotShownError(CadenceError):
    """A form, or why something can't be done, could not be shown: no receipt, so that Slack says so to the person."""


SAID = (UserError, TryLaterError)
"""What is answered with its own sentence: the person can mend it, or it mends itself."""


@dataclass(frozen=True, slots=True)
class Click:
    """Who pressed which button; ``trigger`` allows one modal within three seconds, ``over`` the one it stands in."""

    user: str
    value: str
    trigger: str
    over: bool = False

    @classmethod
    def parse(cls, body: dict[str, Any]) -> Click:
        action = body["actions"][0]
        return cls(
            user=body["user"]["id"],
            value=action.get("value") or "",
            trigger=body.get("trigger_id") or "",
            over=_in_modal(body),
        )


async def settle_click(ack: AsyncAck, client: AsyncWebClient, click: Click, work: Awaitable[None]) -> None:
    """Do what a button asks, then acknowledge: the acknowledgement is the receipt.

    What the person can't do opens a small modal that says why and what to do instead.
    """
    try:
        await work
    except SAID as error:
        if not refuse_later(error) and not await open_modal(client, click.trigger, problem(error), over=click.over):
            raise NotShownError from error
    await ack()


async def settle_form(ack: AsyncAck, body: dict[str, Any], work: Awaitable[dict[str, Any] | None]) -> None:
    """Do what a submitted form asks, then close it, or show what came in its place; faults stand under their fields.

    What mends itself is said over the form, which keeps what was typed to be sent again.
    """
    try:
        instead = await work
    except SAID as error:
        if refuse_later(error):
            await ack()
        elif isinstance(error, BadFieldsError):
            await ack(response_action="errors", errors={field: shown(fault) for field, fault in error.fields.items()})
        else:
            over = isinstance(error, TryLaterError) and _has_room_above(body["view"])
            await ack(response_action="push" if over else "update", view=problem(error))
    else:
        await (ack() if instead is None else ack(response_action="update", view=instead))


async def settle_opening(
    ack: AsyncAck,
    client: AsyncWebClient,
    click: Click,
    view: Awaitable[dict[str, Any]],
) -> None:
    """Open the modal that a button asks for."""
    try:
        modal = await view
    except SAID as error:
        modal = problem(error)
    if not await open_modal(client, click.trigger, modal, over=click.over):
        raise NotShownError
    await ack()


def problem(error: CadenceError) -> dict[str, Any]:
    """Return the modal that says why something can't be done."""
    if isinstance(error, NoRoomError):
        return fork_views.full(error.goal, error.held, changed=error.changed)
    if isinstance(error, TakenError):
        return moving_views.move_modal(error.meeting, error.slots, error.asker, taken=True)
    return notices.problem(tr("Settled already") if isinstance(error, StaleError) else tr("Not possible"), str(error))


async def open_modal(client: AsyncWebClient, trigger: str, view: dict[str, Any], *, over: bool = False) -> bool:
    """Open a modal, ``over`` the one that was clicked in; False when the person certainly doesn't see it.

    A call that breaks is made once more, for a trigger opens one modal: that it was used by then says that the first
    call did it. Of one that takes too long nobody knows; who sees nothing clicks again.
    """
    show = client.views_push if over else client.views_open
    try:
        async with asyncio.timeout(OPEN_TIMEOUT):
            try:
                await show(trigger_id=trigger, view=view)
            except (SlackApiError, aiohttp.ClientError) as error:
                if not _may_have_worked(error):
                    raise
                await show(trigger_id=trigger, view=view)
    except TimeoutError as error:
        log.warning("modal.not_opened", extra={"error": type(error).__name__})
    except (SlackApiError, aiohttp.ClientError) as error:
        if _code(error) == "exchanged_trigger_id":
            return True
        log.warning("modal.not_opened", extra={"error": _code(error) or type(error).__name__})
        return False
    return True


async def renew_modal(client: AsyncWebClient, view_id: str, view: Awaitable[dict[str, Any]]) -> None:
    """Show anew what lies under a form, so that whoever closes the form sees what came of it.

    It costs the form nothing: where it can't be done in time, what lies there stays as it was.
    """
    try:
        async with asyncio.timeout(RENEW_TIMEOUT):
            await client.views_update(view_id=view_id, view=await view)
    except (*SAID, TimeoutError, SlackApiError, aiohttp.ClientError) as error:
        log.warning("modal.not_renewed", extra={"error": _code(error) or type(error).__name__})


def _in_modal(body: dict[str, Any]) -> bool:
    """Whether somebody clicked in a modal, over which alone another one can be shown."""
    return body.get("type") == "block_actions" and (body.get("view") or {}).get("type") == "modal"


def _has_room_above(form: dict[str, Any]) -> bool:
    """Whether one more can be shown over a form: Slack stacks three."""
    return form.get("previous_view_id") in {None, form.get("root_view_id")}


def _may_have_worked(error: SlackApiError | aiohttp.ClientError) -> bool:
    """Whether the connection or Slack itself broke, and not: Slack said no."""
    if isinstance(error, SlackApiError):
        status = getattr(error.response, "status_code", None) or getattr(error.response, "status", None) or 0
        return int(status) >= SERVER_ERROR or _code(error) in {"fatal_error", "internal_error"}
    return True


def _code(error: Exception) -> str:
    """Return Slack's word, "" where it said none: what a proxy answers in its place may be text, or no JSON."""
    answered = getattr(error.response, "data", None) if isinstance(error, SlackApiError) else None
    return str(answered.get("error") or "") if isinstance(answered, dict) else ""


def register(app: AsyncApp) -> None:
    """Register the one error handler: an apology with a reference, and no receipt for what wasn't done."""

    async def apologise(error: Exception, body: dict[str, Any], client: AsyncWebClient) -> BoltResponse:
        if isinstance(error, AlreadyDoneError):
            return BoltResponse(status=200)
        if isinstance(error, NotShownError):
            return BoltResponse(status=500)
        trigger = body.get("trigger_id") or ""  # an event has none: nobody waits for an answer
        if isinstance(error, UserError) and refuse_later(error):
            return BoltResponse(status=200)
        if isinstance(error, UserError):  # a value that isn't ours, found before any use case was asked
            if trigger:
                await open_modal(client, trigger, problem(error), over=_in_modal(body))
            return BoltResponse(status=200)
        reference = secrets.token_hex(4)
        log.error("request.failed", exc_info=error, extra={"reference": reference})
        apology = notices.error(reference)
        if body.get("command"):
            return BoltResponse(status=200, body={"response_type": "ephemeral", **apology.payload()})
        if trigger and not isinstance(error, BoltError):
            await open_modal(client, trigger, notices.error_modal(reference), over=_in_modal(body))
        return BoltResponse(status=500)

    app.error(apologise)
