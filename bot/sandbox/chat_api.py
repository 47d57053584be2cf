"""The chat.* and conversations.* methods of the Web API."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.sandbox.block_check import problems_of_blocks
from bot.sandbox.core import Core
from bot.sandbox.refusals import RefusalError
from bot.sandbox.rules import MESSAGE
from bot.sandbox.this_workspace import problems_here
from bot.sandbox.workspace import Message, with_ids

Json = dict[str, Any]
TEXT_AT_MOST = 40_000
UPDATED_TEXT_AT_MOST = 4_000
METADATA_BYTES = 4_000  # Slack has a limit and does not publish it
EVENT_TYPE = re.compile(r"[a-z][a-z0-9_]*")
PAGE_AT_MOST = 999
PAGE = 100


def checked_blocks(core: Core, raw: Any) -> list[Json]:
    """Return the blocks with their ids, or none. Raises RefusalError invalid_blocks."""
    if raw in (None, ""):
        return []
    problems = problems_of_blocks(raw, MESSAGE) or problems_here(core, raw)
    if problems:
        raise RefusalError("invalid_blocks", problems)
    return with_ids(raw)


def flag(raw: Any) -> bool:
    return raw in (True, "1", "true", 1)


def post_message(core: Core, args: Json) -> Json:
    """chat.postMessage: to a D channel or a person."""
    channel = core.workspace.channel_for_posting(_channel(args))
    text, blocks = _content(core, args, TEXT_AT_MOST)
    metadata = _metadata(args.get("metadata"))
    app = core.workspace.app
    message = Message(
        channel, core.workspace.next_ts(), app.bot_user, text, blocks, metadata, thread_ts=args.get("thread_ts")
    )
    core.workspace.post(message)
    _note(core, "chat.postMessage", message)
    return {"channel": channel, "ts": message.ts, "message": message.to_json(app)}


def update_message(core: Core, args: Json) -> Json:
    """chat.update: only the bot's own; blocks left out are removed; metadata left out stays, {} clears it."""
    channel = core.workspace.known_channel(_channel(args))
    message = core.workspace.find(channel, str(args.get("ts", "")))
    app = core.workspace.app
    if message.user != app.bot_user:
        raise RefusalError("cant_update_message")
    text, blocks = _content(core, args, UPDATED_TEXT_AT_MOST)
    if "metadata" in args:
        message.metadata = _metadata(args["metadata"])
    message.rewrite(text, blocks)
    _note(core, "chat.update", message)
    return {"channel": channel, "ts": message.ts, "text": text, "message": message.to_json(app)}


def delete_message(core: Core, args: Json) -> Json:
    """chat.delete: only the bot's own."""
    channel = core.workspace.known_channel(_channel(args))
    message = core.workspace.find(channel, str(args.get("ts", "")))
    if message.user != core.workspace.app.bot_user:
        raise RefusalError("cant_delete_message")
    core.workspace.delete(message)
    core.journal.said("chat.delete", core.workspace.member_of(channel), channel=channel, ts=message.ts)
    return {"channel": channel, "ts": message.ts}


def post_ephemeral(core: Core, args: Json) -> Json:
    """chat.postEphemeral: shown to one member of the channel, kept nowhere."""
    channel = core.workspace.channel_for_posting(_channel(args))
    user = str(args.get("user", ""))
    core.workspace.person(user)
    if core.workspace.member_of(channel) != user:
        raise RefusalError("user_not_in_channel")
    text, blocks = _content(core, args, TEXT_AT_MOST)
    app = core.workspace.app
    message = Message(channel, core.workspace.next_ts(), app.bot_user, text, blocks, seen_by=user)
    core.workspace.post(message)
    _note(core, "chat.postEphemeral", message)
    return {"message_ts": message.ts}


def open_conversation(core: Core, args: Json) -> Json:
    """conversations.open with one person."""
    if args.get("channel"):
        channel = core.workspace.known_channel(str(args["channel"]))
        return {"no_op": True, "already_open": True, "channel": {"id": channel}}
    users = [user for user in str(args.get("users", "")).split(",") if user]
    if not users:
        raise RefusalError("users_list_not_supplied")
    if len(users) > 1:
        raise RefusalError("missing_scope", extra={"needed": "mpim:write", "provided": ",".join(core.scopes)})
    channel, already = core.workspace.open_dm(users[0], only_look=flag(args.get("prevent_creation")))
    shown: Json = {"id": channel}
    if flag(args.get("return_im")):
        shown = channel_object(core, channel)
    return {"no_op": already, "already_open": already, "channel": shown}


def conversation_info(core: Core, args: Json) -> Json:
    """conversations.info of a DM."""
    return {"channel": channel_object(core, core.workspace.known_channel(_channel(args)))}


def conversation_history(core: Core, args: Json) -> Json:
    """conversations.history: newest first; ``oldest`` and ``latest`` exclusive unless ``inclusive``."""
    channel = core.workspace.known_channel(_channel(args))
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    inclusive = flag(args.get("inclusive"))
    at_most = int(args.get("limit") or PAGE)
    if not 1 <= at_most <= PAGE_AT_MOST:
        raise RefusalError("invalid_limit")
    found = [
        message
        for message in core.workspace.in_channel(channel)
        if oldest < (at := float(message.ts)) < latest or (inclusive and at in (oldest, latest))
    ]
    found.reverse()
    start = page_start(args)
    page = found[start : start + at_most]
    more = start + at_most < len(found)
    metadata = flag(args.get("include_all_metadata"))
    answer: Json = {
        "messages": [message.to_json(core.workspace.app, all_metadata=metadata) for message in page],
        "has_more": more,
        "pin_count": 0,
    }
    if more:
        answer["response_metadata"] = {"next_cursor": next_cursor(start + at_most)}
    return answer


def page_start(args: Json) -> int:
    """Return where the page begins that ``cursor`` asks for. Raises RefusalError invalid_cursor."""
    cursor = str(args.get("cursor") or "")
    if not cursor:
        return 0
    number = cursor.removeprefix("next:")
    if number == cursor or not number.isdigit():
        raise RefusalError("invalid_cursor")
    return int(number)


def next_cursor(start: int) -> str:
    return f"next:{start}"


def channel_object(core: Core, channel: str) -> Json:
    user = core.workspace.member_of(channel)
    return {
        "id": channel,
        "is_im": True,
        "is_org_shared": False,
        "user": user,
        "is_user_deleted": core.workspace.person(user).deleted,
        "context_team_id": core.workspace.app.team,
    }


def _channel(args: Json) -> str:
    channel = str(args.get("channel") or "")
    if not channel:
        raise RefusalError("channel_not_found")
    return channel


def _content(core: Core, args: Json, text_at_most: int) -> tuple[str, list[Json]]:
    text = str(args.get("text") or "")
    blocks = checked_blocks(core, _parsed(args.get("blocks")))
    if not text and not blocks:
        raise RefusalError("no_text")
    if len(text) > text_at_most:
        raise RefusalError("msg_too_long")
    return text, blocks


def _metadata(raw: Any) -> Json | None:
    metadata = _parsed(raw)
    if not metadata:
        return None
    well_formed = (
        isinstance(metadata, dict)
        and isinstance(metadata.get("event_type"), str)
        and EVENT_TYPE.fullmatch(metadata["event_type"])
        and isinstance(metadata.get("event_payload"), dict)
        and not any(isinstance(value, dict | list) for value in metadata["event_payload"].values())
    )
    if not well_formed:
        raise RefusalError("invalid_metadata_format")
    if len(json.dumps(metadata).encode()) > METADATA_BYTES:
        raise RefusalError("metadata_too_large")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}


def _parsed(raw: Any) -> Any:
    """Return a value that a form carries as JSON text."""
    if not isinstance(raw, str) or not raw:
        return raw
    try:
        return json.loads(raw)
    except ValueError as error:
        raise RefusalError("invalid_arguments", ["[ERROR] not JSON"]) from error


def _note(core: Core, method: str, message: Message) -> None:
    core.journal.said(
        method,
        core.workspace.member_of(message.channel),
        channel=message.channel,
        ts=message.ts,
        text=message.text,
        blocks=message.blocks,
        metadata=message.metadata,
    )
