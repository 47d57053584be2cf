"""How many new deals a rep's finding activities start (specification, sections 0.6 and 4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from bot.coaching.basis.cleaning import match_name
from bot.coaching.basis.rates import DAYS_PER_WEEK, Rate, rate
from bot.coaching.pipeline.achievable import FROM_ZERO_SHARE, Reach, reach
from bot.coaching.playbook import ActivityKind, Playbook
from bot.coaching.records import Activity, Deal, PersonId, Records
from bot.coaching.settings import Settings

PLAYBOOK_RATE = "playbook's rate"  # no words: a flag
"""The flag of a rate that the company's model states and no record shows yet."""

PAIR = 2


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


class FindingTotals:
    """What an organisation's finding activities and the starts of those who log them add up to.

    Its size doesn't depend on how many they are: starts are counted by day, because only those since the ``first``
    activity of anybody say what it brings, and usual weeks by how many activities they hold.
    """

    def __init__(self) -> None:
        self.first: date | None = None
        self.activities = 0
        self.usual: Counter[int] = Counter()
        self._starts: Counter[date] = Counter()

    def add(self, other: FindingTotals) -> None:
        self.first = min((day for day in (self.first, other.first) if day is not None), default=None)
        self.activities += other.activities
        self.usual.update(other.usual)
        self._starts.update(other._starts)

    def add_rep(self, first: date, activities: int, usual: int, starts: Iterable[date]) -> None:
        """Add somebody who logs activities: the first day, how many, those of the usual weeks, and days of starts."""
        self.first = first if self.first is None else min(first, self.first)
        self.activities += activities
        self.usual[usual] += 1
        self._starts.update(starts)

    @property
    def starts(self) -> int:
        return sum(number for day, number in self._starts.items() if self.first is not None and self.first <= day)


class FindingBook:
    """Everybody's finding activities of a year, counted once so that each rep is cheap."""

    def __init__(
        self,
        records: Records,
        deals: Sequence[Deal],
        playbook: Playbook,
        as_of: date,
        settings: Settings,
        everybody: FindingTotals | None = None,
    ) -> None:
        """``deals`` are the cleaned opportunities of ``records`` (``GroundBook.opportunities``).

        ``everybody`` are the ``totals`` of all, where ``records`` are those of some whole teams only.
        """
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
        self._counts = {rep: sum(one.count for _, one in known) for rep, known in self._done.items()}
        self._weeks = {rep: self._weekly(known) for rep, known in self._done.items()}
        self._starts: dict[PersonId, list[date]] = defaultdict(list)
        for deal in deals:
            if deal.owner in self._done and deal.start is not None and since < deal.start <= as_of:
                self._starts[deal.owner].append(deal.start)
        self._given = everybody

    @cached_property
    def totals(self) -> FindingTotals:
        """What these records add up to."""
        totals = FindingTotals()
        for rep, done in self._done.items():
            usual = sum(self._weeks[rep][-self._settings.usual_weeks :])
            totals.add_rep(min(one.on for _, one in done), self._counts[rep], usual, self._starts[rep])
        return totals

    @property
    def _everybody(self) -> FindingTotals:
        return self.totals if self._given is None else self._given

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
            reach=None if self._everybody.first is None else self._reach(rep),
        )

    def _reach(self, rep: PersonId) -> Reach:
        nothing = (0,) * self._settings.best_weeks_of
        return reach(self._weeks.get(rep, nothing), self._doing, self._settings)

    @cached_property
    def _doing(self) -> tuple[float, ...]:
        """What stands for everybody's usual weeks: of those who do it at all, the 25th percentile asked of them."""
        least = percentile({total: reps for total, reps in self._everybody.usual.items() if total}, FROM_ZERO_SHARE)
        weeks = min(self._settings.usual_weeks, self._settings.best_weeks_of)
        return () if least is None else (least / weeks,)

    @cached_property
    def _all_starts(self) -> int:
        return self._everybody.starts

    def _rate(self, rep: PersonId, favourite: ActivityKind) -> Rate:
        """Only who logs activities counts: starts of the others say nothing about what an activity brings."""
        own, first = self._counts.get(rep, 0), self._everybody.first
        others = self._everybody.activities - own
        starts = sum(first is not None and first <= day for day in self._starts.get(rep, ()))
        pool = (self._all_starts - starts) / others if others else None
        if pool:
            return rate(starts, own, pool, self._settings)
        found = rate(starts, own, favourite.per_start, self._settings)
        return Rate(found.value, found.successes, (*found.flags, PLAYBOOK_RATE)) if favourite.per_start else found

    def _weekly(self, done: Sequence[tuple[ActivityKind, Activity]]) -> tuple[int, ...]:
        weeks = [0] * self._settings.best_weeks_of
        for _, one in done:
            ago = (self._as_of - one.on).days // DAYS_PER_WEEK
            if ago < len(weeks):
                weeks[-1 - ago] += one.count
        return tuple(weeks)

    def _kind_of(self, logged: str) -> ActivityKind | None:
        return next((kind for kind in self._kinds if match_name(logged, (kind.name, *kind.types)) is not None), None)


def percentile(counts: Mapping[int, int], share: float) -> float | None:
    """Return the quantile of values that each come so many times; None without any.

    Between two neighbours it lies where ``np.quantile`` of all the values would.
    """
    place = (sum(counts.values()) - 1) * share
    if place < 0:
        return None
    passed = 0
    neighbours: list[int] = []
    for value in sorted(counts):
        passed += counts[value]
        while len(neighbours) < PAIR and passed > int(place) + len(neighbours):
            neighbours.append(value)
    return float(np.quantile(neighbours, place - int(place)))
