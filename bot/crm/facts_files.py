"""What an import says about people and deals: goals, activities, stages entered."""

from __future__ import annotations

from datetime import date

from bot.coaching.records import Activity, PeriodGoal, PersonId, StageEntry
from bot.coaching.said import say
from bot.crm import cells
from bot.crm.csv_table import Table
from bot.crm.deals_file import Deals, days_of, zone_of
from bot.crm.people_file import People


def read_goals(table: Table | None, people: People) -> tuple[PeriodGoal, ...]:
    """Return one goal per rep and period; periods of different length may overlap."""
    goals: dict[tuple[PersonId, date, date], int] = {}
    read: list[PeriodGoal] = []
    for row in table.rows if table else ():
        rep = people.find(row, "rep_email", row.need("rep_email", cells.email))
        first, last = row.need("period_start", cells.day), row.need("period_end", cells.day)
        amount, currency = row.need_amount("amount"), row.read("currency", cells.currency) or ""
        if first is not None and last is not None and last < first:
            fault = say(
                "{last} is before the period's start, {first}: mend one of the two",
                last=last.isoformat(),
                first=first.isoformat(),
            )
            row.refuse("period_end", fault)
        if row.failed or rep is None or first is None or last is None or amount is None:
            continue
        period = rep.id, first, last
        if period in goals:
            fault = say(
                "{email} has a goal for this period in row {row} already: keep one", email=rep.email, row=goals[period]
            )
            row.refuse("rep_email", fault)
            continue
        goals[period] = row.number
        read.append(PeriodGoal(rep.id, first, last, amount, currency))
    return tuple(read)


def read_activities(table: Table | None, people: People, deals: Deals) -> tuple[Activity, ...]:
    """Return a record per row: a source may list single calls, so repeated rows count each."""
    read: list[Activity] = []
    for row in table.rows if table else ():
        rep = people.find(row, "owner_email", row.need("owner_email", cells.email))
        owned = deals.find(row, "deal_id", row.text("deal_id") or None)
        kind, on = row.need("type", str), row.need("at", cells.day_in(zone_of(rep)))
        count = row.read("count", cells.count)
        if row.failed or rep is None or kind is None or on is None:
            continue
        deal = owned.deal.id if owned else None
        read.append(Activity(rep.id, kind, on, deal, row.text("contact"), 1 if count is None else count))
    return tuple(read)


def read_stage_history(table: Table | None, deals: Deals) -> tuple[StageEntry, ...]:
    """Return each stage that a deal entered on a day, once."""
    read: dict[StageEntry, None] = {}
    for row in table.rows if table else ():
        owned = deals.find(row, "deal_id", row.need("deal_id", str))
        stage, entered = row.need("stage", str), row.need("entered_at", days_of(owned))
        if row.failed or owned is None or stage is None or entered is None:
            continue
        read[StageEntry(owned.deal.id, stage, entered)] = None
    return tuple(read)
