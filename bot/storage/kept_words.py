"""Texts that remember how they were made, in columns and JSON of texts.

Such a text is kept as its English, a mark, and its memory (``bot.coaching.said``): whoever looks into the database can
read it, and what has no memory, as everything people write, is kept as it is.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from bot.coaching.said import Said, recalled

MARK = "\x1e"
"""Separates records in ASCII; a text of people that holds one is kept with itself as its memory."""

Value = TypeVar("Value")


def kept(text: str) -> str:
    """Return what is to be stored of a text."""
    english = str.__str__(text)
    if not isinstance(text, Said) and MARK not in text:
        return english
    return f"{english}{MARK}{json.dumps(text.memory() if isinstance(text, Said) else english, ensure_ascii=False)}"


def read(stored: str) -> str:
    """Return the text that was stored; in English alone where its memory can't be read."""
    english, mark, memory = stored.rpartition(MARK)
    if not mark:
        return stored
    try:
        return recalled(json.loads(memory))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return english


class Words(TypeDecorator[str]):
    """A column of texts, some of which are ours and remember how they were made."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else kept(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else read(value)


def all_kept(value: Value) -> Value:
    """Return a domain value with each text as it is to be stored."""
    return cast("Value", _mapped(value, writing=True))


def all_read(value: Value) -> Value:
    """Return a domain value with each stored text as it was."""
    return cast("Value", _mapped(value, writing=False))


def _mapped(value: Any, *, writing: bool) -> Any:
    """Return ``value`` itself where nothing in it differs: most of what is kept has no memory."""
    if isinstance(value, str):
        differs = isinstance(value, Said) or MARK in value
        return (kept(value) if writing else read(value)) if differs else value
    if isinstance(value, tuple | list):
        mapped = [_mapped(one, writing=writing) for one in value]
        same = all(new is old for new, old in zip(mapped, value, strict=True))
        return value if same else type(value)(mapped)
    if isinstance(value, dict):
        return {key: _mapped(one, writing=writing) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        held = ((name, getattr(value, name)) for name in _fields(type(value)))
        changed = {name: new for name, old in held if (new := _mapped(old, writing=writing)) is not old}
        return replace(value, **changed) if changed else value
    return value


@cache
def _fields(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
