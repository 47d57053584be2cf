"""What every formula about a rep stands on: the rep's curve, win rate, deal size, pace and deals on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from bot.coaching.basis import deal_size, win_curve, win_rate
from bot.coaching.basis.cleaning import ESTIMATED, NO_RATE, STALE, TRUNCATED, clean
from bot.coaching.basis.deal_counts import DealColumns, DealTotals, Tally, totals
from bot.coaching.basis.rates import starts_per_week
from bot.coaching.basis.win_curve import HORIZON, WinCurve
from bot.coaching.figure import Figure
from bot.coaching.records import Deal, DealStatus, Person, PersonId, Records
from bot.coaching.said import say
from bot.coaching.settings import Settings
from bot.coaching.wording import half_up

ASSUMED = win_curve.ASSUMED
TEAM_RECORD = say("your team's record")
ALL_RECORD = say("everybody else's record")
NO_RECORD = say("a usual win rate")

GROUNDS_KEPT = 256
"""Reps whose grounds are kept: whoever looks at one looks at the team's too."""


@dataclass(frozen=True, slots=True)
class OpenDeal:
    """An open deal with its forecast ``amount`` in the reporting currency; ``age`` in days since its start.

    ``stage_curve`` is that of its verified stage, where there is one, and ``stage_age`` the days since it was verified.
    """

    deal: Deal
    age: int
    amount: float
    stale: bool
    flags: tuple[str, ...] = ()
    stage_curve: WinCurve | None = None
    stage_age: int = 0


@dataclass(frozen=True, slots=True)
class Pool:
    """The rep's team without the rep, or everybody else. ``closed`` deals of 365 days; money as everywhere."""

    curve: WinCurve
    win_rate: float
    closed: int
    deal_size: float | None
    is_team: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """A rep on a day. Money in the reporting currency, ages and cycles in days.

    ``m`` is the pool's weight in deals (0.3); ``closed`` and ``won`` are the rep's own of 365 days;
    ``deal_size`` is A and ``size_var`` v of 0.5; ``starts_per_week`` is lambda of 0.6. ``closed_deals`` are all of
    the rep's closed opportunities, amounts None where unknown; ``revenue_only`` is won money that is neither win nor
    start (credits, wins without a start). ``records_since`` is the organisation's first known start and
    ``closings_since`` the first day closings are known from; None without records.
    """

    as_of: date
    rep: Person
    settings: Settings
    curve: WinCurve
    curve_figure: Figure[float]
    win_rate: Figure[float]
    win_rate_80: tuple[float, float]
    m: float
    closed: int
    won: int
    deal_size: float
    deal_size_figure: Figure[float]
    size_var: float
    size_cap: float | None
    starts_per_week: float
    typical_cycle: float | None
    stale_age: int | None
    open_deals: tuple[OpenDeal, ...]
    closed_deals: tuple[Deal, ...]
    revenue_only: tuple[Deal, ...]
    pool: Pool
    records_since: date | None
    closings_since: date | None
    flags: tuple[str, ...] = ()

    @property
    def deals(self) -> tuple[Deal, ...]:
        """All of the rep's opportunities, closed ones first."""
        return (*self.closed_deals, *(known.deal for known in self.open_deals))

    def starts_between(self, first: date, last: date) -> int:
        """Return how many deals started on days ``first`` to ``last``, both included."""
        return sum(deal.start is not None and first <= deal.start <= last for deal in self.deals)

    def recent_starts(self, days: int) -> int:
        """Return how many deals started in the last ``days`` days, today included."""
        return self.starts_between(self.as_of - timedelta(days=days - 1), self.as_of)

    def chance(self, known: OpenDeal, days: int) -> float:
        """Return the chance that one of the rep's open deals is won within ``days`` days (0.4)."""
        if known.stage_curve is not None:
            return known.stage_curve.chance(known.stage_age, days)
        return self.curve.chance(known.age, days)

    def won_between(self, start: date, end: date) -> float:
        """Return the dollars won, less credits, on days ``start`` to ``end``, both included."""
        return sum(
            deal.amount
            for deal in (*self.closed_deals, *self.revenue_only)
            if deal.status is DealStatus.WON
            and deal.close is not None
            and start <= deal.close <= end
            and deal.amount is not None
        )


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
            curve_figure=Figure(curve.F_inf, "share", self.as_of, curve.records, curve_sentence(curve), curve.flags),
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


def curve_sentence(curve: WinCurve) -> str:
    """Return the sentence of 0.4; that none was won later is said only where some were still open later."""
    cycle, last = curve.typical_cycle(), curve.day(1.0)
    if cycle is None or last is None:
        return say("None of the opportunities like yours has been won yet, so we can't say how long a win takes.")
    wins = say(
        "{wins} end as wins; a typical win takes {days} days", wins=half_up(100 * curve.F_inf), days=half_up(cycle)
    )
    if ASSUMED in curve.flags:
        return say("Until there is more history we assume that of 100 opportunities {wins}.", wins=wins)
    if last >= HORIZON:
        return say("Of 100 opportunities like yours {wins}.", wins=wins)
    if curve.watched <= last:
        return say(
            "Of 100 opportunities like yours {wins}, and no deal has been watched past day {last}.",
            wins=wins,
            last=last,
        )
    return say("Of 100 opportunities like yours {wins}, and after day {last} none has been won.", wins=wins, last=last)
