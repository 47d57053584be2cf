"""A list in pages, for sources that have everything at hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from bot.coaching.said import say
from bot.services.source import Page
from bot.services.source_errors import Fault, SourceError

Record = TypeVar("Record")


def paged(records: Sequence[Record], size: int, cursor: str | None = None) -> Iterator[Page[Record]]:
    """Yield the records ``size`` at a time, at least one page; a cursor is the place of the next one.

    Raises SourceError (Fault.CURSOR) for one that isn't a place in the list.
    """
    if cursor is not None and not (cursor.isdigit() and int(cursor) <= len(records)):
        words = say("The files are others than before: they are read from the beginning.")
        raise SourceError(Fault.CURSOR, words)
    start = int(cursor or 0)
    for at in range(start, max(len(records), start + 1), size):
        following = at + size
        yield Page(tuple(records[at:following]), str(following) if following < len(records) else None)
