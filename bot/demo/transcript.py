"""Writes what was said and done as JSON lines."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from bot.sandbox.people import SandboxPerson

KINDS = {"next": "scheduled", "home": "home"}


class Transcript:
    """One line per journal entry: of the bot ``to`` somebody, or of somebody's act (``by``)."""

    def __init__(self, file: TextIO, people: dict[str, SandboxPerson]) -> None:
        self._file = file
        self._people = people
        self._keys: dict[tuple[str, str], str] = {}

    def write(self, entry: dict[str, Any]) -> None:
        """Write an entry with the local time of the person it's about."""
        person = self._people[entry.get("to") or entry["by"]]
        at = datetime.fromisoformat(entry["at"])
        line = {"at": entry["at"], "local": f"{at.astimezone(ZoneInfo(person.tz)).isoformat()}[{person.tz}]"}
        if "by" in entry:
            line |= {"by": person.name, **{k: v for k, v in entry.items() if k not in ("at", "by")}}
        else:
            key = self._key(entry)
            prefix = key.partition(":")[0]
            line |= {
                "to": person.name,
                "method": entry["method"],
                "kind": KINDS.get(prefix, prefix) or entry["method"],
                "key": key,
                "text": entry.get("text", ""),
                "blocks": entry.get("blocks") or (entry.get("view") or {}).get("blocks") or [],
            }
        self._file.write(json.dumps(line, default=str) + "\n")

    def _key(self, entry: dict[str, Any]) -> str:
        """Return our key of a message, which Slack carries in its metadata; an update keeps its message's."""
        place = (entry["to"], entry.get("ts") or "")
        payload = (entry.get("metadata") or {}).get("event_payload") or {}
        if payload.get("key"):
            self._keys[place] = payload["key"]
        return self._keys.get(place, "")
