"""The views.* methods of the Web API."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.core import Core
from bot.sandbox.refusals import RefusalError
from bot.sandbox.rules import HOME, MODAL
from bot.sandbox.views import View, checked_view
from bot.sandbox.workspace import with_ids

Json = dict[str, Any]


def open_view(core: Core, args: Json) -> Json:
    """views.open: needs a trigger_id no older than 3 s and not used before."""
    definition = _definition(args, MODAL)
    user, _ = core.tickets.use_trigger(args.get("trigger_id"))
    view = core.workspace.views.open(user, definition, with_ids(definition["blocks"]))
    return _shown(core, "views.open", view)


def push_view(core: Core, args: Json) -> Json:
    """views.push: the trigger_id must come from inside a modal."""
    definition = _definition(args, MODAL)
    user, origin = core.tickets.use_trigger(args.get("trigger_id"))
    if origin is None or core.workspace.views.on_screen(user, origin) is None:
        raise RefusalError("not_found")
    view = core.workspace.views.push(user, definition, with_ids(definition["blocks"]))
    return _shown(core, "views.push", view)


def update_view(core: Core, args: Json) -> Json:
    """views.update by view_id or external_id; a stale hash is refused."""
    definition = _definition(args)
    view = core.workspace.views.find(
        view_id=str(args.get("view_id") or ""), external_id=str(args.get("external_id") or "")
    )
    blocks = with_ids(definition["blocks"])
    core.workspace.views.update(view, definition, blocks, str(args.get("hash") or ""))
    return _shown(core, "views.update", view)


def publish_view(core: Core, args: Json) -> Json:
    """views.publish: sets a person's Home tab."""
    definition = _definition(args, HOME)
    user = str(args.get("user_id") or "")
    if core.workspace.person(user).deleted:
        raise RefusalError("not_enabled")
    blocks = with_ids(definition["blocks"])
    view = core.workspace.views.publish(user, definition, blocks, str(args.get("hash") or ""))
    return _shown(core, "views.publish", view)


def _definition(args: Json, kind: str | None = None) -> Json:
    raw = args.get("view")
    if isinstance(raw, str):
        try:
            raw = json.loads(raw)
        except ValueError as error:
            raise RefusalError("invalid_arguments", ["[ERROR] not JSON [json-pointer:/view]"]) from error
    definition = checked_view(raw)
    if kind and definition["type"] != kind:
        raise RefusalError(
            "invalid_arguments", [f"[ERROR] unsupported type: {definition['type']} [json-pointer:/view/type]"]
        )
    return definition


def _shown(core: Core, method: str, view: View) -> Json:
    shown = core.workspace.views.to_json(view)
    core.journal.said(method, view.user, view=shown, blocks=view.blocks)
    return {"view": shown}
