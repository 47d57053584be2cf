"""Each rep's ground on a day, made from an organisation's records that are prepared once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

import numpy as np

from bot.coaching.basis import deal_size, win_curve, win_rate
from bot.coaching.basis.cleaning import ESTIMATED, NO_RATE, STALE, TRUNCATED, clean
from bot.coaching.basis.deal_counts import DealColumns, DealTotals, Tally, totals
from bot.coaching.basis.ground import ASSUMED, Ground, OpenDeal, Pool
from bot.coaching.basis.rates import starts_per_week
from bot.coaching.basis.win_curve import HORIZON, WinCurve
from bot.coaching.figure import Figure
from bot.coaching.records import Deal, DealStatus, Person, PersonId, Records
from bot.coaching.said import say
from bot.coaching.settings import Settings

TEAM_RECORD = say("your team's record")
ALL_RECORD = say("everybody else's record")
NO_RECORD = say("a usual win rate")

GROUNDS_KEPT = 256
"""Reps whose grounds are kept: whoever looks at one looks at the team's too."""


def ground_for(rep_id: PersonId, records: Records, as_of: date, settings: Settings) -> Ground:
    """Return one rep's ground; for several reps on one day make a ``GroundBook`` once. KeyError: no such person."""
    return GroundBook(records, as_of, settings).of(rep_id)


class GroundBook:
    """An organisation on a day, prepared once, so that each rep's ground is cheap.

    ``opportunities`` are the cleaned deals, and ``columns`` what is counted of them.
    """

    def __init__(self, records: Records, as_of: date, settings: Settings, everybody: DealTotals | None = None) -> None:
        """``everybody`` are the totals of all, where ``records`` are those of some whole teams only."""
        self.as_of = as_of
        self.settings = settings
        self._cleaned = cleaned = clean(records, as_of, settings)
        self._since = records.closings_known_since
        self._people = {person.id: person for person in records.people}
        deals = self.opportunities = cleaned.opportunities
        self._members = _members(self._people)
        self._own_deals = _by_owner(deals)
        self._own_revenue = _by_owner(cleaned.revenue_only)
        self._own_flags: dict[PersonId, set[str]] = defaultdict(set)
        for deal in (*deals, *cleaned.revenue_only, *cleaned.unstarted, *cleaned.undated):
            if deal.id in cleaned.flags:
                self._own_flags[deal.owner].update(cleaned.flags[deal.id])
        self.columns = DealColumns(deals, as_of, self._since, settings)
        self._given = everybody
        self._teams: dict[str, Tally] = {}
        self._grounds: dict[PersonId, Ground] = {}

    @cached_property
    def everybody(self) -> DealTotals:
        """The totals of all: of these very deals unless others were given."""
        return totals(lambda: (self.columns,), self.settings) if self._given is None else self._given

    @property
    def m(self) -> float:
        """The pool's weight in deals (0.3)."""
        return self.everybody.m

    @property
    def size_cap(self) -> float | None:
        """The amount above which a win counts as this much (0.5); None with too few wins to say."""
        return self.everybody.cap

    def of(self, rep_id: PersonId) -> Ground:
        """Return the rep's ground. KeyError: no such person."""
        known = self._grounds.pop(rep_id, None) or self._ground(rep_id)
        self._grounds[rep_id] = known
        if len(self._grounds) > GROUNDS_KEPT:
            del self._grounds[next(iter(self._grounds))]
        return known

    def _ground(self, rep_id: PersonId) -> Ground:
        rep = self._people[rep_id]
        settings, everybody = self.settings, self.everybody
        mine = self.columns.of(rep_id)
        tally = self.columns.tally(mine, everybody.cap)
        is_team, others = self._others(rep_id, tally)
        own_curve, pool_curve, flags = self._curves(tally, others)
        curve = win_curve.mix(own_curve, own_curve.records, pool_curve, everybody.m)
        curve = replace(curve, flags=tuple(sorted({*curve.flags, *flags})))

        enough = others.closed >= settings.pool_min_closed
        pool_rate = others.won / others.closed if enough else settings.default_win_rate
        record = (TEAM_RECORD if is_team else ALL_RECORD) if enough else NO_RECORD
        rate = win_rate.shrunk_win_rate(tally.won, tally.closed, everybody.m, pool_rate, settings)
        rate_flags = () if enough else (ASSUMED,)

        pool_sizes, size_record = others.sizes, TEAM_RECORD if is_team else ALL_RECORD
        if not pool_sizes.count and is_team:
            pool_sizes, size_record = everybody.tally.sizes - tally.sizes, ALL_RECORD
        at_cap = 0 if everybody.cap is None else int((self.columns.won_amounts(mine) > everybody.cap).sum())
        size = deal_size.deal_size(tally.sizes, at_cap, pool_sizes, settings)

        own = self._own_deals.get(rep_id, [])
        stale_age = curve.stale_age()
        discount = _usual_discount(own, self.as_of, settings)
        currency = settings.currency
        return Ground(
            as_of=self.as_of,
            rep=rep,
            settings=settings,
            curve=curve,
            curve_figure=Figure(
                curve.F_inf, "share", self.as_of, curve.records, win_curve.sentence(curve), curve.flags
            ),
            win_rate=Figure(
                rate.value,
                "share",
                self.as_of,
                tally.closed + others.closed,
                win_rate.sentence(rate, record),
                rate_flags,
            ),
            win_rate_80=(rate.low, rate.high),
            m=everybody.m,
            closed=tally.closed,
            won=tally.won,
            deal_size=size.value,
            deal_size_figure=Figure(
                size.value,
                currency,
                self.as_of,
                tally.sizes.count + pool_sizes.count,
                deal_size.sentence(size, currency, size_record),
            ),
            size_var=size.variance,
            size_cap=everybody.cap,
            starts_per_week=starts_per_week(self.columns.recent_starts(mine), rep.first_day, self.as_of, settings),
            typical_cycle=curve.typical_cycle(),
            stale_age=stale_age,
            open_deals=tuple(
                self._open_deal(deal, stale_age, discount, size.value) for deal in own if deal.status is DealStatus.OPEN
            ),
            closed_deals=tuple(deal for deal in own if deal.status is not DealStatus.OPEN),
            revenue_only=tuple(self._own_revenue.get(rep_id, ())),
            pool=Pool(pool_curve, pool_rate, others.closed, pool_sizes.mean, is_team=is_team),
            records_since=everybody.first_start,
            closings_since=self.closings_since(),
            flags=tuple(sorted({*curve.flags, *rate_flags, *self._own_flags.get(rep_id, ())})),
        )

    def closings_since(self) -> date | None:
        """Return the first day closings are known from; None without records."""
        return self._since or self.everybody.first_start

    def person(self, rep_id: PersonId) -> Person | None:
        """Return who owns deals; None for somebody of whom nothing else is on record."""
        return self._people.get(rep_id)

    def with_pipeline(self) -> tuple[PersonId, ...]:
        """Return who has open deals, in order of id."""
        owners = {deal.owner for deal in self.opportunities if deal.status is DealStatus.OPEN}
        return tuple(sorted(owner for owner in owners if owner in self._people))

    def team_of(self, owner: PersonId) -> str:
        """Return the team of a person or owner of deals; empty where they have none."""
        return _team(self._people.get(owner))

    def members_of(self, team: str) -> tuple[PersonId, ...]:
        """Return who is in a team, in order of id; nobody is in the team without a name."""
        return self._members.get(team, ())

    def _others(self, rep_id: PersonId, own: Tally) -> tuple[bool, Tally]:
        """Return whether the pool is the rep's team, and the pool: never with the rep's own."""
        settings, team = self.settings, self.team_of(rep_id)
        if team:
            if team not in self._teams:
                members = self.columns.of_all(self.members_of(team))
                self._teams[team] = self.columns.tally(members, self.everybody.cap)
            mates = self._teams[team] - own
            enough_starts = int(mates.starts[settings.year_days].sum()) >= settings.pool_min_starts
            if enough_starts and mates.closed >= settings.pool_min_closed:
                return True, mates
        return False, self.everybody.tally - own

    def _curves(self, own: Tally, others: Tally) -> tuple[WinCurve, WinCurve, tuple[str, ...]]:
        """Return the rep's and the pool's curve over the same window, and the flags of both."""
        mine, pool = WinCurve(np.zeros(HORIZON + 1), np.zeros(HORIZON + 1)), win_curve.assumed()
        flags: tuple[str, ...] = ()
        for days, table in own.starts.items():
            mine = win_curve.from_counts(table)
            flags = (TRUNCATED,) if self.everybody.truncated[days] else ()
            if int(others.starts[days].sum()) >= self.settings.curve_min_starts:
                pool = win_curve.from_counts(others.starts[days])
                break
        return mine, pool, flags

    def _open_deal(self, deal: Deal, stale_age: int | None, discount: float, typical: float) -> OpenDeal:
        age = max(0, (self.as_of - deal.start).days) if deal.start is not None else 0
        flags = list(self._cleaned.flags.get(deal.id, ()))
        if NO_RATE in flags:
            amount = 0.0
        elif deal.amount is not None:
            amount = deal.amount
        else:
            flags.append(ESTIMATED)
            amount = typical if deal.list_price is None else deal.list_price * discount
        stale = stale_age is not None and age > stale_age
        if stale:
            flags.append(STALE)
        return OpenDeal(deal, age, amount, stale, tuple(flags))


def _by_owner(deals: Sequence[Deal]) -> dict[PersonId, list[Deal]]:
    groups: dict[PersonId, list[Deal]] = defaultdict(list)
    for deal in deals:
        groups[deal.owner].append(deal)
    return groups


def _team(person: Person | None) -> str:
    """Return the team's name, or else the manager's id: those with one manager are a team."""
    return "" if person is None else person.team or person.manager_id or ""


def _members(people: dict[PersonId, Person]) -> dict[str, tuple[PersonId, ...]]:
    found: dict[str, list[PersonId]] = defaultdict(list)
    for person in sorted(people):
        if team := _team(people[person]):
            found[team].append(person)
    return {team: tuple(members) for team, members in found.items()}


def _usual_discount(own: Sequence[Deal], as_of: date, settings: Settings) -> float:
    """Return what the rep's wins of a year brought as a share of list prices; 1 with too few to say."""
    wins = [
        (deal.amount, deal.list_price)
        for deal in own
        if deal.status is DealStatus.WON
        and deal.close is not None
        and (as_of - deal.close).days < settings.year_days
        and deal.amount
        and deal.list_price
    ]
    if len(wins) < settings.discount_min_wins:
        return 1.0
    return sum(amount for amount, _ in wins) / sum(price for _, price in wins)
