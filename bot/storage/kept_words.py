"""Texts that remember how they were made, in columns and JSON of texts.

Such a text is kept as its English, a mark, and its memory (``bot.coaching.said``): whoever looks into the database can
read it, and what has no memory, as everything people write, is kept as it is.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from operator import is_
from typing import Any, Literal, Self, TypeVar, cast, get_args, get_origin, get_type_hints

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from bot.coaching.said import Said, recalled

MARK = "\x1e"
"""Separates records in ASCII; a text of people that holds one is kept with itself as its memory."""

Value = TypeVar("Value")

_WORDLESS: frozenset[type[Any]] = frozenset({int, float, bool, type(None), date, datetime, time})
"""Types of which nothing is a text; most of what is kept is of these."""


class Kept(Said):
    """A text from the database: its memory stays JSON until somebody asks, which who reads English never does."""

    __slots__ = ("stored",)
    stored: str

    def __new__(cls, english: str, stored: str) -> Self:
        self = super().__new__(cls, english)
        self.stored = stored
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return str.__str__(self), self.stored

    def memory(self) -> dict[str, Any]:
        held: dict[str, Any] = json.loads(self.stored)
        return held

    def recall(self) -> str:
        try:
            return recalled(self.memory())
        except (ValueError, KeyError, IndexError, TypeError, AttributeError):
            return str.__str__(self)


def kept(text: str) -> str:
    """Return what is to be stored of a text."""
    if type(text) is str and MARK not in text:
        return text
    english = str.__str__(text)
    if isinstance(text, Kept):
        return f"{english}{MARK}{text.stored}"
    if not isinstance(text, Said) and MARK not in english:
        return english
    return f"{english}{MARK}{json.dumps(text.memory() if isinstance(text, Said) else english, ensure_ascii=False)}"


def read(stored: str) -> str:
    """Return the text that was stored; in English alone where its memory can't be read."""
    english, mark, memory = stored.rpartition(MARK)
    if not mark:
        return stored
    return Kept(english, memory) if memory.startswith("{") else _words_of_people(memory, english)


def _words_of_people(memory: str, english: str) -> str:
    try:
        return str(json.loads(memory))
    except ValueError:
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
    """Return a domain value, which was just made of what is stored, with each text as it was.

    Its fields change in place: nobody else has it yet, and to make it again takes longer than all the rest.
    """
    return cast("Value", _mapped(value, writing=False))


def _mapped(value: Any, *, writing: bool) -> Any:
    """Return ``value`` itself where nothing in it differs: most of what is kept has no memory. See ``all_read``."""
    if type(value) in _WORDLESS:
        return value
    if isinstance(value, str):
        differs = isinstance(value, Said) or MARK in value
        return (kept(value) if writing else read(value)) if differs else value
    if isinstance(value, (tuple, list)):
        mapped = [_mapped(one, writing=writing) for one in value]
        return value if all(map(is_, mapped, value)) else type(value)(mapped)
    if isinstance(value, dict):
        return {key: _mapped(one, writing=writing) for key, one in value.items()}
    changed = {}
    for name in _fields(cast("Any", type(value))):
        old = getattr(value, name)
        new = _mapped(old, writing=writing)
        if new is not old:
            changed[name] = new
    if writing:
        return replace(value, **changed) if changed else value
    for name, new in changed.items():
        object.__setattr__(value, name, new)
    return value


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    """Return the fields of a dataclass in which a text may be."""
    if not is_dataclass(kind):
        return ()
    hints = get_type_hints(kind)
    return tuple(field.name for field in fields(kind) if _may_hold_text(hints[field.name]))


def _may_hold_text(hint: Any) -> bool:
    if get_origin(hint) is Literal:
        return False
    if isinstance(hint, type) and (hint in _WORDLESS or issubclass(hint, Enum)):
        return False
    parts = [part for part in get_args(hint) if part is not Ellipsis]
    return any(map(_may_hold_text, parts)) if parts else True
