"""What messy records mean: the state on a past day and the cleaning rules (specification, 0.1 and 0.2)."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from bot.coaching.records import Deal, DealId, DealStatus, Records, StageEntry
from bot.coaching.said import say
from bot.coaching.settings import Settings

UNSTARTED = say("unstarted")
REVERSED = say("dates reversed")
ESTIMATED = say("amount estimated")
WON_WITHOUT_AMOUNT = say("won without amount")
CREDIT = say("credit")
OVERDUE = say("overdue")
STALE = say("stale")
NO_RATE = say("no rate")
DUPLICATE = say("duplicate")
UNMATCHED = say("unmatched")
TRUNCATED = say("truncated")
NO_CLOSE_DAY = say("no close day")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Deals as the formulas read them on a day, each tuple ordered by id.

    ``opportunities`` have a start and, if closed, a close day; a closed one's amount is in the reporting currency
    and None where unknown, an open one's amount and list price are None where unknown. ``revenue_only`` is won
    money that is no opportunity: credits, and wins without a start. ``unstarted`` and ``undated`` are left out of
    everything. ``flags`` has the words of 0.2 per deal.
    """

    opportunities: tuple[Deal, ...]
    revenue_only: tuple[Deal, ...]
    unstarted: tuple[Deal, ...]
    undated: tuple[Deal, ...]
    flags: Mapping[DealId, tuple[str, ...]] = field(hash=False)


def rewind(records: Records, as_of: date) -> Records:
    """Return what was known at the end of ``as_of``: later starts absent, later closings open.

    What a deal will bring isn't known in advance, so a deal that closes later loses its amount if its list price
    is known, and its CRM stage goes back to the last one entered (blank without stage history).
    """
    history = records.stage_history
    moved_later = {entry.deal for entry in history if entry.entered > as_of}
    if moved_later:
        history = tuple(entry for entry in history if entry.entered <= as_of)
    closes_later = any(deal.close is not None and deal.close > as_of for deal in records.deals)
    stage_then = _last_stages(history) if moved_later or closes_later else {}
    return replace(
        records,
        deals=tuple(
            _rewound(deal, as_of, stage_then, moved_later)
            for deal in records.deals
            if deal.start is None or deal.start <= as_of
        ),
        activities=tuple(activity for activity in records.activities if activity.on <= as_of),
        stage_history=history,
        verifiers=tuple(
            replace(verifier, withdrawn_on=None)
            if verifier.withdrawn_on is not None and verifier.withdrawn_on > as_of
            else verifier
            for verifier in records.verifiers
            if verifier.given_on <= as_of
        ),
    )


def _last_stages(history: Iterable[StageEntry]) -> dict[DealId, str]:
    last: dict[DealId, StageEntry] = {}
    for entry in history:
        known = last.get(entry.deal)
        if known is None or (entry.entered, entry.stage) > (known.entered, known.stage):
            last[entry.deal] = entry
    return {deal: entry.stage for deal, entry in last.items()}


def _rewound(deal: Deal, as_of: date, stage_then: Mapping[DealId, str], moved_later: set[DealId]) -> Deal:
    if deal.status is not DealStatus.OPEN and deal.close is not None and deal.close > as_of:
        return replace(
            deal,
            status=DealStatus.OPEN,
            close=None,
            amount=None if deal.list_price is not None else deal.amount,
            stage=stage_then.get(deal.id, ""),
            lost_reason="",
        )
    if deal.id in moved_later:
        return replace(deal, stage=stage_then.get(deal.id, ""))
    return deal


def clean(records: Records, as_of: date, settings: Settings) -> Cleaned:
    """Rewind to ``as_of`` and apply the rules of 0.2 that need no other deal's value.

    Expected amounts of open deals, "stale" and "amount estimated" need a rep's typical deal and come with the ground.
    """
    flags: dict[DealId, list[str]] = defaultdict(list)
    deals = _last_modified(records.deals, flags)
    exchange = Exchange(settings)
    opportunities: list[Deal] = []
    revenue_only: list[Deal] = []
    unstarted: list[Deal] = []
    undated: list[Deal] = []
    for deal in rewind(replace(records, deals=deals), as_of).deals:
        known = _in_reporting_currency(deal, as_of, exchange, flags)
        is_won = known.status is DealStatus.WON
        if known.status is not DealStatus.OPEN and known.close is None:
            flags[deal.id].append(NO_CLOSE_DAY)
            undated.append(known)
        elif is_won and (deal.amount or 0) < 0:  # as recorded: a credit stays one without a rate
            flags[deal.id].append(CREDIT)
            revenue_only.append(known)
        elif known.start is None:
            flags[deal.id].append(UNSTARTED)
            (revenue_only if is_won else unstarted).append(known)
        else:
            _flag(known, as_of, flags)
            opportunities.append(known)
    return Cleaned(
        tuple(opportunities),
        tuple(revenue_only),
        tuple(unstarted),
        tuple(undated),
        {deal: tuple(flags[deal]) for deal in sorted(flags)},
    )


def _flag(deal: Deal, as_of: date, flags: dict[DealId, list[str]]) -> None:
    if deal.close is not None and deal.start is not None and deal.close < deal.start:
        flags[deal.id].append(REVERSED)
    if deal.status is DealStatus.WON and not deal.amount and NO_RATE not in flags.get(deal.id, ()):
        flags[deal.id].append(WON_WITHOUT_AMOUNT)
    if deal.status is DealStatus.OPEN and deal.expected_close is not None and deal.expected_close < as_of:
        flags[deal.id].append(OVERDUE)


def _last_modified(deals: Iterable[Deal], flags: dict[DealId, list[str]]) -> tuple[Deal, ...]:
    latest: dict[DealId, Deal] = {}
    for deal in deals:
        rival = latest.get(deal.id)
        if rival is not None and DUPLICATE not in flags[deal.id]:
            flags[deal.id].append(DUPLICATE)
        if rival is None or _recency(deal) > _recency(rival):
            latest[deal.id] = deal
    return tuple(latest[key] for key in sorted(latest))


def _recency(deal: Deal) -> tuple[date, str]:
    # Equal days are settled by content, so that the order of the records never matters.
    return deal.modified or date.min, repr(deal)


def _in_reporting_currency(
    deal: Deal,
    as_of: date,
    exchange: Exchange,
    flags: dict[DealId, list[str]],
) -> Deal:
    """Return the deal with money converted; an open deal forgets what it can't be forecast from.

    A deal without a rate keeps its currency and loses its amounts.
    """
    is_open = deal.status is DealStatus.OPEN
    amount = deal.amount if deal.amount is not None and math.isfinite(deal.amount) else None
    price = deal.list_price if deal.list_price is not None and 0 < deal.list_price < math.inf else None
    if is_open and amount is not None and amount <= 0:
        amount = None
    currency = deal.currency
    if not exchange.is_reporting(currency):
        rate = exchange.rate(currency, as_of if is_open else deal.close or as_of)
        if rate is None:
            if amount is not None or price is not None:
                flags[deal.id].append(NO_RATE)
            amount = price = None
        else:
            currency = exchange.reporting
            amount = None if amount is None else amount * rate
            price = None if price is None else price * rate
    close = None if is_open else deal.close
    if (amount, price, currency, close) == (deal.amount, deal.list_price, deal.currency, deal.close):
        return deal
    return replace(deal, amount=amount, list_price=price, currency=currency, close=close)


class Exchange:
    """The rates of the settings: on a day, the newest not later than it."""

    def __init__(self, settings: Settings) -> None:
        self.reporting = settings.currency
        self._days: dict[str, list[date]] = defaultdict(list)
        self._rates: dict[str, list[float]] = defaultdict(list)
        for known in sorted(settings.exchange_rates, key=lambda rate: (rate.currency, rate.day, rate.rate)):
            self._days[known.currency.upper()].append(known.day)
            self._rates[known.currency.upper()].append(known.rate)

    def is_reporting(self, currency: str) -> bool:
        """Say whether money in ``currency`` needs no rate; a blank currency is the reporting one."""
        return currency == self.reporting or currency.strip().upper() in {"", self.reporting.upper()}

    def rate(self, currency: str, day: date) -> float | None:
        """Return what one unit is worth in the reporting currency on ``day``; None if no rate is known by then."""
        code = currency.strip().upper()
        position = bisect_right(self._days[code], day)
        return self._rates[code][position - 1] if position else None


def match_name(name: str, known: Iterable[str]) -> str | None:
    """Return the one of ``known`` that equals ``name`` without case, blanks and punctuation; None is "unmatched"."""
    wanted = bare_name(name)
    return next((candidate for candidate in sorted(known) if bare_name(candidate) == wanted), None)


@lru_cache(maxsize=4096)  # the same few names of stages and activities are asked for with every deal
def bare_name(name: str) -> str:
    """Return the name's letters and digits without case: what two spellings of it have in common."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())
