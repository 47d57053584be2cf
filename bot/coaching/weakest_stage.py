"""The stage at which a rep loses the most dollars against deals like the rep's own (specification, section 7.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.coaching import win_rate
from bot.coaching.ground import Ground, GroundBook
from bot.coaching.playbook import Playbook
from bot.coaching.pool_counts import PoolCounts
from bot.coaching.records import Deal, DealId, DealStatus
from bot.coaching.wording import money

Event = Literal["decided", "passed", "closed after", "won after"]


@dataclass(frozen=True, slots=True)
class WeakestStage:
    """``passed`` of the rep's ``decided`` deals went on from a stage (``position`` from 1) in a year.

    ``conversion`` is shrunk towards the ``pool`` 's; ``dollars`` a year is what the difference costs.
    """

    position: int
    stage: str
    decided: int
    passed: int
    conversion: float
    pool: float
    dollars: float
    sentence: str


class ConversionBook:
    """A year's conversions between stages, counted once so that each rep's are cheap.

    A deal is decided at a stage once it got further, was won or was lost there. One that fell back counts by the
    furthest stage it reached.
    """

    def __init__(self, book: GroundBook, entries: Mapping[tuple[DealId, int], date], playbook: Playbook) -> None:
        """``entries`` are the first days in each stage (``StageBook.entries``); without any nothing is claimed."""
        self._settings = settings = book.settings
        self._stages = playbook.stages
        self._counts: PoolCounts[tuple[int, Event]] = PoolCounts(book)
        self._weights: dict[int, float] = {}
        known = {deal.id: deal for deal in book.opportunities}
        furthest: dict[DealId, int] = {}
        for deal_id, position in entries:
            furthest[deal_id] = max(position, furthest.get(deal_id, 0))
        for (deal_id, position), entered in entries.items():
            deal = known.get(deal_id)
            if deal is not None and 0 <= (book.as_of - entered).days < settings.year_days:
                for event in _events(deal, is_past=furthest[deal_id] > position):
                    self._counts.add(deal.owner, (position, event))

    def weakest(self, ground: Ground) -> WeakestStage | None:
        """Return the stage that costs the rep most; None where none does or too little is known.

        It takes 5 own decided deals, and 30 in the pool.
        """
        found = [self._stage(ground, position) for position in range(1, len(self._stages) + 1)]
        known = [stage for stage in found if stage is not None and stage.dollars > 0]
        return max(known, key=lambda stage: (stage.dollars, -stage.position), default=None)

    def _stage(self, ground: Ground, position: int) -> WeakestStage | None:
        rep, settings = ground.rep.id, self._settings
        own = self._counts.own(rep)
        decided, passed = own.get((position, "decided"), 0), own.get((position, "passed"), 0)
        is_team = ground.pool.is_team and self._pool(ground, position, "decided", is_team=True) >= self._least
        in_pool = self._pool(ground, position, "decided", is_team=is_team)
        if decided < settings.loss_min or in_pool < self._least:
            return None
        pool = self._pool(ground, position, "passed", is_team=is_team) / in_pool
        conversion = win_rate.shrunk_win_rate(passed, decided, self._weight(position), pool, settings).value
        after = self._pool(ground, position, "closed after", is_team=is_team)
        if not after:
            return None
        won_after = win_rate.shrunk_win_rate(
            own.get((position, "won after"), 0),
            own.get((position, "closed after"), 0),
            ground.m,
            self._pool(ground, position, "won after", is_team=is_team) / after,
            settings,
        ).value
        dollars = decided * max(0.0, pool - conversion) * won_after * ground.deal_size
        name = self._stages[position - 1].name
        sentence = (
            f"{name} is where most can be won back: {passed} of your {decided} deals went on from there, fewer than of "
            f"deals like yours, and closing that gap is worth about {money(dollars, settings.currency)} a year."
        )
        return WeakestStage(position, name, decided, passed, conversion, pool, dollars, sentence)

    @property
    def _least(self) -> int:
        return self._settings.stage_curve_min_entries

    def _pool(self, ground: Ground, position: int, event: Event, *, is_team: bool) -> int:
        return self._counts.pool(ground.rep.id, (position, event), is_team=is_team)

    def _weight(self, position: int) -> float:
        """Return m of 0.3, estimated for this stage from everybody's conversions."""
        if position not in self._weights:
            everybody = [self._counts.own(owner) for owner in self._counts.owners()]
            self._weights[position] = win_rate.prior_weight(
                [counts.get((position, "passed"), 0) for counts in everybody],
                [counts.get((position, "decided"), 0) for counts in everybody],
                self._settings,
            )
        return self._weights[position]


def _events(deal: Deal, *, is_past: bool) -> tuple[Event, ...]:
    """Return what became of a deal at a stage it entered; nothing while it is still open there."""
    if deal.status is DealStatus.WON:
        return ("decided", "passed", "closed after", "won after")
    if is_past:
        return ("decided", "passed", "closed after") if deal.status is DealStatus.LOST else ("decided", "passed")
    return ("decided",) if deal.status is DealStatus.LOST else ()
