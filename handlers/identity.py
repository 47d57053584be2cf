"""What tells one delivery from Slack apart from every other, also when it comes again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def identity(body: dict[str, Any]) -> str | None:
    """Return a key that stays the same when Slack delivers the same thing again; None where there is nothing to tell.

    Events have an id of their own. A click is who pressed what where and when, a command its trigger, which is used
    once. A form is its view in one revision and what was typed: who didn't see that it was taken, and goes on writing
    before sending it again, has sent another one.
    """
    if body.get("event_id"):
        return f"event:{body['event_id']}"
    if body.get("actions"):
        action, place = body["actions"][0], body.get("container") or {}
        where = place.get("message_ts") or place.get("view_id") or ""
        return f"click:{body['user']['id']}:{where}:{action.get('action_id', '')}:{action.get('action_ts', '')}"
    if body.get("view"):
        form = body["view"]
        return f"form:{form.get('id', '')}:{form.get('hash', '')}:{_typed(form)}"
    return f"command:{body['trigger_id']}" if body.get("trigger_id") else None


def _typed(form: Mapping[str, Any]) -> str:
    """Return a short mark that differs wherever anything in a form's fields does."""
    state = json.dumps(form.get("state"), sort_keys=True)
    return hashlib.blake2b(state.encode(), digest_size=12).hexdigest()
