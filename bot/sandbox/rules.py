"""The words in which limits are written: what a value in a block may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

MESSAGE, MODAL, HOME = "message", "modal", "home"
EVERYWHERE = frozenset({MESSAGE, MODAL, HOME})


@dataclass(frozen=True, slots=True)
class Str:
    """A string of 1 to ``max`` characters."""

    max: int
    required: bool = False
    min: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A text object of 1 to ``max`` characters; a plain one only, unless ``mrkdwn``."""

    max: int
    required: bool = False
    mrkdwn: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    required: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    required: bool = False
    min: int = 0
    max: int = 1_000_000_000_000


@dataclass(frozen=True, slots=True)
class OneOf:
    values: frozenset[str]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Anything:
    """A part whose inside is not checked."""

    required: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """An object whose ``type`` is one of ``types`` and is looked up in the table of elements or blocks."""

    types: frozenset[str]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """An object with these fields and no others; at least one of ``any_of``, at most one of ``not_both``."""

    fields: Mapping[str, Rule]
    required: bool = False
    any_of: tuple[str, ...] = ()
    not_both: tuple[str, ...] = ()
    surfaces: frozenset[str] = EVERYWHERE


@dataclass(frozen=True, slots=True)
class Listed:
    item: Rule
    at_most: int
    at_least: int = 1
    required: bool = False


Rule: TypeAlias = Str | Text | Flag | Number | OneOf | Anything | Typed | Record | Listed
