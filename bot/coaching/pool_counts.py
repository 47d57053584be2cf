"""Counts per rep of which a pool's are everybody's without the rep's own (specification, section 0.3)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Generic, TypeVar

from bot.coaching.ground import GroundBook
from bot.coaching.records import PersonId

Key = TypeVar("Key")


class PoolCounts(Generic[Key]):
    """How often each key was counted, so that a pool costs one subtraction."""

    def __init__(self, book: GroundBook) -> None:
        self._book = book
        self._own: dict[PersonId, Counter[Key]] = defaultdict(Counter)
        self._teams: dict[str, Counter[Key]] = defaultdict(Counter)
        self._all: Counter[Key] = Counter()

    def add(self, owner: PersonId, key: Key) -> None:
        self._own[owner][key] += 1
        self._teams[self._book.team_of(owner)][key] += 1
        self._all[key] += 1

    def own(self, rep: PersonId) -> Mapping[Key, int]:
        """Return the rep's counts."""
        return self._own.get(rep, Counter())

    def owners(self) -> tuple[PersonId, ...]:
        """Return everybody who has counts, in order of id."""
        return tuple(sorted(self._own))

    def pool(self, rep: PersonId, key: Key, *, is_team: bool) -> int:
        """Return the count of the rep's team without the rep, or of everybody else."""
        whole = self._teams.get(self._book.team_of(rep), Counter()) if is_team else self._all
        return whole[key] - self.own(rep).get(key, 0)
