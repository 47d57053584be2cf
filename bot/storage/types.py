"""Column types whose values come back from both databases exactly as they went in."""

from __future__ import annotations

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

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"an instant needs a time zone, and {value!r} has none"
            raise ValueError(msg)
        instant = value.astimezone(ZERO)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=ZERO) if dialect.name == "sqlite" else value.astimezone(ZERO)


class OneOf(TypeDecorator[Word], Generic[Word]):
    """A member of a StrEnum, kept as its word; pair it with ``one_of`` so that the database refuses other words."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[Word]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Word | str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else self.words(value).value

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Word | None:  # noqa: ARG002
        return None if value is None else self.words(value)


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """The check, named after its column, that ``column`` holds one of ``words``."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_is_known")
