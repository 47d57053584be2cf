"""Column types whose values come back from both databases exactly as they went in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC as ZERO
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import JSON, CheckConstraint, DateTime, Dialect, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

Word = TypeVar("Word", bound=StrEnum)

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""JSON values; None is SQL NULL, never the JSON word null."""


class UTC(TypeDecorator[datetime]):
    """An instant: aware in Python whatever the zone, UTC in the database, aware and in UTC when read.

    Without it SQLite reads back naive and psycopg reads back in the session's zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        return _as_text if dialect.name == "sqlite" else _in_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:  # noqa: ARG002
        return _from_text if dialect.name == "sqlite" else _in_utc


_WITHOUT_ZONE = len("2026-03-02 09:00:00.000000")


def _in_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        msg = f"an instant needs a time zone, and {value!r} has none"
        raise ValueError(msg)
    return value.astimezone(ZERO)


def _as_text(value: datetime | None) -> str | None:
    """Return what SQLAlchemy writes for a naive instant, of always the same length: SQLite compares them as texts."""
    instant = value if value is not None and value.tzinfo is ZERO else _in_utc(value)
    return None if instant is None else instant.isoformat(" ", "microseconds")[:_WITHOUT_ZONE]


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=ZERO)


class OneOf(TypeDecorator[Word], Generic[Word]):
    """A member of a StrEnum, kept as its word; pair it with ``one_of`` so that the database refuses other words."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[Word]) -> None:
        super().__init__()
        self.words = words

    def bind_processor(self, dialect: Dialect) -> Callable[[Word | str | None], str | None]:  # noqa: ARG002
        words = self.words

        def to_text(value: Word | str | None) -> str | None:
            if value is None:
                return None
            # The member's own text: both its hash and its value are computed in Python, for each of many rows.
            return str.__str__(value if type(value) is words else words(value))

        return to_text

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Word | None]:  # noqa: ARG002
        words, known = self.words, {word.value: word for word in self.words}
        return lambda value: None if value is None else known.get(value) or words(value)


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """The check, named after its column, that ``column`` holds one of ``words``."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_is_known")
