"""The values of the domain as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from bot.coaching.basis.win_curve import WinCurve

CURVE_DAYS = (7, 30, 60, 90, 120, 200)
"""Days after the start on which a curve is shown."""


def plain(value: Any) -> Any:
    """Return a value as dictionaries, lists, texts and numbers, none of them rounded.

    A frozen dataclass becomes its fields, a curve its values on ``CURVE_DAYS``, a day its ISO form, None null.
    Raises TypeError for what has no such form, so that nothing is ever shown by its address in memory.
    """
    if isinstance(value, WinCurve):
        return {"F": curve_values(value.F), "L": curve_values(value.L), "records": value.records}
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {_text(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float) else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, str):  # an enumeration's member too, which is shown by its value
        return str.__str__(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON.")


def curve_values(curve: Callable[[int], float]) -> dict[str, float]:
    """Return a cumulative share by day."""
    return {str(day): curve(day) for day in CURVE_DAYS}
