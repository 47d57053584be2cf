"""Which column holds which field of a record."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from bot.coaching.records import Deal, PeriodGoal

_COLUMN_OF: dict[type[Any], dict[str, str]] = {
    Deal: {"start": "start_day", "close": "close_day"},
    PeriodGoal: {"start": "start_day", "end": "end_day"},
}
"""Where a column's name is not the field's: the others are the same."""


def columns_of(kind: type[Any]) -> list[tuple[str, str]]:
    """Return (field, column) for each field, in the order in which ``kind`` takes them."""
    other = _COLUMN_OF.get(kind, {})
    return [(field.name, other.get(field.name, field.name)) for field in fields(kind)]
