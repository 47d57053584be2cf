"""What every formula about a rep stands on: the rep's curve, win rate, deal size, pace and deals on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.coaching import deal_size, win_curve, win_rate
from bot.coaching.cleaning import ESTIMATED, NO_RATE, STALE, TRUNCATED, clean
from bot.coaching.figure import Figure
from bot.coaching.rates import starts_per_week
from bot.coaching.records import Deal, DealStatus, Person, PersonId, Records
from bot.coaching.settings import Settings
from bot.coaching.win_curve import HORIZON, OPEN, WON, WinCurve
from bot.coaching.wording import half_up

ASSUMED = "assumed"
TEAM_RECORD = "your team's record"
ALL_RECORD = "everybody else's record"
NO_RECORD = "a usual win rate"


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

    Rows of every array are people and owners of deals, in order of id. ``opportunities`` are the cleaned deals.
    """

    def __init__(self, records: Records, as_of: date, settings: Settings) -> None:
        self.as_of = as_of
        self.settings = settings
        self._cleaned = cleaned = clean(records, as_of, settings)
        self._since = records.closings_known_since
        self._people = {person.id: person for person in records.people}
        deals = self.opportunities = cleaned.opportunities
        ids = sorted({*self._people, *(deal.owner for deal in deals), *(d.owner for d in cleaned.revenue_only)})
        self._rows = {owner: row for row, owner in enumerate(ids)}
        self._teams = [_team(self._people.get(owner)) for owner in ids]
        self._members = _members(self._people)
        self._own_deals = _by_owner(deals)
        self._own_revenue = _by_owner(cleaned.revenue_only)
        self._own_flags: dict[PersonId, set[str]] = defaultdict(set)
        for deal in (*deals, *cleaned.revenue_only, *cleaned.unstarted, *cleaned.undated):
            self._own_flags[deal.owner].update(cleaned.flags.get(deal.id, ()))
        self._records_since = min((deal.start for deal in deals if deal.start is not None), default=None)

        columns = _Columns(deals, self._rows, as_of)
        today = as_of.toordinal()
        in_year = columns.close > today - settings.year_days
        self._won = self._per_row(columns.owner[in_year & (columns.code == WON)])
        self._closed = self._per_row(columns.owner[in_year & (columns.code != OPEN)])
        self._recent_starts = self._per_row(columns.owner[columns.start > today - settings.quarter_days])
        self.m = win_rate.prior_weight(self._won.tolist(), self._closed.tolist(), settings)

        cut_off = self._since.toordinal() if self._since is not None else 0
        self._tables = {
            days: self._table(columns, (columns.start > today - days) & (columns.start >= cut_off))
            for days in (settings.year_days, settings.long_window_days)
        }
        self._truncated = {
            days: bool(((columns.start > today - days) & (columns.start < cut_off)).any()) for days in self._tables
        }
        sized = in_year & (columns.code == WON) & (columns.amount > 0)
        self._size_owner = columns.owner[sized]
        self._sizes = columns.amount[sized]
        self.size_cap = deal_size.size_cap(self._sizes.tolist(), settings)
        self._in_team = {
            team: np.array([team == other for other in self._teams], dtype=bool) for team in {*self._teams} - {""}
        }
        self._team_tables = {
            (team, days): table[members].sum(axis=0)
            for team, members in self._in_team.items()
            for days, table in self._tables.items()
        }
        self._all_tables = {days: table.sum(axis=0) for days, table in self._tables.items()}

    def of(self, rep_id: PersonId) -> Ground:
        """Return the rep's ground. KeyError: no such person."""
        rep = self._people[rep_id]
        row = self._rows[rep_id]
        settings = self.settings
        is_team, others = self._others(row)
        own_curve, pool_curve, flags = self._curves(row, is_team=is_team)
        curve = win_curve.mix(own_curve, own_curve.records, pool_curve, self.m)
        curve = replace(curve, flags=tuple(sorted({*curve.flags, *flags})))

        pool_closed = int(self._closed[others].sum())
        enough = pool_closed >= settings.pool_min_closed
        pool_rate = int(self._won[others].sum()) / pool_closed if enough else settings.default_win_rate
        record = (TEAM_RECORD if is_team else ALL_RECORD) if enough else NO_RECORD
        won, closed = int(self._won[row]), int(self._closed[row])
        rate = win_rate.shrunk_win_rate(won, closed, self.m, pool_rate, settings)
        rate_flags = () if enough else (ASSUMED,)

        own_sizes = self._sizes[self._size_owner == row]
        pool_sizes = self._sizes[others[self._size_owner]]
        size_record = TEAM_RECORD if is_team else ALL_RECORD
        if not len(pool_sizes) and is_team:
            pool_sizes, size_record = self._sizes[self._size_owner != row], ALL_RECORD
        size = deal_size.typical_deal_size(own_sizes.tolist(), pool_sizes.tolist(), self.size_cap, settings)

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
                rate.value, "share", self.as_of, closed + pool_closed, win_rate.sentence(rate, record), rate_flags
            ),
            win_rate_80=(rate.low, rate.high),
            m=self.m,
            closed=closed,
            won=won,
            deal_size=size.value,
            deal_size_figure=Figure(
                size.value,
                currency,
                self.as_of,
                len(own_sizes) + len(pool_sizes),
                deal_size.sentence(size, currency, size_record),
            ),
            size_var=size.variance,
            size_cap=self.size_cap,
            starts_per_week=starts_per_week(int(self._recent_starts[row]), rep.first_day, self.as_of, settings),
            typical_cycle=curve.typical_cycle(),
            stale_age=stale_age,
            open_deals=tuple(
                self._open_deal(deal, stale_age, discount, size.value) for deal in own if deal.status is DealStatus.OPEN
            ),
            closed_deals=tuple(deal for deal in own if deal.status is not DealStatus.OPEN),
            revenue_only=tuple(self._own_revenue.get(rep_id, ())),
            pool=Pool(pool_curve, pool_rate, pool_closed, _capped_mean(pool_sizes, self.size_cap), is_team=is_team),
            records_since=self._records_since,
            closings_since=self._since or self._records_since,
            flags=tuple(sorted({*curve.flags, *rate_flags, *self._own_flags.get(rep_id, ())})),
        )

    def team_of(self, owner: PersonId) -> str:
        """Return the team of a person or owner of deals; empty where they have none."""
        return _team(self._people.get(owner))

    def members_of(self, team: str) -> tuple[PersonId, ...]:
        """Return who is in a team, in order of id; nobody is in the team without a name."""
        return self._members.get(team, ())

    def _per_row(self, owners: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.bincount(owners, minlength=len(self._rows)).astype(np.int64)

    def _table(self, columns: _Columns, used: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Count outcomes by age per row: shape (rows, 3, 731)."""
        width = HORIZON + 1
        flat = (columns.owner[used] * 3 + columns.code[used]) * width + columns.age[used]
        table = np.bincount(flat, minlength=len(self._rows) * 3 * width)
        return table.astype(np.int64).reshape(-1, 3, width)

    def _others(self, row: int) -> tuple[bool, NDArray[np.bool_]]:
        """Return whether the pool is the rep's team, and the pool's rows: never the rep's own."""
        everybody = np.ones(len(self._rows), dtype=bool)
        everybody[row] = False
        team = self._teams[row]
        if not team:
            return False, everybody
        days = self.settings.year_days
        mates = self._in_team[team] & everybody
        starts = int(self._team_tables[team, days].sum() - self._tables[days][row].sum())
        closed = int(self._closed[mates].sum())
        is_team = starts >= self.settings.pool_min_starts and closed >= self.settings.pool_min_closed
        return is_team, mates if is_team else everybody

    def _curves(self, row: int, *, is_team: bool) -> tuple[WinCurve, WinCurve, tuple[str, ...]]:
        """Return the rep's and the pool's curve over the same window, and the flags of both."""
        own, pool = WinCurve(np.zeros(HORIZON + 1), np.zeros(HORIZON + 1)), win_curve.assumed()
        flags: tuple[str, ...] = ()
        for days, table in self._tables.items():
            whole = self._team_tables[self._teams[row], days] if is_team else self._all_tables[days]
            own = win_curve.from_counts(table[row])
            flags = (TRUNCATED,) if self._truncated[days] else ()
            others = whole - table[row]
            if int(others.sum()) >= self.settings.curve_min_starts:
                pool = win_curve.from_counts(others)
                break
        return own, pool, flags

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


class _Columns:
    """Opportunities as arrays, one element each: days as ordinals, unknown amounts as 0."""

    def __init__(self, deals: Sequence[Deal], rows: dict[PersonId, int], as_of: date) -> None:
        today = as_of.toordinal()
        self.owner = np.array([rows[deal.owner] for deal in deals], dtype=np.int64)
        self.code = np.array([win_curve.CODES[deal.status] for deal in deals], dtype=np.int64)
        self.start = np.array([deal.start.toordinal() if deal.start else today for deal in deals], dtype=np.int64)
        self.close = np.array([deal.close.toordinal() if deal.close else today for deal in deals], dtype=np.int64)
        self.age = np.clip(self.close - self.start, 0, HORIZON)
        self.amount = np.array([deal.amount or 0.0 for deal in deals], dtype=np.float64)


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


def _capped_mean(sizes: NDArray[np.float64], cap: float | None) -> float | None:
    if not len(sizes):
        return None
    return float((sizes if cap is None else np.minimum(sizes, cap)).mean())


def curve_sentence(curve: WinCurve) -> str:
    """Return the sentence of 0.4."""
    cycle, last = curve.typical_cycle(), curve.day(1.0)
    if cycle is None or last is None:
        return "None of the opportunities like yours has been won yet, so we can't say how long a win takes."
    wins = f"{half_up(100 * curve.F_inf)} end as wins; a typical win takes {half_up(cycle)} days"
    if ASSUMED in curve.flags:
        return f"Until there is more history we assume that of 100 opportunities {wins}."
    after = f", and after day {last} none has been won" if last < HORIZON else ""
    return f"Of 100 opportunities like yours {wins}{after}."
