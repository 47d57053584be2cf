"""Salesforce's forecasting quotas as what each owner's revenue is to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from bot.coaching.said import say
from bot.services.source import Days, Need, Page, Problem, SourceGoal
from bot.vendors.shape import Shape

PERIOD = "Period"  # no words: Salesforce's name for it


def periods(records: Iterable[Shape], problems: list[Problem]) -> dict[str, tuple[date, date]]:
    """Return first and last day of each forecasting period, by its id."""
    found = {}
    for one in records:
        try:
            found[one.text("Id")] = date.fromisoformat(one.text("StartDate")), date.fromisoformat(one.text("EndDate"))
        except ValueError:
            words = say("its first or last day can't be read")
            problems.append(Problem(Need.GOALS, one.text("Id"), PERIOD, words, refused=True))
    return found


def quotas(
    records: Iterable[Shape], known: Mapping[str, tuple[date, date]], days: Days, chosen: str, problems: list[Problem]
) -> Page[SourceGoal]:
    """Return the quotas in money that touch those days, of one kind of forecast.

    ``chosen`` is that kind's id, "" where there is but one: of several, which each give a person a quota of its own,
    none is taken unless one is chosen.
    """
    in_money = [one for one in records if one.flag("IsAmount", default=True)]
    kinds = {one.maybe_text("ForecastingTypeId") or "" for one in in_money}
    if not chosen and len(kinds) > 1:
        words = say(
            "there are {n} kinds of forecast ({kinds}): choose one when connecting",
            n=len(kinds),
            kinds=", ".join(sorted(kinds)),
        )
        return Page((), None, (*problems, Problem(Need.GOALS, "", "ForecastingTypeId", words, refused=True)))
    amounts: defaultdict[tuple[str, date, date, str], float] = defaultdict(float)
    for one in in_money:
        period, amount = known.get(one.maybe_text("PeriodId") or ""), one.maybe_number("QuotaAmount")
        is_kind = not chosen or one.maybe_text("ForecastingTypeId") == chosen
        if period is None or amount is None or not is_kind:
            continue
        first, last = period
        if first <= days.last and last >= days.first:
            currency = (one.maybe_text("CurrencyIsoCode") or "").upper()
            amounts[one.text("QuotaOwnerId"), first, last, currency] += amount
    found = [SourceGoal(who, first, last, amount, currency) for (who, first, last, currency), amount in amounts.items()]
    return Page(tuple(found), None, tuple(problems))
