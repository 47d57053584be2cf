"""HubSpot's calls, meetings and e-mails as counts: who, what, which day, and nothing of what was said."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from bot.coaching.said import say
from bot.crm.hubspot.searching import Query, Reader, windows
from bot.crm.hubspot.values import Properties, milliseconds
from bot.services.source import ActivityCount, Days, Need, Page, Problem
from bot.services.source_errors import Fault, SourceError


@dataclass(frozen=True, slots=True)
class Kind:
    """An object of HubSpot's that is counted as ``type``, where the property ``state`` says it was completed.

    ``done`` has the values that say so; "" stands for one that was logged without.
    """

    object: str
    type: str
    state: str
    done: frozenset[str]
    also: tuple[str, str] = ("", "")


KINDS = (
    Kind("calls", "call", "hs_call_status", frozenset({"COMPLETED", ""})),
    Kind("meetings", "meeting", "hs_meeting_outcome", frozenset({"COMPLETED"})),
    Kind("emails", "email", "hs_email_status", frozenset({"SENT", ""}), also=("hs_email_direction", "EMAIL")),
)
"""Meetings that were held and not those that were booked; e-mails that were sent and not those that came."""


async def counted(
    reader: Reader, kind: Kind, days: Days, zones: Mapping[str, tzinfo]
) -> AsyncIterator[Page[ActivityCount]]:
    """Yield the counts of one kind on those days of each owner's own."""
    start, end = days.everywhere()
    before = {"propertyName": "hs_timestamp", "operator": "LT", "value": str(milliseconds(end))}
    properties = [name for name in ("hs_timestamp", "hubspot_owner_id", kind.state, kind.also[0]) if name]
    query = Query(kind.object, "hs_timestamp", milliseconds(start), properties, (before,))
    border: tuple[datetime | None, frozenset[str]] = (None, frozenset())
    async for found in windows(reader, query):
        problems: list[Problem] = []
        done: dict[str, tuple[str, date]] = {}
        for record in found.records:
            said = Properties(record, Need.ACTIVITIES, problems)
            at = said.instant("hs_timestamp")
            if at is None or (at == border[0] and said.id in border[1]):
                continue
            border = (at, border[1] | {said.id} if at == border[0] else frozenset({said.id}))
            owner = said.text("hubspot_owner_id")
            day = at.astimezone(zones.get(owner, UTC)).date()
            if owner and days.first <= day <= days.last and _is_done(said, kind):
                done[said.id] = owner, day
        about = await _deals(reader, kind, list(done), problems)
        counts = Counter((owner, day, about.get(identity, "")) for identity, (owner, day) in done.items())
        records = [ActivityCount(owner, kind.type, day, count, deal) for (owner, day, deal), count in counts.items()]
        yield Page(tuple(records), found.cursor, tuple(problems))


async def _deals(reader: Reader, kind: Kind, ids: Sequence[str], problems: list[Problem]) -> Mapping[str, str]:
    """Return the deal of each activity that is about one. Where that may not be read they are counted without."""
    if not ids:
        return {}
    try:
        return await reader.deals_of(kind.object, ids)
    except SourceError as error:
        if error.fault not in (Fault.SCOPE, Fault.NOT_THERE):
            raise
        words = say("counted without their deals: {why}", why=str(error))
        problems.append(Problem(Need.ACTIVITIES, kind.object, "deals", words))
        return {}


def _is_done(said: Properties, kind: Kind) -> bool:
    name, value = kind.also
    return said.text(kind.state).upper() in kind.done and (not name or said.text(name) == value)
