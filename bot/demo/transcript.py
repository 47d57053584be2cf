"""Writes what was said and done as JSON lines."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from bot.sandbox.people import SandboxPerson

KINDS = {"next": "scheduled"}
"""What a kind is called where the first word of its keys says less."""


class Transcript:
    """One line per journal entry: of the bot ``to`` somebody, or of somebody's act (``by``).

    A line of the bot's has ``kind`` and ``key``: what it is about, the same for a message and all its later wordings.
    A line of an act has ``about``: the key of the message or the form that it was done in.
    """

    def __init__(self, file: TextIO, people: dict[str, SandboxPerson]) -> None:
        self._file = file
        self._people = people
        self._keys: dict[tuple[str, str], str] = {}

    def write(self, entry: dict[str, Any]) -> None:
        """Write an entry with the local time of the person it's about."""
        person = self._people[entry.get("to") or entry["by"]]
        at = datetime.fromisoformat(entry["at"])
        line = {"at": entry["at"], "local": f"{at.astimezone(ZoneInfo(person.tz)).isoformat()}[{person.tz}]"}
        line |= self._act(person, entry) if "by" in entry else self._said(person, entry)
        self._file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")

    def _said(self, person: SandboxPerson, entry: dict[str, Any]) -> dict[str, Any]:
        key = self._key(entry)
        kind = key.partition(":")[0]
        view = entry.get("view") or {}
        said = entry.get("text") or (view.get("title") or {}).get("text") or " ".join(entry.get("errors", {}).values())
        return {
            "to": person.name,
            "method": entry["method"],
            "kind": KINDS.get(kind, kind),
            "key": key,
            "text": said,
            "blocks": entry.get("blocks") or view.get("blocks") or [],
        }

    def _act(self, person: SandboxPerson, entry: dict[str, Any]) -> dict[str, Any]:
        details = {name: value for name, value in entry.items() if name not in ("at", "by", "act")}
        return {"by": person.name, "act": entry["act"], "about": self._keys.get(_place(entry), ""), **details}

    def _key(self, entry: dict[str, Any]) -> str:
        """Return what an entry is about, never empty. Slack carries the key of our messages in their metadata."""
        place = _place(entry)
        payload = (entry.get("metadata") or {}).get("event_payload") or {}
        view = entry.get("view") or {}
        if payload.get("key"):
            self._keys[place] = payload["key"]
        elif view:
            name = view.get("callback_id") or view["type"]
            self._keys[place] = f"{name}:{view.get('private_metadata') or entry['to']}"
        elif "command" in entry:
            self._keys[place] = f"answer:{entry['command']}:{entry['to']}"
        return self._keys.setdefault(place, f"{entry['method']}:{place[1]}")


def _place(entry: dict[str, Any]) -> tuple[str, str]:
    """Return where an entry shows: on whose screen, and in which message or view."""
    view = entry.get("view") or {}
    return entry.get("to") or entry["by"], view.get("id") or entry.get("view_id") or entry.get("ts") or ""
