"""Notes what a database is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from bot.storage.store import Database

Asked = list[tuple[str, Any]]
"""Each statement with its parameters."""


@contextmanager
def asked_of(database: Database, about: str = "") -> Iterator[Asked]:
    """Give the list of what is asked of a database meanwhile, of statements with a word in them."""
    asked: Asked = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if about in statement:
            asked.append((statement, parameters))

    engine = database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
