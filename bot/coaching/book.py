"""An organisation on a day: what is computed once, so that each rep's numbers are cheap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from datetime import date
from functools import cached_property

from bot.coaching.aspirations.run_rate import team_run_rate
from bot.coaching.basis.ground_book import GroundBook
from bot.coaching.coverage_book import CoverageBook
from bot.coaching.everybody import Everybody
from bot.coaching.four_ps.efficiency import EfficiencyBook
from bot.coaching.four_ps.predictions import PredictBook, Prediction
from bot.coaching.four_ps.success import Success, success
from bot.coaching.four_ps.team_blocks import BlockBook
from bot.coaching.pipeline.finding import FindingBook
from bot.coaching.playbook import Playbook
from bot.coaching.records import PeriodGoal, PersonId, Records
from bot.coaching.rhythm.cadence import trend_word
from bot.coaching.rhythm.cadence_inputs import CadenceInputs, inputs_for
from bot.coaching.rhythm.key_activities import ActivityFeed
from bot.coaching.rhythm.trend import TrendWord
from bot.coaching.settings import Settings
from bot.coaching.winning.stage_curves import StageBook
from bot.coaching.winning.verified_stage import Standings, own_people, verifiers_by_deal


class Book:
    """Everything shared, each part prepared when the day begins.

    ``key_types`` are the names under which records log the playbook's key activities; ``has_verifiers`` says whether
    anybody ever recorded what a customer gave.
    """

    def __init__(
        self,
        records: Records,
        playbook: Playbook,
        as_of: date,
        settings: Settings,
        everybody: Everybody | None = None,
        ours: Container[str] | None = None,
    ) -> None:
        """``everybody`` are the totals of all, where ``records`` are those of some whole teams only.

        ``ours`` are the names of all our own people as ``own_people`` has them, which it is without it.
        """
        self.records = records
        self.playbook = playbook
        self.as_of = as_of
        self.settings = settings
        self.key_types = frozenset(
            name for kind in playbook.activities if kind.key for name in (kind.types or (kind.name,))
        )
        self.grounds = GroundBook(records, as_of, settings, None if everybody is None else everybody.deals)
        deals = self.grounds.opportunities
        self.blocks = BlockBook(self.grounds)
        self.stages = StageBook(
            records, deals, playbook, as_of, settings, None if everybody is None else everybody.stages
        )
        self.finding = FindingBook(
            records, deals, playbook, as_of, settings, None if everybody is None else everybody.finding
        )
        self.feed = ActivityFeed(
            records, as_of, settings, self.key_types, None if everybody is None else everybody.activities_since
        )
        given = verifiers_by_deal(records)
        self.has_verifiers = bool(given) if everybody is None else everybody.has_verifiers
        self.standings = Standings(playbook, given, own_people(records) if ours is None else ours)
        self.efficiency = EfficiencyBook(
            self.grounds, self.standings, self.stages.entries, None if everybody is None else everybody.efficiency
        )
        self._is_whole = everybody is None
        self.coverage = CoverageBook(self.grounds, self.stages, self.standings, is_whole=everybody is None)
        self._predictions = PredictBook(
            records,
            deals,
            playbook,
            as_of,
            settings,
            self.stages.entries,
            self.standings.own,
            has_verifiers=self.has_verifiers,
        )
        self._goals: dict[PersonId, list[PeriodGoal]] = defaultdict(list)
        for goal in records.goals:
            self._goals[goal.rep].append(goal)
        self._run_rates: dict[str, float | None] = {}
        self._cadence: dict[PersonId, CadenceInputs] = {}

    @cached_property
    def success(self) -> Success | None:
        """Which factors make the difference in what is won; None where too little is known, or of some teams only."""
        return success(self.grounds) if self._is_whole else None

    def cadence_inputs(self, rep: PersonId) -> CadenceInputs:
        """Return what the rep's cadence depends on: whoever looks at one looks at the team's trends too."""
        if rep not in self._cadence:
            ground, stages = self.grounds.of(rep), len(self.playbook.stages)
            self._cadence[rep] = inputs_for(ground, self.feed, self.as_of, self.settings, stages)
        return self._cadence[rep]

    def trend(self, rep: PersonId) -> TrendWord:
        """Return the trend that the rep's cadence goes by."""
        return trend_word(self.cadence_inputs(rep), self.as_of, self.settings)

    def goals_of(self, rep: PersonId) -> Records:
        """Return records with the rep's goals alone, so that nobody looks through everybody's."""
        return Records(goals=tuple(self._goals.get(rep, ())))

    def team_run_rate(self, rep: PersonId) -> float | None:
        """Return the mean run-rate of the rep's team; None without a team or anybody known for long enough."""
        team = self.grounds.team_of(rep)
        if team not in self._run_rates:
            self._run_rates[team] = team_run_rate(map(self.grounds.of, self.grounds.members_of(team)))
        return self._run_rates[team]

    def predictions(self, rep: PersonId) -> tuple[Prediction, ...]:
        """Return what more of each key activity goes with in the rep's weeks; empty without an activity feed."""
        return self._predictions.of(rep, self.grounds.members_of(self.grounds.team_of(rep)))
