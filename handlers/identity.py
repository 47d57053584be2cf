"""What tells one delivery from Slack apart from every other, also when it comes again."""

from __future__ import annotations

from typing import Any


def identity(body: dict[str, Any]) -> str | None:
    """Return a key that stays the same when Slack delivers the same thing again; None where there is nothing to tell.

    Events have an id of their own. A click is who pressed what where and when, a form its view in one revision, a
    command its trigger, which is used once.
    """
    if body.get("event_id"):
        return f"event:{body['event_id']}"
    if body.get("actions"):
        action, place = body["actions"][0], body.get("container") or {}
        where = place.get("message_ts") or place.get("view_id") or ""
        return f"click:{body['user']['id']}:{where}:{action.get('action_id', '')}:{action.get('action_ts', '')}"
    if body.get("view"):
        return f"form:{body['view'].get('id', '')}:{body['view'].get('hash', '')}"
    return f"command:{body['trigger_id']}" if body.get("trigger_id") else None
