"""What a rep's numbers need to know of a whole organisation, in a size that doesn't depend on how many it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.coaching.basis.deal_counts import DealTotals
from bot.coaching.basis.win_curve import Counts
from bot.coaching.four_ps.efficiency import EfficiencyTotals
from bot.coaching.pipeline.finding import FindingTotals


@dataclass(frozen=True, slots=True, eq=False)
class Everybody:
    """The totals of all, part by part.

    ``stages`` are the outcomes by stage, ``activities_since`` is the first day anybody logged a key activity, None
    without a feed. ``has_verifiers`` says whether anybody ever recorded what a customer gave.
    """

    deals: DealTotals
    stages: Mapping[int, Counts]
    finding: FindingTotals
    activities_since: date | None
    efficiency: EfficiencyTotals
    has_verifiers: bool
