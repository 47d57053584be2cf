"""Pipedrive's instants, days and custom fields as ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from bot.services.source import Need, Problem
from bot.vendors.misread import no_day, no_instant
from bot.vendors.shape import Shape

T = TypeVar("T")

INNER = ("value", "label", "name")
"""Where the value stands that a compound field shows: money, an address, an option, a person."""


def instant(text: str) -> datetime:
    """Return an instant in UTC: "2026-05-15T09:55:02Z" of version 2 and "2026-05-15 09:55:02" of version 1.

    Raises ValueError for anything else.
    """
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def read(record: Shape, key: str, reader: Callable[[str], T], need: Need, problems: list[Problem]) -> T | None:
    """Return a value that stands as text; None where there is none, or where it can't be read: a problem then."""
    text = record.maybe_text(key)
    if not text:
        return None
    try:
        return reader(text)
    except ValueError:
        problems.append(Problem(need, record.identity("id"), key, _MISREAD[reader](text[:40])))
        return None


_MISREAD: Mapping[Callable[[str], Any], Callable[[str], str]] = {instant: no_instant, date.fromisoformat: no_day}


class CustomFields:
    """How the custom fields that were asked for are shown; ``labels`` are those of options, by field and option id."""

    def __init__(self, names: tuple[str, ...], labels: Mapping[tuple[str, str], str]) -> None:
        self.names = names
        self._labels = labels

    def shown(self, record: Shape) -> dict[str, str]:
        """Return the text shown for each field that has a value; of a field outside the custom ones, its own value."""
        custom = record.maybe_inner("custom_fields")
        held = {} if custom is None else custom.values()
        values = {name: held.get(name, record.values().get(name)) for name in self.names}
        return {name: text for name, value in values.items() if (text := self._text(name, value))}

    def _text(self, name: str, value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(filter(None, (self._text(name, one) for one in value)))
        if isinstance(value, dict):
            inner = next((value[key] for key in INNER if value.get(key) is not None), None)
            return " ".join(filter(None, (self._text(name, inner), str(value.get("currency") or ""))))
        if value is None or isinstance(value, bool):
            return "yes" if value else ""
        plain = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        return " ".join(self._labels.get((name, plain), plain).split())
