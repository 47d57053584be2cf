"""The checks that sharpen a month's priorities (specification, section 7.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.coaching.ground import Ground, GroundBook
from bot.coaching.losses import LossBook, LossPattern
from bot.coaching.pipeline_health import PipelineHealth, pipeline_health
from bot.coaching.playbook import Playbook
from bot.coaching.records import DealId, Records
from bot.coaching.verified_stage import Standing
from bot.coaching.weakest_stage import ConversionBook, WeakestStage


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


class EfficiencyBook:
    """The checks for everybody on a day, prepared once so that each rep's are cheap."""

    def __init__(
        self,
        book: GroundBook,
        records: Records,
        playbook: Playbook,
        entries: Mapping[tuple[DealId, int], date],
    ) -> None:
        """``entries`` are the first days in each stage (``StageBook.entries``)."""
        self._losses = LossBook(book, records, playbook)
        self._conversions = ConversionBook(book, entries, playbook)

    def of(self, ground: Ground, standings: Mapping[DealId, Standing]) -> Efficiency:
        """Return the checks of the ground's rep; ``standings`` are those of the open deals."""
        return Efficiency(
            self._losses.of(ground), pipeline_health(ground, standings), self._conversions.weakest(ground)
        )
