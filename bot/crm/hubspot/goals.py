"""HubSpot's goals as what each owner's revenue is to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from bot.coaching.said import say
from bot.crm.hubspot.values import Properties
from bot.services.source import Days, Need, Page, Problem, SourceGoal
from bot.vendors.shape import Shape

TARGET, END = "hs_target_amount", "hs_end_datetime"
ASSIGNEES = ("hubspot_owner_id", "hs_assignee_user_id")
"""Accounts differ in which says whose goal it is; who made it (hs_created_by_user_id) doesn't."""
PROPERTIES = ("hs_goal_type", TARGET, "hs_start_datetime", END, "hs_pipeline_ids")
REVENUE = frozenset({"sales_quota", "revenue"})


def assignee_of(names: Collection[str]) -> str:
    """Return which property names the person, "" if none does."""
    return next((name for name in ASSIGNEES if name in names), "")


def goals(
    records: Collection[Shape],
    days: Days,
    *,
    assignee: str,
    owner_of_user: Mapping[str, str],
    zone: ZoneInfo,
    currency: str,
) -> Page[SourceGoal]:
    """Return the revenue goals whose period touches those days.

    A rep with one goal for each of several pipelines has their sum; of two for the same pipelines the larger counts.
    """
    problems: list[Problem] = []
    amounts: defaultdict[tuple[str, date, date], dict[str, float]] = defaultdict(dict)
    for record in records:
        said = Properties(record, Need.GOALS, problems)
        owner = said.text(assignee)
        if assignee != ASSIGNEES[0]:
            owner = owner_of_user.get(owner, "")
        first, last = said.day("hs_start_datetime", zone), said.last_day(END, zone)
        amount = said.amount(TARGET)
        if not owner or said.text("hs_goal_type").lower() not in REVENUE or amount is None:
            continue
        if first is None or last is None or last < first:
            said.refuse(END, say("the goal's period has no end after its start"))
        elif first <= days.last and last >= days.first:
            parts, pipelines = amounts[owner, first, last], said.text("hs_pipeline_ids")
            parts[pipelines] = max(amount, parts.get(pipelines, 0.0))
    found = [
        SourceGoal(owner, first, last, sum(parts.values()), currency) for (owner, first, last), parts in amounts.items()
    ]
    return Page(tuple(found), None, tuple(problems))
