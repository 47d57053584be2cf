"""Asks a source for the least of each thing, and says what can be had."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from bot.coaching.said import joined
from bot.errors import CadenceError
from bot.services.source import Days, Need, Page, Source

INSTEAD = {  # no words: of the command line
    Need.GONE: "deals that are deleted are noticed once a day",
    Need.HISTORY: "stages count from the first sync on",
    Need.ACTIVITIES: "these activities are shown as not available, and reps count their own",
    Need.GOALS: "give goals with cadence import",
    Need.FIELDS: "no verifier can be mapped",
}
"""What is shown where something can't be had."""


@dataclass(frozen=True, slots=True)
class Had:
    """Whether one thing can be had. ``needed``: nothing works without it."""

    need: Need
    good: bool
    words: str
    needed: bool = False


async def check(source: Source) -> tuple[Had, ...]:
    """Return what can be had, in the source's words and ours where something can't.

    Raises CadenceError where it can't be reached at all, or refuses the credentials.
    """
    account = await source.account()
    today = account.now.date()
    days = Days(today - timedelta(days=1), today)
    deals: list[str] = []

    async def some_deals() -> str:
        page = await _first(source.deals(None, None))
        deals.extend(deal.id for deal in page.records[:1])
        return f"{len(page.records)} read to try"  # no words: of the command line

    asks: tuple[tuple[Need, Callable[[], Awaitable[str]]], ...] = (
        (Need.PEOPLE, lambda: _count(source.people())),
        (Need.STAGES, lambda: _stages(source)),
        (Need.DEALS, some_deals),
        (Need.GONE, lambda: _count(source.gone(account.now))),
        (Need.HISTORY, lambda: _count(source.history(deals)) if deals else _nothing()),
        (Need.ACTIVITIES, lambda: _all_kinds(source.activities(days, {"": UTC}))),
        (Need.GOALS, lambda: _count(source.goals(days))),
        (Need.FIELDS, lambda: _fields(source)),
    )
    return tuple([await _had(source, need, ask) for need, ask in asks])


async def _had(source: Source, need: Need, ask: Callable[[], Awaitable[str]]) -> Had:
    needed = need not in INSTEAD
    if need not in source.needs:
        return Had(  # no words: of the command line
            need, good=True, words=f"{source.title} has none: {INSTEAD.get(need, '')}"
        )
    try:
        return Had(need, good=True, words=await ask(), needed=needed)
    except (CadenceError, _PartlyError) as error:
        instead = "" if needed else f" Without it, {INSTEAD[need]}."  # no words: of the command line
        return Had(need, good=False, words=f"{error}{instead}", needed=needed)


class _PartlyError(Exception):
    """Some of a thing can be had, and ``str(error)`` says what can't."""


async def _all_kinds(pages: AsyncIterator[Page[Any]]) -> str:
    """Read all of two days, for each kind of activity may need a scope of its own."""
    lacking = [one.words async for page in pages for one in page.problems if not one.field]
    if lacking:
        raise _PartlyError(joined(lacking))
    return "can be read"  # no words: of the command line


async def _first(pages: AsyncIterator[Page[Any]]) -> Page[Any]:
    async for page in pages:
        return page
    return Page(())


async def _count(pages: AsyncIterator[Page[Any]]) -> str:
    page = await _first(pages)
    if not page.records and page.problems:
        return page.problems[0].words
    return "can be read"  # no words: of the command line


async def _stages(source: Source) -> str:
    return f"{len((await source.stages()).records)} read"


async def _fields(source: Source) -> str:
    return f"{len(await source.fields())} can be mapped"  # no words: of the command line


async def _nothing() -> str:
    return "nothing to try it on yet"  # no words: of the command line
