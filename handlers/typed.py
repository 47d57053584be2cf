"""What people typed, as every database keeps it and every reader gets it back."""

from __future__ import annotations

import re
from typing import Any

UNKEPT = re.compile("[\x00\ud800-\udfff]")
"""Halves of characters, which are no text, and the one character that PostgreSQL doesn't keep."""

STAND_IN = "\N{REPLACEMENT CHARACTER}"


def make_readable(body: dict[str, Any]) -> None:
    """Put a sign in place of what can't be kept in a command's words or a form's fields.

    Kept as it came, in JSON, it could be written and never be read again.
    """
    if isinstance(body.get("text"), str):
        body["text"] = UNKEPT.sub(STAND_IN, body["text"])
    form = body.get("view")
    if isinstance(form, dict) and "state" in form:
        form["state"] = _readable(form["state"])


def _readable(node: Any) -> Any:
    if isinstance(node, str):
        return UNKEPT.sub(STAND_IN, node)
    if isinstance(node, dict):
        return {name: _readable(inner) for name, inner in node.items()}
    return [_readable(inner) for inner in node] if isinstance(node, list) else node
