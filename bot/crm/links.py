"""What other rows refer to, found by what they call it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from bot.coaching.said import say
from bot.crm.csv_table import Row
from bot.crm.problems import quoted

T = TypeVar("T")


class Index(Generic[T]):
    """The records of one file by a key of theirs.

    A row with a problem has its record here too, so that the rows that refer to it aren't reported as well: the
    import is refused anyway. ``is_whole`` is False where the file couldn't be read: then nothing is missed.
    """

    def __init__(self, file: str, *, is_whole: bool) -> None:
        self._file = file
        self._is_whole = is_whole
        self._found: dict[str, T] = {}
        self._rows: dict[str, int] = {}

    def put(self, row: Row, column: str, key: str, record: T) -> None:
        """Keep the record; a key that another row has is a problem."""
        if key in self._found:
            fault = say(
                "{text} is in row {row} already: keep one of the two rows", text=quoted(key), row=self._rows[key]
            )
            row.refuse(column, fault)
            return
        self.replace(row, key, record)

    def replace(self, row: Row, key: str, record: T) -> None:
        self._found[key] = record
        self._rows[key] = row.number

    def records(self) -> Iterator[T]:
        return iter(self._found.values())

    def get(self, key: str) -> T | None:
        return self._found.get(key)

    def row_of(self, key: str) -> int:
        return self._rows[key]

    def find(self, row: Row, column: str, key: str | None) -> T | None:
        """Return what ``row`` refers to; None if it refers to nothing, or to what isn't there: a problem."""
        if key is None:
            return None
        record = self._found.get(key)
        if record is None and self._is_whole:
            fault = say("{text} isn't in {file}: add it there, or write one that is", text=quoted(key), file=self._file)
            row.refuse(column, fault)
        return record
