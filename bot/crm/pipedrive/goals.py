"""Pipedrive's goals as what each owner's revenue is to be: one goal counts anew in each of its intervals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta

from bot.coaching.said import say
from bot.crm.pipedrive.values import instant
from bot.services.source import Days, Need, Page, Problem, SourceGoal
from bot.vendors.misread import no_day
from bot.vendors.shape import Shape

WON, MONEY, ONE = "deals_won", "sum", "person"
MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
WEEK = timedelta(days=7)
MOST_INTERVALS = 5_000
"""A hundred years of weeks: a goal whose days make more is a misprint."""


def goals(records: Collection[Shape], days: Days, currency: str) -> Page[SourceGoal]:
    """Return the goals in won money of single people, for each interval that touches those days.

    Goals for several pipelines add up; of a team or the whole company there is nothing to give to one.
    """
    problems: list[Problem] = []
    amounts: defaultdict[tuple[str, date, date], float] = defaultdict(float)
    for record in records:
        outcome, assignee = record.inner("expected_outcome"), record.inner("assignee")
        is_money = record.inner("type").text("name") == WON and outcome.text("tracking_metric") == MONEY
        if not is_money or assignee.text("type") != ONE or not record.flag("is_active", default=True):
            continue
        try:
            for first, last in _intervals(record, days):
                amounts[assignee.identity("id"), first, last] += outcome.number("target")
        except ValueError as error:
            problems.append(Problem(Need.GOALS, record.identity("id"), "duration", str(error), refused=True))
    found = [SourceGoal(owner, first, last, amount, currency) for (owner, first, last), amount in amounts.items()]
    return Page(tuple(found), None, tuple(problems))


def _intervals(record: Shape, days: Days) -> Iterator[tuple[date, date]]:
    """Yield the intervals of a goal that touch those days. Raises ValueError with what is wrong with them."""
    lasts, interval = record.inner("duration"), record.text("interval")
    start = _day(lasts.maybe_text("start"))
    if start is None:
        raise ValueError(say("the goal has no first day"))
    end = _day(lasts.maybe_text("end"))
    if interval != "weekly" and interval not in MONTHS:
        raise ValueError(say("'{text}' is no interval that is known", text=interval[:40]))
    first = start
    for _ in range(MOST_INTERVALS):
        if first > days.last or (end is not None and first > end):
            return
        following = first + WEEK if interval == "weekly" else _months_on(first, MONTHS[interval])
        last = following - timedelta(days=1)
        if last >= days.first:
            yield first, last if end is None else min(last, end)
        first = following
    raise ValueError(say("the goal lasts for more intervals than can be"))


def _months_on(day: date, months: int) -> date:
    """Return the first day of the interval after the one that ``day`` is in: they begin with calendar periods."""
    begun = day.month - 1 - (day.month - 1) % months
    years, month = divmod(begun + months, 12)
    return date(day.year + years, month + 1, 1)


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return instant(text).date()
    except ValueError:
        raise ValueError(no_day(text[:40])) from None
