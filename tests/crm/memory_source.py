"""A source in memory that can be interrupted anywhere: what is held, page by page, in its own time."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import TypeVar

from bot.services.source import (
    Account,
    ActivityCount,
    Days,
    GoneDeal,
    Need,
    Page,
    SourceDeal,
    SourceField,
    SourceGoal,
    SourcePerson,
    SourceStage,
    StageMove,
)
from bot.services.source_errors import Fault, SourceError
from tests.crm.held import Held

Record = TypeVar("Record")


@dataclass
class MemorySource:
    """``steps`` is how many more pages it gives before it breaks down; None: it doesn't."""

    held: Held
    page: int = 2
    steps: int | None = None
    forbidden: set[Need] = field(default_factory=set)
    before_page: list = field(default_factory=list)
    name: str = "memory"
    title: str = "Memory CRM"
    needs: frozenset[Need] = frozenset(Need)
    history_batch: int = 3
    knows_starts: bool = False
    walks: list[datetime | None] = field(default_factory=list)

    async def account(self) -> Account:
        self._step(Need.PEOPLE)
        return self.held.account

    async def people(self) -> AsyncIterator[Page[SourcePerson]]:
        self._step(Need.PEOPLE)
        yield Page(tuple(self.held.people))

    async def stages(self) -> Page[SourceStage]:
        self._step(Need.STAGES)
        return Page(tuple(self.held.stages))

    async def deals(self, since: datetime | None, cursor: str | None) -> AsyncIterator[Page[SourceDeal]]:
        """Whole by id, and what changed by when it did; a cursor is where the next page begins."""
        self.walks.append(since)
        while True:
            for act in self.before_page[:1]:
                self.before_page.pop(0)
                act()
            self._step(Need.DEALS)
            ordered = sorted(
                ((self._key(one, since), one) for one in self.held.deals.values()), key=lambda pair: pair[0]
            )
            rest = [
                (key, one)
                for key, one in ordered
                if (since is None or one.modified >= since) and (cursor is None or key > cursor)
            ]
            found = rest[: self.page]
            cursor = found[-1][0] if len(rest) > self.page else None
            yield Page(tuple(one for _, one in found), cursor)
            if cursor is None:
                return

    def _key(self, one: SourceDeal, since: datetime | None) -> str:
        return f"{int(one.id):09}" if since is None else f"{one.modified.isoformat()} {int(one.id):09}"

    async def gone(self, since: datetime | None) -> AsyncIterator[Page[GoneDeal]]:
        self._step(Need.GONE)
        yield Page(tuple(GoneDeal(one, at) for one, at in self.held.gone.items() if since is None or at >= since))

    async def history(self, deals: Collection[str]) -> AsyncIterator[Page[StageMove]]:
        assert len(deals) <= self.history_batch
        self._step(Need.HISTORY)
        yield Page(tuple(move for move in self.held.moves if move.deal in deals))

    async def activities(self, days: Days, zones: Mapping[str, tzinfo]) -> AsyncIterator[Page[ActivityCount]]:
        counts: Counter = Counter()
        for one in self.held.did:
            day = one.at.astimezone(zones.get(one.owner, UTC)).date()
            if days.first <= day <= days.last:
                counts[one.owner, one.type, day] += 1
        for (owner, kind, day), count in counts.items():
            self._step(Need.ACTIVITIES)
            yield Page((ActivityCount(owner, kind, day, count),))

    async def goals(self, days: Days) -> AsyncIterator[Page[SourceGoal]]:
        self._step(Need.GOALS)
        yield Page(tuple(self.held.goals))

    async def fields(self) -> Sequence[SourceField]:
        return ()

    async def close(self) -> None:
        pass

    def _step(self, need: Need) -> None:
        if need in self.forbidden:
            raise SourceError(Fault.SCOPE, f"No scope for {need}.", scope="a.scope")
        if self.steps is not None:
            self.steps -= 1
            if self.steps < 0:
                raise SourceError(Fault.DOWN, "The memory is away.")
