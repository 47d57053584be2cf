"""HubSpot's search beyond its 10,000 results: windows that begin where the last one ended."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.coaching.said import say
from bot.crm.hubspot.values import milliseconds, needed_instant
from bot.services.source_errors import Fault, SourceError
from bot.vendors.shape import Shape

PAGE = 200
MOST_RESULTS = 10_000
"""A query that goes further is refused with 400."""
LONGEST_BODY = 3_000

Filter = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """What to search: records of ``kind`` by their instant ``order``, from ``start`` (milliseconds) on."""

    kind: str
    order: str
    start: int
    properties: Sequence[str]
    filters: Sequence[Filter] = ()

    def body(self, start: int, after: int, properties: Sequence[str]) -> dict[str, Any]:
        since = {"propertyName": self.order, "operator": "GTE", "value": str(start)}
        body: dict[str, Any] = {
            "filterGroups": [{"filters": [since, *self.filters]}],
            "sorts": [self.order],
            "properties": list(properties),
            "limit": PAGE,
        }
        return body | {"after": str(after)} if after else body


@dataclass(frozen=True, slots=True)
class Found:
    """Records in ascending order, and the cursor to what follows them."""

    records: tuple[Shape, ...]
    cursor: str | None


class Reader(Protocol):
    """Asks HubSpot; raises SourceError."""

    async def search(self, kind: str, body: Mapping[str, Any]) -> Shape: ...
    async def by_ids(self, ids: Sequence[str], properties: Sequence[str]) -> tuple[Shape, ...]: ...
    async def deals_of(self, kind: str, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the deal that each is about, of several the oldest; nothing of those about none."""


async def windows(reader: Reader, query: Query, cursor: str | None = None) -> AsyncIterator[Found]:
    """Yield all pages of a search, from a cursor on. A record at the border of two windows comes in both.

    Raises SourceError with Fault.CURSOR for a cursor that isn't ours and where more than 10,000 records have one and
    the same instant, which no window can divide: only reading all of them helps.
    """
    start, after = _place(query, cursor)
    while True:
        found, following = await _page(reader, query, start, after)
        if following is not None and following <= after:
            words = say("HubSpot's search of {kind} gave the same page again.", kind=query.kind)
            raise SourceError(Fault.ANSWER, words)
        if following is not None and following + PAGE > MOST_RESULTS and found:
            last = _instant_of(found[-1], query.order)
            if last <= start:
                words = say("HubSpot has too many records of one instant to search: all are read.")
                raise SourceError(Fault.CURSOR, words)
            start, following = last, 0
        yield Found(found, None if following is None else f"{start}:{following}")
        if following is None:
            return
        after = following


def _place(query: Query, cursor: str | None) -> tuple[int, int]:
    if cursor is None:
        return query.start, 0
    start, _, after = cursor.partition(":")
    if not (start.lstrip("-").isdigit() and after.isdigit()):
        words = say("The place where reading HubSpot stopped isn't known: it begins again.")
        raise SourceError(Fault.CURSOR, words)
    return int(start), int(after)


async def _page(reader: Reader, query: Query, start: int, after: int) -> tuple[tuple[Shape, ...], int | None]:
    body = query.body(start, after, query.properties)
    is_short = len(json.dumps(body)) <= LONGEST_BODY
    if not is_short:  # many mapped fields: search the ids only and read the rest by them
        body = query.body(start, after, [query.order])
    answer = await reader.search(query.kind, body)
    found = answer.objects("results")
    following = _following(answer)
    if not found or is_short:
        return found, following
    whole = {one.text("id"): one for one in await reader.by_ids([one.text("id") for one in found], query.properties)}
    return tuple(whole.get(one.text("id"), one) for one in found), following


def _following(answer: Shape) -> int | None:
    paging = answer.maybe_inner("paging")
    following = None if paging is None else paging.maybe_inner("next")
    if following is None:
        return None
    after = following.text("after")
    if not after.isdigit():
        raise SourceError(Fault.ANSWER, say("HubSpot's search says where to go on in a way we don't know."))
    return int(after)


def _instant_of(record: Shape, name: str) -> int:
    return milliseconds(needed_instant(record.inner("properties"), name))
