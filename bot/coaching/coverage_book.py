"""What live pipeline needs at the medium horizon, for each rep and on average (specification, section 4)."""

from __future__ import annotations

from functools import cached_property

from bot.coaching.basis.ground_book import GroundBook
from bot.coaching.pipeline import periods
from bot.coaching.pipeline.coverage_average import Fit, against_average, average_need
from bot.coaching.pipeline.outlook import Outlook, outlook
from bot.coaching.records import PersonId
from bot.coaching.winning.stage_curves import StageBook, on_stage_curves
from bot.coaching.winning.verified_stage import Standings


class CoverageBook:
    """Everybody's live pipeline on a day; the average is computed when it is first asked for."""

    def __init__(self, grounds: GroundBook, stages: StageBook, standings: Standings, *, is_whole: bool) -> None:
        """``is_whole`` says that the grounds are those of all; of some teams only there is no average."""
        self._grounds = grounds
        self._stages = stages
        self._standings = standings
        self._is_whole = is_whole
        self._ends = periods.horizons(grounds.as_of, grounds.settings)[1]

    def of(self, rep: PersonId) -> Outlook:
        """Return what one rep's open deals bring by the medium horizon. KeyError: no such person."""
        bare = self._grounds.of(rep)
        standings = {known.deal.id: self._standings.of(known.deal, bare.as_of) for known in bare.open_deals}
        curves = self._stages.curves(bare)
        ground = on_stage_curves(bare, curves, standings, self._standings.verifiers, self._standings.own)
        return outlook(ground, self._ends, bare.settings)

    @cached_property
    def average(self) -> float | None:
        """The live pipeline that a dollar of goal needs over all reps together, in "x"."""
        if not self._is_whole:
            return None
        return average_need(self.of(owner) for owner in self._grounds.with_pipeline())

    def fit(self, rep: PersonId) -> Fit | None:
        """Return what the average multiple would be for a rep; None where either is unknown."""
        return against_average(self.of(rep).need, self.average, self._grounds.settings)
