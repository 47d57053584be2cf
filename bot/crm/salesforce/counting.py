"""Salesforce's calls, e-mails and meetings as counts: who, what, which day, and nothing of what was said."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from bot.crm.salesforce import soql
from bot.crm.salesforce.records import instant
from bot.services.source import ActivityCount, Days, Need, Page, Problem
from bot.vendors.misread import no_instant
from bot.vendors.shape import Shape

AT_ONCE = 10_000
OPPORTUNITY = "006"
"""How the ids of deals begin."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A table of activities: ``at`` is its instant, ``word`` what all of them are, "" where ``subtype`` says it."""

    table: str
    at: str
    word: str
    subtype: str
    condition: str


KINDS = (  # no words: as Salesforce's queries have them
    Kind("Task", "CompletedDateTime", "", "TaskSubtype", "IsClosed = true AND IsDeleted = false"),
    Kind("Event", "StartDateTime", "meeting", "", "IsChild = false AND IsDeleted = false"),
)
"""Everybody invited to an event has a row of their own, the child rows: the owner's counts."""


def query(kind: Kind, days: Days, now: datetime) -> str:
    """Return what is asked for, wide enough for every zone; a meeting that is still to come isn't held yet."""
    start, end = days.everywhere()
    names = ", ".join(filter(None, ("Id", "OwnerId", kind.at, "WhatId", kind.subtype)))  # no words: fields
    between = f"{kind.at} >= {soql.instant(start)} AND {kind.at} < {soql.instant(min(end, now))}"
    asked = f"SELECT {names} FROM {kind.table}"  # noqa: S608 # no words: SOQL of our own words
    return f"{asked} WHERE {kind.condition} AND {between} ORDER BY {kind.at}, Id"  # no words: SOQL


async def counted(
    kind: Kind, records: AsyncIterator[Shape], days: Days, zones: Mapping[str, tzinfo]
) -> AsyncIterator[Page[ActivityCount]]:
    """Yield the counts on those days of each owner's own, some thousand activities at a time."""
    gathered: list[Shape] = []
    async for one in records:
        gathered.append(one)
        if len(gathered) == AT_ONCE:
            yield _page(kind, gathered, days, zones)
            gathered = []
    yield _page(kind, gathered, days, zones)


def _page(kind: Kind, records: Iterable[Shape], days: Days, zones: Mapping[str, tzinfo]) -> Page[ActivityCount]:
    problems: list[Problem] = []
    counts: Counter[tuple[str, str, date, str]] = Counter()
    for one in records:
        said, owner = one.maybe_text(kind.at), one.maybe_text("OwnerId")
        if not said or not owner:
            continue
        try:
            day = instant(said).astimezone(zones.get(owner, UTC)).date()
        except ValueError:
            problems.append(Problem(Need.ACTIVITIES, one.text("Id"), kind.at, no_instant(said[:40])))
            continue
        about = one.maybe_text("WhatId") or ""
        deal = about if about.startswith(OPPORTUNITY) else ""
        if days.first <= day <= days.last:
            counts[owner, kind.word or (one.maybe_text(kind.subtype) or "Task").lower(), day, deal] += 1
    found = [ActivityCount(owner, word, day, many, deal) for (owner, word, day, deal), many in counts.items()]
    return Page(tuple(found), None, tuple(problems))
