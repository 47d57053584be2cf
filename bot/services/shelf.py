"""The imported records and what was computed from them, kept until they change."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.coaching.book import Book
from bot.coaching.numbers import numbers_of
from bot.coaching.playbook import Playbook
from bot.coaching.records import Records
from bot.coaching.settings import Settings
from bot.garbage import unsearched
from bot.services.ports import Store, Transaction

BOOKS_KEPT = 4
"""Days whose organisation-wide sums are kept: people in different zones are on two dates at a time."""

LARGE = 20_000
"""Records from which on nobody who clicks should wait until they are read and added up: that takes seconds."""

AHEAD = timedelta(hours=1)


class Shelf:
    def __init__(self, playbook: Playbook, settings: Settings, *, large: int = LARGE) -> None:
        self._playbook = playbook
        self._settings = settings
        self._large = large
        self._version: int | None = None
        self._records = Records()
        self._books: dict[date, Book] = {}

    async def prepare(self, store: Store, now: datetime) -> None:
        """Read what changed and open the books of today, wherever people are, before anybody asks for them.

        Nobody waits for it: it reads as of one instant while others write, and computes off the event loop. Only a
        large organisation has it done; a small one's records are read when they are needed, and so always the newest.
        """
        if self._version is not None and not self._is_large(self._records):
            return
        async with store.reading() as tx:
            version = await tx.facts.version()
            if version == self._version:
                records, books = self._records, dict(self._books)
            else:
                with unsearched():
                    records, books = await tx.facts.load(), {}
        unopened = [day for day in _days(records, now) if day not in books] if self._is_large(records) else []
        for day in unopened:
            with unsearched():
                books[day] = await asyncio.to_thread(_opened, records, self._playbook, day, self._settings)
        while len(books) > BOOKS_KEPT:
            books.pop(min(books))
        self._version, self._records, self._books = version, records, books

    async def book(self, tx: Transaction, as_of: date) -> Book:
        """Return the organisation as of a day.

        That of a large one may be without what came in since the last tick: who asks in Slack has three seconds.
        """
        if self._version is None or not self._is_large(self._records):
            version = await tx.facts.version()
            if version != self._version:
                self._records, self._books, self._version = await tx.facts.load(), {}, version
        records, books = self._records, self._books  # newer ones may come while these are added up
        book = books.get(as_of)
        if book is None:
            book = await asyncio.to_thread(_opened, records, self._playbook, as_of, self._settings)
            while len(books) >= BOOKS_KEPT:
                books.pop(next(iter(books)))
            books[as_of] = book
        return book

    def _is_large(self, records: Records) -> bool:
        return len(records.deals) + len(records.activities) + len(records.stage_history) > self._large


def _days(records: Records, now: datetime) -> list[date]:
    """Return the dates that people's calendars show, or will within the hour."""
    zones = {person.timezone for person in records.people if person.active}
    return sorted({moment.astimezone(zone).date() for zone in _known(zones) for moment in (now, now + AHEAD)})


def _known(names: Iterable[str]) -> Iterator[ZoneInfo]:
    """Yield the zones that this machine knows; whose isn't known is told of by the duties about that person."""
    for name in names:
        with suppress(ZoneInfoNotFoundError):
            yield ZoneInfo(name)


def _opened(records: Records, playbook: Playbook, as_of: date, settings: Settings) -> Book:
    """Return the book with what all reps share computed already, which else the first one's message would wait for."""
    book = Book(records, playbook, as_of, settings)
    for person in records.people[:1]:
        numbers_of(book, person)
    book.coverage.average, book.success  # noqa: B018 - kept once they have been asked for
    return book
