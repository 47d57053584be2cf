"""Pipedrive's activities as counts: who, what, which day, and nothing of what was said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, date, tzinfo

from bot.crm.pipedrive.values import instant, read
from bot.services.source import ActivityCount, Days, Need, Page, Problem
from bot.vendors.shape import Shape


def counted(
    records: Collection[Shape], cursor: str | None, days: Days, zones: Mapping[str, tzinfo]
) -> Page[ActivityCount]:
    """Return what was marked as done on those days of each owner's own, by Pipedrive's word for its type."""
    problems: list[Problem] = []
    counts: Counter[tuple[str, str, date, str]] = Counter()
    for one in records:
        at = read(one, "marked_as_done_time", instant, Need.ACTIVITIES, problems)
        owner = one.maybe_identity("owner_id")
        if at is None or not owner or not one.flag("done") or one.flag("is_deleted"):
            continue
        day = at.astimezone(zones.get(owner, UTC)).date()
        if days.first <= day <= days.last:
            counts[owner, one.text("type"), day, one.maybe_identity("deal_id")] += 1
    found = [ActivityCount(owner, kind, day, many, deal) for (owner, kind, day, deal), many in counts.items()]
    return Page(tuple(found), cursor, tuple(problems))
