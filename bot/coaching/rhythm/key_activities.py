"""What a rep did: key activities, or deal events where nobody logs activities (specification, section 1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property

from bot.coaching.basis.cleaning import match_name
from bot.coaching.basis.rates import DAYS_PER_WEEK
from bot.coaching.records import Activity, Deal, DealId, PersonId, Records
from bot.coaching.settings import Settings

Dated = tuple[date, int]
"""A day and how many."""


class ActivityFeed:
    """Everybody's key activities and stage moves up to a day, indexed once so that each rep is cheap.

    ``key_types`` are the activity types marked key in the playbook; ``first`` is the first day any of them was
    logged in these records, and ``since`` that of everybody; None without a feed.
    """

    def __init__(
        self,
        records: Records,
        as_of: date,
        settings: Settings,
        key_types: frozenset[str],
        everybody_since: date | None = None,
    ) -> None:
        """``everybody_since`` is the ``first`` of all, where ``records`` are those of some only."""
        wanted = {kind for kind in key_types if match_name(kind, settings.bulk_types) is None}
        self._as_of = as_of
        self._history = records.stage_history
        self._activities: dict[PersonId, list[Activity]] = defaultdict(list)
        for activity in records.activities:
            if activity.type in wanted and activity.on <= as_of:
                self._activities[activity.rep].append(activity)
        self.first = min((one.on for known in self._activities.values() for one in known), default=None)
        self.since = self.first if everybody_since is None else everybody_since

    @cached_property
    def _moves(self) -> Mapping[DealId, set[tuple[date, str]]]:
        moves: dict[DealId, set[tuple[date, str]]] = defaultdict(set)
        for entry in self._history:
            if entry.entered <= self._as_of:
                moves[entry.deal].add((entry.entered, entry.stage))
        return moves

    def key_activities(self, rep: PersonId) -> tuple[Dated, ...]:
        """Return the rep's key activities by day, one per (type, contact, day).

        Without a contact nothing says which are the same, so each one logged counts.
        """
        per_day: dict[date, int] = defaultdict(int)
        seen: set[tuple[str, str, date]] = set()
        for activity in self._activities.get(rep, ()):
            key = (activity.type, activity.contact, activity.on)
            if not activity.contact:
                per_day[activity.on] += max(0, activity.count)
            elif activity.count > 0 and key not in seen:
                seen.add(key)
                per_day[activity.on] += 1
        return tuple(sorted(per_day.items()))

    def deal_events(self, deals: Iterable[Deal]) -> tuple[Dated, ...]:
        """Return starts, stage moves and closings by day; a move on the day of start or close is that same event."""
        per_day: dict[date, int] = defaultdict(int)
        for deal in deals:
            if deal.start is None:
                continue
            per_day[deal.start] += 1
            if deal.close is not None:
                per_day[deal.close] += 1
            for entered, _ in self._moves.get(deal.id, ()):
                if deal.start < entered and (deal.close is None or entered < deal.close):
                    per_day[entered] += 1
        return tuple(sorted(per_day.items()))


def per_week(dated: Iterable[Dated], as_of: date, settings: Settings) -> float:
    """Return the weekly mean of the last 56 days."""
    number = sum(many for day, many in dated if 0 <= (as_of - day).days < settings.key_activity_days)
    return number * DAYS_PER_WEEK / settings.key_activity_days
