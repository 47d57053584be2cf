"""Counts per rep of which a pool's are everybody's without the rep's own (specification, section 0.3)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Generic, TypeVar

from bot.coaching.basis.ground_book import GroundBook
from bot.coaching.records import PersonId

Key = TypeVar("Key")


class PoolCounts(Generic[Key]):
    """How often each key was counted, so that a pool costs one subtraction. Everything is added before it is asked."""

    def __init__(self, book: GroundBook, everybody: Mapping[Key, int] | None = None) -> None:
        """``everybody`` are the ``totals`` of all, where the book's deals are those of some whole teams only."""
        self._book = book
        self._given = everybody
        self._own: dict[PersonId, Counter[Key]] = defaultdict(Counter)
        self._teams: dict[str, Counter[Key]] = {}

    def add(self, owner: PersonId, key: Key) -> None:
        self._own[owner][key] += 1

    @cached_property
    def totals(self) -> Counter[Key]:
        """The counts of all that was added."""
        return _sum(self._own.values())

    def own(self, rep: PersonId) -> Mapping[Key, int]:
        """Return the rep's counts."""
        known = self._own.get(rep)
        return {} if known is None else known

    def each(self) -> Iterable[Mapping[Key, int]]:
        """Return everybody's counts, of those who have any."""
        return self._own.values()

    def pool(self, rep: PersonId, key: Key, *, is_team: bool) -> int:
        """Return the count of the rep's team without the rep, or of everybody else."""
        if is_team:
            whole: Mapping[Key, int] = self._team(self._book.team_of(rep))
        else:
            whole = self.totals if self._given is None else self._given
        return whole.get(key, 0) - self.own(rep).get(key, 0)

    def _team(self, team: str) -> Counter[Key]:
        if team not in self._teams:
            self._teams[team] = _sum(self._own[member] for member in self._book.members_of(team) if member in self._own)
        return self._teams[team]


def _sum(counts: Iterable[Counter[Key]]) -> Counter[Key]:
    total: Counter[Key] = Counter()
    for each in counts:
        total.update(each)
    return total
