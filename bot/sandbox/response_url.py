"""POST /response/<name>: the app answers an interaction by its response_url."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.sandbox.chat_api import checked_blocks
from bot.sandbox.core import Core
from bot.sandbox.refusals import RefusalError
from bot.sandbox.tickets import ResponseTicket
from bot.sandbox.workspace import Message

Json = dict[str, Any]


async def answer(core: Core, request: web.Request) -> web.StreamResponse:
    """Post, replace or delete by a response_url; 404 when it is used up, too old or unknown."""
    try:
        body = await request.json()
    except ValueError:
        return web.Response(status=400, text="invalid_payload")
    if not isinstance(body, dict):
        return web.Response(status=400, text="invalid_payload")
    try:
        _apply(core, core.tickets.use_response(request.match_info["name"]), body)
    except RefusalError as refusal:
        return web.json_response(refusal.body(), status=refusal.status if refusal.status != 200 else 400)  # noqa: PLR2004
    return web.Response(text="ok")


def _apply(core: Core, ticket: ResponseTicket, body: Json) -> None:
    text = str(body.get("text") or "")
    if body.get("delete_original"):
        message = _original(core, ticket)
        core.workspace.delete(message)
        core.journal.said("response_url.delete", ticket.user, channel=ticket.channel, ts=message.ts)
        return
    blocks = checked_blocks(core, body.get("blocks"))
    if not text and not blocks:
        raise RefusalError("no_text")
    if body.get("replace_original"):
        message = _original(core, ticket)
        message.rewrite(text, blocks)
        _note(core, "response_url.replace", ticket, message)
        return
    for_all = body.get("response_type") == "in_channel"
    message = Message(
        ticket.channel,
        core.workspace.next_ts(),
        core.workspace.app.bot_user,
        text,
        blocks,
        thread_ts=body.get("thread_ts"),
        seen_by=None if for_all else ticket.user,
    )
    core.workspace.post(message)
    _note(core, "response_url.post", ticket, message)


def _original(core: Core, ticket: ResponseTicket) -> Message:
    if ticket.ts is None:  # a person's own command can't be touched
        raise RefusalError("message_not_found")
    return core.workspace.find(ticket.channel, ticket.ts, ephemeral_too=True)


def _note(core: Core, method: str, ticket: ResponseTicket, message: Message) -> None:
    core.journal.said(
        method,
        ticket.user,
        channel=message.channel,
        ts=message.ts,
        text=message.text,
        blocks=message.blocks,
        metadata=message.metadata,
    )
