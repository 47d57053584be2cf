"""Salesforce's query language, as far as we speak it: every value is written here, none is pasted in."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

AT_ONCE = 2_000
"""What a page holds at most."""


def text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def instant(at: datetime) -> str:
    """Return an instant to the millisecond, rounded down: without quotes, and in UTC whatever the user's zone is."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def day(on: date) -> str:
    return on.isoformat()


def listed(values: Collection[str]) -> str:
    return f"({', '.join(map(text, values))})"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a walk by ``SystemModstamp`` and id has come to; as a cursor it never dies, as Salesforce's own do."""

    at: str
    id: str

    def after(self) -> str:
        """Return the condition for what follows."""
        return f"(SystemModstamp > {self.at} OR (SystemModstamp = {self.at} AND Id > {text(self.id)}))"

    def cursor(self) -> str:
        return f"{self.at} {self.id}"

    @classmethod
    def read(cls, cursor: str) -> Place:
        """Raises ValueError for what isn't one."""
        at, _, identity = cursor.partition(" ")
        if not identity.isalnum():
            raise ValueError(cursor)
        return cls(instant(datetime.fromisoformat(at)), identity)


def walk_query(names: Iterable[str], table: str, *conditions: str) -> str:
    """Return the next page of a walk by SystemModstamp and id, which must be among ``names``."""
    where = " AND ".join(filter(None, conditions))
    filtered = f" WHERE {where}" if where else ""
    return f"SELECT {', '.join(names)} FROM {table}{filtered} ORDER BY SystemModstamp, Id LIMIT {AT_ONCE}"  # noqa: S608 - of our own words
