"""An organisation on a day: what is computed once, so that each rep's numbers are cheap."""

from __future__ import annotations

from datetime import date

from bot.coaching.efficiency import EfficiencyBook
from bot.coaching.finding import FindingBook
from bot.coaching.ground import GroundBook
from bot.coaching.key_activities import ActivityFeed
from bot.coaching.playbook import Playbook
from bot.coaching.records import PersonId, Records
from bot.coaching.run_rate import team_run_rate
from bot.coaching.settings import Settings
from bot.coaching.stage_curves import StageBook
from bot.coaching.team_blocks import BlockBook
from bot.coaching.verified_stage import own_people, verifiers_by_deal


class Book:
    """Everything shared, each part prepared when the day begins.

    ``key_types`` are the names under which records log the playbook's key activities; ``verifiers`` come by deal.
    """

    def __init__(self, records: Records, playbook: Playbook, as_of: date, settings: Settings) -> None:
        self.records = records
        self.playbook = playbook
        self.as_of = as_of
        self.settings = settings
        self.key_types = frozenset(
            name for kind in playbook.activities if kind.key for name in (kind.types or (kind.name,))
        )
        self.grounds = GroundBook(records, as_of, settings)
        self.blocks = BlockBook(self.grounds)
        self.stages = StageBook(records, self.grounds.opportunities, playbook, as_of, settings)
        self.finding = FindingBook(records, self.grounds.opportunities, playbook, as_of, settings)
        self.feed = ActivityFeed(records, as_of, settings, self.key_types)
        self.efficiency = EfficiencyBook(self.grounds, records, playbook, self.stages.entries)
        self.verifiers = verifiers_by_deal(records)
        self.own_people = own_people(records)
        self._run_rates: dict[str, float | None] = {}

    def team_run_rate(self, rep: PersonId) -> float | None:
        """Return the mean run-rate of the rep's team; None without a team or anybody known for long enough."""
        team = self.grounds.team_of(rep)
        if team not in self._run_rates:
            self._run_rates[team] = team_run_rate(map(self.grounds.of, self.grounds.members_of(team)))
        return self._run_rates[team]
