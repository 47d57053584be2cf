"""The checks that sharpen a month's priorities (specification, section 7.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.coaching.basis.ground import Ground
from bot.coaching.basis.ground_book import GroundBook
from bot.coaching.four_ps.losses import LossBook, LossKey, LossPattern
from bot.coaching.four_ps.pipeline_health import PipelineHealth, pipeline_health
from bot.coaching.four_ps.weakest_stage import ConversionBook, Conversions, WeakestStage
from bot.coaching.records import DealId
from bot.coaching.winning.verified_stage import Standing, Standings


@dataclass(frozen=True, slots=True)
class Efficiency:
    """What stands out: nothing is an empty tuple or None."""

    losses: tuple[LossPattern, ...]
    health: PipelineHealth
    weakest_stage: WeakestStage | None

    @property
    def sentences(self) -> tuple[str, ...]:
        """One sentence for each thing that stands out, the one that is worth dollars first."""
        stage = () if self.weakest_stage is None else (self.weakest_stage.sentence,)
        return (*stage, *(pattern.sentence for pattern in self.losses), *self.health.findings)


@dataclass(frozen=True, slots=True, eq=False)
class EfficiencyTotals:
    """What an organisation's losses and conversions add up to."""

    losses: Counter[LossKey] = field(default_factory=Counter)
    conversions: Conversions = field(default_factory=Conversions)

    def add(self, other: EfficiencyTotals) -> None:
        self.losses.update(other.losses)
        self.conversions.add(other.conversions)


class EfficiencyBook:
    """The checks for everybody on a day, prepared once so that each rep's are cheap."""

    def __init__(
        self,
        book: GroundBook,
        standings: Standings,
        entries: Mapping[tuple[DealId, int], date],
        everybody: EfficiencyTotals | None = None,
    ) -> None:
        """``entries`` are the first days in each stage (``StageBook.entries``).

        ``everybody`` are the ``totals`` of all, where the book's deals are those of some whole teams only.
        """
        self._losses = LossBook(book, standings, None if everybody is None else everybody.losses)
        self._conversions = ConversionBook(
            book, entries, standings.playbook, None if everybody is None else everybody.conversions
        )

    @property
    def totals(self) -> EfficiencyTotals:
        return EfficiencyTotals(self._losses.totals, self._conversions.totals)

    def of(self, ground: Ground, standings: Mapping[DealId, Standing]) -> Efficiency:
        """Return the checks of the ground's rep; ``standings`` are those of the open deals."""
        return Efficiency(
            self._losses.of(ground), pipeline_health(ground, standings), self._conversions.weakest(ground)
        )
