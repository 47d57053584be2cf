"""Going from page to page until there is none, whatever a vendor answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from bot.coaching.said import say
from bot.coaching.wording import whole
from bot.services.source import Page
from bot.services.source_errors import Fault, SourceError

Record = TypeVar("Record")

MOST_PAGES = 200_000


async def walk(
    fetch: Callable[[str | None], Awaitable[Page[Record]]],
    start: str | None,
    place: str,
    *,
    most: int = MOST_PAGES,
) -> AsyncIterator[Page[Record]]:
    """Yield the pages from ``start`` (a cursor; None is the beginning) on.

    A cursor that comes back ends it with SourceError (Fault.ANSWER), and so do more than ``most`` pages. It is found by
    Brent's method, which remembers one cursor however many pages there are, so a circle is gone round a few times.
    """
    cursor, kept, steps, until = start, start, 0, 1
    for _ in range(most):
        page = await fetch(cursor)
        yield page
        if page.cursor is None:
            return
        if page.cursor in (kept, cursor):
            words = say(
                "{list} gave the same page again, so reading on would never end. A later try may do.", list=place
            )
            raise SourceError(Fault.ANSWER, words)
        cursor, steps = page.cursor, steps + 1
        if steps == until:
            kept, steps, until = cursor, 0, until * 2
    words = say(
        "{list} didn't end after {pages} pages, which can't be right. A later try may do.",
        list=place,
        pages=whole(most),
    )
    raise SourceError(Fault.ANSWER, words)
