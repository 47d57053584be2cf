"""POST or GET /api/<method>: reads the token and the arguments, lets ordered faults happen, calls the method."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox import chat_api, files_api, people_api, views_api
from bot.sandbox.core import Core
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.refusals import RefusalError

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method and the scope it wants of the bot's token."""

    call: Callable[[Core, Json], Json]
    scope: str | None = None


def open_connection(core: Core, _: Json) -> Json:
    """apps.connections.open: hands out an address for Socket Mode, good for one connection."""
    name = secrets.token_urlsafe(12)
    core.link_names.add(name)
    return {"url": f"{core.url.replace('http', 'ws', 1)}/link/?ticket={name}&app_id={core.workspace.app.id}"}


APP_LEVEL = "apps.connections.open"
METHODS: Mapping[str, Method] = {
    "auth.test": Method(people_api.auth_test),
    APP_LEVEL: Method(open_connection),
    "chat.postMessage": Method(chat_api.post_message, "chat:write"),
    "chat.update": Method(chat_api.update_message, "chat:write"),
    "chat.delete": Method(chat_api.delete_message, "chat:write"),
    "chat.postEphemeral": Method(chat_api.post_ephemeral, "chat:write"),
    "conversations.open": Method(chat_api.open_conversation, "im:write"),
    "conversations.info": Method(chat_api.conversation_info, "im:read"),
    "conversations.history": Method(chat_api.conversation_history, "im:history"),
    "views.open": Method(views_api.open_view),
    "views.push": Method(views_api.push_view),
    "views.update": Method(views_api.update_view),
    "views.publish": Method(views_api.publish_view),
    "users.info": Method(people_api.user_info, "users:read"),
    "users.list": Method(people_api.list_users, "users:read"),
    "users.lookupByEmail": Method(people_api.user_by_email, "users:read.email"),
    "files.getUploadURLExternal": Method(files_api.upload_address, "files:write"),
    "files.completeUploadExternal": Method(files_api.complete_upload, "files:write"),
    "team.info": Method(people_api.team_info, "team:read"),
}


async def answer(core: Core, request: web.Request) -> web.StreamResponse:
    """Answer one call of the Web API."""
    name = request.match_info["method"]
    args = await _arguments(request)
    fault = core.faults.take(name)
    if fault and fault.kind is FaultKind.DROPPED_BEFORE:
        return _dropped(request)
    if fault and fault.kind is FaultKind.LATE:
        await asyncio.sleep(fault.seconds)
    headers = {"x-oauth-scopes": ",".join(core.scopes), "x-slack-req-id": secrets.token_hex(8)}
    status = 200
    try:
        if fault and fault.kind in {FaultKind.RATE_LIMITED, FaultKind.REFUSED}:
            _suffer(fault)
        _authorise(core, name, request, args)
        body = {"ok": True, **METHODS[name].call(core, args)}
        if fault and fault.kind is FaultKind.FAILED_AFTER:
            _suffer(fault)
    except RefusalError as refusal:
        body, status = refusal.body(), refusal.status
        headers |= refusal.headers
    if fault and fault.kind is FaultKind.DROPPED_AFTER:
        return _dropped(request)
    if fault and fault.kind is FaultKind.SLOW:
        await asyncio.sleep(fault.seconds)
    return web.json_response(body, status=status, headers=headers)


def _suffer(fault: Fault) -> None:
    headers = {"Retry-After": str(int(fault.seconds))} if fault.kind is FaultKind.RATE_LIMITED else {}
    raise RefusalError(fault.code, status=fault.status, headers=headers)


def _dropped(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _arguments(request: web.Request) -> Json:
    """Return the arguments of query, form or JSON body, whichever the client sent."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            sent = await request.json()
        except ValueError:
            return args
        return args | sent if isinstance(sent, dict) else args
    return args | dict(await request.post())


def _authorise(core: Core, name: str, request: web.Request, args: Json) -> None:
    method = METHODS.get(name)
    if method is None:
        raise RefusalError("unknown_method", extra={"req_method": name})
    header = request.headers.get("Authorization", "")
    token = header.removeprefix("Bearer ").strip() or str(args.get("token") or "")
    if not token:
        raise RefusalError("not_authed")
    if name == APP_LEVEL:
        _is_token(token, core.app_token, core.bot_token, core.app_token_refused)
        return
    _is_token(token, core.bot_token, core.app_token, core.token_refused)
    if method.scope and method.scope not in core.scopes:
        raise RefusalError("missing_scope", extra={"needed": method.scope, "provided": ",".join(core.scopes)})


def _is_token(token: str, right: str, of_the_other_kind: str, refused: str) -> None:
    """Raise RefusalError unless ``token`` is the right one; even then with ``refused``, if that is a code."""
    if token == of_the_other_kind:
        raise RefusalError("not_allowed_token_type")
    if token != right:
        raise RefusalError("invalid_auth")
    if refused:
        raise RefusalError(refused)
