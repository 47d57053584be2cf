"""Every table of the bot's own database, its keys and its indexes.

Money and other figures are double precision: the domain computes with floats, nothing is added up in SQL, and a double
brings back the very bits that were imported, which a column of ten-thousandths would round.
"""

from bot.storage.tables.base import RowId, metadata
from bot.storage.tables.calendars import calendar_entry, calendar_feed, taken_time
from bot.storage.tables.checkups import checkup
from bot.storage.tables.coaching import (
    cadence_decision,
    forecast,
    goal,
    goal_history,
    goal_report,
    market_proposal,
    meeting,
)
from bot.storage.tables.facts import activity, deal, evidence, facts_state, period_goal, stage_entry, verifier
from bot.storage.tables.invitations import invitation, reach
from bot.storage.tables.people import leave, person, slack_account, stale_home, standing, working_hours
from bot.storage.tables.sources import (
    connection,
    deal_snapshot,
    source_count,
    source_deal,
    source_goal,
    source_person,
    source_stage,
    sync,
)
from bot.storage.tables.work import (
    DutyState,
    SendState,
    duty,
    inbox,
    outbox,
    restoration,
    trouble,
    unsettled,
    waiting,
    wanting,
)

__all__ = [
    "DutyState",
    "RowId",
    "SendState",
    "activity",
    "cadence_decision",
    "calendar_entry",
    "calendar_feed",
    "checkup",
    "connection",
    "deal",
    "deal_snapshot",
    "duty",
    "evidence",
    "facts_state",
    "forecast",
    "goal",
    "goal_history",
    "goal_report",
    "inbox",
    "invitation",
    "leave",
    "market_proposal",
    "meeting",
    "metadata",
    "outbox",
    "period_goal",
    "person",
    "reach",
    "restoration",
    "slack_account",
    "source_count",
    "source_deal",
    "source_goal",
    "source_person",
    "source_stage",
    "stage_entry",
    "stale_home",
    "standing",
    "sync",
    "taken_time",
    "trouble",
    "unsettled",
    "verifier",
    "waiting",
    "wanting",
    "working_hours",
]
