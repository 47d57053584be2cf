"""The stage at which a rep loses the most dollars against deals like the rep's own (specification, section 7.2)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from bot.coaching.basis import win_rate
from bot.coaching.basis.ground import Ground
from bot.coaching.basis.ground_book import GroundBook
from bot.coaching.basis.pool_counts import PoolCounts
from bot.coaching.playbook import Playbook
from bot.coaching.records import Deal, DealId, DealStatus
from bot.coaching.said import say
from bot.coaching.wording import money

DIGITS = 9

Event = Literal["decided", "passed", "closed after", "won after"]
Fate = Literal["won", "lost later", "went on", "lost here"]
FateKey = tuple[int, Fate]

FATES: dict[Event, tuple[Fate, ...]] = {  # no words: keys
    "decided": ("won", "lost later", "went on", "lost here"),
    "passed": ("won", "lost later", "went on"),
    "closed after": ("won", "lost later"),
    "won after": ("won",),
}
"""What became of the deals that an event counts."""


class Conversions:
    """What became of everybody's deals at each stage (its position from 1), and how much reps differ in it."""

    def __init__(self) -> None:
        self.counts: Counter[FateKey] = Counter()
        self.credibility: defaultdict[int, win_rate.Credibility] = defaultdict(win_rate.Credibility)

    def add(self, other: Conversions) -> None:
        self.counts.update(other.counts)
        for position, told in other.credibility.items():
            self.credibility[position].add_all(told)


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

    def __init__(
        self,
        book: GroundBook,
        entries: Mapping[tuple[DealId, int], date],
        playbook: Playbook,
        everybody: Conversions | None = None,
    ) -> None:
        """``entries`` are the first days in each stage (``StageBook.entries``); without any nothing is claimed.

        ``everybody`` are the ``totals`` of all, where the book's deals are those of some whole teams only.
        """
        self._settings = settings = book.settings
        self._stages = playbook.stages
        self._counts: PoolCounts[FateKey] = PoolCounts(book, None if everybody is None else everybody.counts)
        self._given = everybody
        self._weights: dict[int, float] = {}
        known = {deal.id: deal for deal in book.opportunities}
        furthest: dict[DealId, int] = {}
        for deal_id, position in entries:
            furthest[deal_id] = max(position, furthest.get(deal_id, 0))
        since = book.as_of - timedelta(days=settings.year_days)
        for (deal_id, position), entered in entries.items():
            deal = known.get(deal_id)
            if deal is not None and since < entered <= book.as_of:
                fate = _fate(deal, is_past=furthest[deal_id] > position)
                if fate is not None:
                    self._counts.add(deal.owner, (position, fate))

    @cached_property
    def totals(self) -> Conversions:
        """What became of all the deals, by stage."""
        everybody = Conversions()
        everybody.counts.update(self._counts.totals)
        for position in range(1, len(self._stages) + 1):
            passed = [_number(own, position, "passed") for own in self._counts.each()]
            decided = [_number(own, position, "decided") for own in self._counts.each()]
            everybody.credibility[position].add(passed, decided)
        return everybody

    def weakest(self, ground: Ground) -> WeakestStage | None:
        """Return the stage that costs the rep most; None where too little is known.

        It takes 5 own decided deals, and 30 in the pool. A stage that costs less than one typical deal a year is none:
        a rep can't act on part of a deal.
        """
        found = [self._stage(ground, position) for position in range(1, len(self._stages) + 1)]
        known = [stage for stage in found if stage is not None and _is_a_deal(stage.dollars, ground)]
        return max(known, key=lambda stage: (stage.dollars, -stage.position), default=None)

    def _stage(self, ground: Ground, position: int) -> WeakestStage | None:
        rep, settings = ground.rep.id, self._settings
        own = self._counts.own(rep)
        decided, passed = _number(own, position, "decided"), _number(own, position, "passed")
        is_team = ground.pool.is_team and self._pool(ground, position, "decided", is_team=True) >= self._least
        in_pool = self._pool(ground, position, "decided", is_team=is_team)
        if decided < settings.loss_min or in_pool < self._least:
            return None
        pool = self._pool(ground, position, "passed", is_team=is_team) / in_pool
        conversion = win_rate.shrunk_win_rate(passed, decided, self._weight(position), pool, settings).value
        after = self._pool(ground, position, "closed after", is_team=is_team)  # no words: a key
        if not after:
            return None
        won_after = win_rate.shrunk_win_rate(  # no words: keys
            _number(own, position, "won after"),
            _number(own, position, "closed after"),
            ground.m,
            self._pool(ground, position, "won after", is_team=is_team) / after,
            settings,
        ).value
        dollars = decided * max(0.0, pool - conversion) * won_after * ground.deal_size
        name = self._stages[position - 1].name
        sentence = say(
            "{stage} is where most can be won back: {passed} of your {decided} deals went on from there, fewer than of "
            "deals like yours, and closing that gap is worth about {worth} a year.",
            stage=name,
            passed=passed,
            decided=decided,
            worth=money(dollars, settings.currency),
        )
        return WeakestStage(position, name, decided, passed, conversion, pool, dollars, sentence)

    @property
    def _least(self) -> int:
        return self._settings.stage_curve_min_entries

    def _pool(self, ground: Ground, position: int, event: Event, *, is_team: bool) -> int:
        return sum(self._counts.pool(ground.rep.id, (position, fate), is_team=is_team) for fate in FATES[event])

    def _weight(self, position: int) -> float:
        """Return m of 0.3, estimated for this stage from everybody's conversions."""
        if position not in self._weights:
            everybody = self.totals if self._given is None else self._given
            self._weights[position] = everybody.credibility[position].prior_weight(self._settings)
        return self._weights[position]


def _is_a_deal(dollars: float, ground: Ground) -> bool:
    """Return whether dollars make a typical deal; one on paper doesn't become less by the computer's last digit."""
    return ground.deal_size > 0 and round(dollars / ground.deal_size, DIGITS) >= 1


def _number(counts: Mapping[FateKey, int], position: int, event: Event) -> int:
    return sum(counts.get((position, fate), 0) for fate in FATES[event])


def _fate(deal: Deal, *, is_past: bool) -> Fate | None:
    """Return what became of a deal at a stage it entered; None while it is still open there."""
    if deal.status is DealStatus.WON:
        return "won"
    if is_past:
        return "lost later" if deal.status is DealStatus.LOST else "went on"  # no words: keys
    return "lost here" if deal.status is DealStatus.LOST else None  # no words: a key
