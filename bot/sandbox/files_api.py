"""The files.* methods of the Web API: an address, the upload, and the message where the file is given to somebody."""

from __future__ import annotations

import json
import mimetypes
import secrets
from typing import Any

from aiohttp import web

from bot.sandbox.core import Core
from bot.sandbox.refusals import RefusalError
from bot.sandbox.workspace import Message

Json = dict[str, Any]
UPLOAD, DOWNLOAD = "/upload/{file}", "/sandbox/file/{file}"


def upload_address(core: Core, args: Json) -> Json:
    """files.getUploadURLExternal: where to send a file of so many bytes."""
    name, length = str(args.get("filename") or ""), str(args.get("length") or "")
    if not name or not length.isdigit():
        raise RefusalError("invalid_arguments")
    file = f"F{secrets.token_hex(5).upper()}"
    core.files[file] = {"name": name, "length": int(length), "content": None}
    return {"file_id": file, "upload_url": core.url + UPLOAD.format(file=file)}


def complete_upload(core: Core, args: Json) -> Json:
    """files.completeUploadExternal: shows the files in a message; without a channel they are the app's alone."""
    given = args.get("files") or []
    wanted = json.loads(given) if isinstance(given, str) else given
    if not wanted or any(core.files.get(one["id"], {}).get("content") is None for one in wanted):
        raise RefusalError("file_not_found")
    if given_to := str(args.get("channel_id") or args.get("channels") or ""):
        _give(core, core.workspace.known_channel(given_to), wanted, args)
    for one in wanted:
        core.files[one["id"]]["waits"] = core.file_waits
    return {"files": [{"id": one["id"], "title": one.get("title")} for one in wanted]}


def _give(core: Core, channel: str, wanted: list[Json], args: Json) -> None:
    app = core.workspace.app
    message = Message(channel, core.workspace.next_ts(), app.bot_user, str(args.get("initial_comment") or ""))
    for one in wanted:
        held = core.files[one["id"]]
        address = core.url + DOWNLOAD.format(file=one["id"])
        title = one.get("title") or held["name"]
        message.files.append({"id": one["id"], "name": held["name"], "title": title, "url_private_download": address})
    core.workspace.post(message)
    reader = core.workspace.member_of(channel)
    core.journal.said("files.completeUploadExternal", reader, channel=channel, ts=message.ts)


def routes(core: Core) -> list[web.RouteDef]:
    """Return where files are sent to and had from."""

    async def take(request: web.Request) -> web.Response:
        held = core.files.get(request.match_info["file"])
        content = await request.read()
        if held is None or len(content) != held["length"]:
            return web.Response(status=400, text="no such upload, or another length")
        held["content"] = content
        return web.Response(text="OK")

    async def give(request: web.Request) -> web.Response:
        held = core.files.get(request.match_info["file"])
        if held is None or held["content"] is None:
            raise web.HTTPNotFound
        named = {"Content-Disposition": f'attachment; filename="{held["name"]}"'}
        kind = mimetypes.guess_type(held["name"])[0] or "application/octet-stream"
        return web.Response(body=held["content"], content_type=kind, headers=named)

    return [web.post(UPLOAD, take), web.get(DOWNLOAD, give)]
