"""How many new deals a rep's finding activities start (specification, sections 0.6 and 4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.coaching.achievable import Reach, reach
from bot.coaching.cleaning import match_name
from bot.coaching.playbook import ActivityKind, Playbook
from bot.coaching.rates import Rate, rate
from bot.coaching.records import Activity, Deal, PersonId, Records
from bot.coaching.settings import Settings

PLAYBOOK_RATE = "playbook's rate"
"""The flag of a rate that the company's model states and no record shows yet."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The activity by which a rep finds new deals, the one done most, and how often it starts one.

    ``rate`` is starts per finding activity of any kind; its value is None where nothing is known of it. ``usual`` is
    how many of ``activity`` were done in the last 28 days. ``reach`` is how many of all kinds fit a week (7.4), None
    without an activity feed.
    """

    activity: ActivityKind
    rate: Rate
    usual: int
    reach: Reach | None


class FindingBook:
    """Everybody's finding activities of a year, counted once so that each rep is cheap."""

    def __init__(
        self, records: Records, deals: Sequence[Deal], playbook: Playbook, as_of: date, settings: Settings
    ) -> None:
        """``deals`` are the cleaned opportunities of ``records`` (``GroundBook.opportunities``)."""
        self._as_of = as_of
        self._settings = settings
        self._kinds = tuple(kind for kind in playbook.activities if kind.finds)
        since = as_of - timedelta(days=settings.year_days)
        kind_of: dict[str, ActivityKind | None] = {}
        self._done: dict[PersonId, list[tuple[ActivityKind, Activity]]] = defaultdict(list)
        for activity in records.activities:
            if not since < activity.on <= as_of:
                continue
            if activity.type not in kind_of:
                kind_of[activity.type] = self._kind_of(activity.type)
            kind = kind_of[activity.type]
            if kind is not None:
                self._done[activity.rep].append((kind, activity))
        self._first = min((one.on for known in self._done.values() for _, one in known), default=None)
        self._starts: dict[PersonId, int] = defaultdict(int)
        for deal in deals:
            if self._first is not None and deal.start is not None and self._first <= deal.start <= as_of:
                self._starts[deal.owner] += 1
        self._counts = {rep: sum(one.count for _, one in known) for rep, known in self._done.items()}
        self._all_starts = sum(self._starts[rep] for rep in self._counts)
        self._all_counts = sum(self._counts.values())
        self._weeks = {rep: self._weekly(known) for rep, known in self._done.items()}
        usual = (weeks[-settings.usual_weeks :] for weeks in self._weeks.values())
        self._doing = tuple(sum(weeks) / len(weeks) for weeks in usual)

    def of(self, rep: PersonId) -> Finding | None:
        """Return how the rep finds deals; None where the playbook has no activity that does."""
        if not self._kinds:
            return None
        done = self._done.get(rep, [])
        per_kind: dict[str, int] = defaultdict(int)
        for kind, one in done:
            per_kind[kind.name] += one.count
        favourite = max(self._kinds, key=lambda kind: per_kind[kind.name])
        recent = self._as_of - timedelta(days=self._settings.usual_activity_days)
        return Finding(
            activity=favourite,
            rate=self._rate(rep, favourite),
            usual=sum(one.count for kind, one in done if kind is favourite and one.on > recent),
            reach=None if self._first is None else self._reach(rep),
        )

    def _reach(self, rep: PersonId) -> Reach:
        nothing = (0,) * self._settings.best_weeks_of
        return reach(self._weeks.get(rep, nothing), self._doing, self._settings)

    def _rate(self, rep: PersonId, favourite: ActivityKind) -> Rate:
        """Only who logs activities counts: starts of the others say nothing about what an activity brings."""
        own = self._counts.get(rep, 0)
        others = self._all_counts - own
        starts = self._starts[rep] if own else 0
        pool = (self._all_starts - starts) / others if others else None
        if pool:
            return rate(starts, own, pool, self._settings)
        found = rate(starts, own, favourite.per_start, self._settings)
        return Rate(found.value, found.successes, (*found.flags, PLAYBOOK_RATE)) if favourite.per_start else found

    def _weekly(self, done: Sequence[tuple[ActivityKind, Activity]]) -> tuple[int, ...]:
        weeks = [0] * self._settings.best_weeks_of
        for _, one in done:
            ago = (self._as_of - one.on).days // 7
            if ago < len(weeks):
                weeks[-1 - ago] += one.count
        return tuple(weeks)

    def _kind_of(self, logged: str) -> ActivityKind | None:
        return next((kind for kind in self._kinds if match_name(logged, (kind.name, *kind.types)) is not None), None)
