# ruff: noqa: N802, N806 - the specification's letters
"""The specification's sections 0 to 4 again, as plainly as they can be written, to hold the real ones against.

Written from the specification alone: loops over lists, nothing shared with bot.coaching but the records. It knows only
what the public data set has: one currency, no credits, no activities, no stage history, no verifiers.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor, sqrt

from bot.coaching.records import DealStatus, Records

YEAR, QUARTER, LAST_DAY = 365, 91, 730
DEFAULT_STAGES, EVENTS_PER_MEETING = 4, 8
SPREAD = 0.4
CELLS = 2000


@dataclass(frozen=True)
class State:
    """One opportunity as it stood on the as-of day; ``close`` is None while it is open."""

    id: str
    owner: str
    start: date
    close: date | None
    won: bool
    amount: float


@dataclass(frozen=True)
class Goal:
    first: date
    last: date
    amount: float


@dataclass(frozen=True)
class Curve:
    won: list[float]
    lost: list[float]


@dataclass(frozen=True)
class Balance:
    """Section 4 for one horizon; what needs a goal is None without one."""

    end: date
    Y: float
    low: float
    high: float
    live: float
    remaining: float | None
    need: float | None
    have: float | None
    gap: float | None
    f: float
    starts: int | None
    pace: float
    extra: int | None
    safe_starts: int | None
    last_useful_start: date | None


def half_up(x: float) -> int:
    return floor(x + 0.5)


def clamp(x: float, low: float, high: float) -> float:
    return max(low, min(high, x))


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def variance(values: list[float]) -> float:
    middle = mean(values)
    return sum((x - middle) ** 2 for x in values) / (len(values) - 1)


class Reference:
    """What the specification says of every rep on one day."""

    def __init__(self, records: Records, today: date) -> None:
        self.today = today
        self.known_since = records.closings_known_since or date.min
        self.team = {str(person.id): person.team for person in records.people}
        self.goals: dict[str, list[Goal]] = {rep: [] for rep in self.team}
        for goal in records.goals:
            self.goals[goal.rep].append(Goal(goal.start, goal.end, goal.amount))
        self.states: list[State] = []
        for deal in records.deals:
            if deal.start is None or deal.start > today:
                continue
            if deal.close is not None and deal.close <= today:
                won, amount = deal.status is DealStatus.WON, deal.amount or 0.0
                self.states.append(State(deal.id, deal.owner, deal.start, deal.close, won, amount))
            else:
                amount = deal.list_price or 0.0
                self.states.append(State(deal.id, deal.owner, deal.start, None, won=False, amount=amount))
        self.m = self._m()
        self.cap = self._cap()
        self._curves: dict[str, Curve] = {}

    # who and when

    def of(self, rep: str) -> list[State]:
        return [deal for deal in self.states if deal.owner == rep]

    def within(self, day: date, days: int, *, before: int = 0) -> bool:
        return before <= (self.today - day).days < before + days

    def started(self, deals: list[State], days: int, *, before: int = 0) -> list[State]:
        return [deal for deal in deals if self.within(deal.start, days, before=before)]

    def closed(self, deals: list[State], days: int, *, before: int = 0) -> list[State]:
        return [deal for deal in deals if deal.close and self.within(deal.close, days, before=before)]

    def open(self, rep: str) -> list[State]:
        return [deal for deal in self.of(rep) if deal.close is None]

    def pool(self, rep: str) -> list[State]:
        others = [deal for deal in self.states if deal.owner != rep]
        team = [deal for deal in others if self.team[deal.owner] == self.team[rep]]
        if len(self.started(team, YEAR)) >= 100 and len(self.closed(team, YEAR)) >= 30:
            return team
        return others

    # 0.3

    def closed_and_won(self, rep: str) -> tuple[int, int]:
        closed = self.closed(self.of(rep), YEAR)
        return len(closed), sum(deal.won for deal in closed)

    def _m(self) -> float:
        counts = [self.closed_and_won(rep) for rep in self.team]
        counts = [(n, k) for n, k in counts if n >= 10]
        J = len(counts)
        if J < 8:
            return 20.0
        N = sum(n for n, _ in counts)
        p = sum(k for _, k in counts) / N
        msb = sum(n * (k / n - p) ** 2 for n, k in counts) / (J - 1)
        msw = sum(n * (k / n) * (1 - k / n) for n, k in counts) / (N - J)
        nb = (N - sum(n * n for n, _ in counts) / N) / (J - 1)
        tau2 = (msb - msw) / nb
        return 200.0 if tau2 <= 0 else clamp(p * (1 - p) / tau2 - 1, 5, 200)

    def win_rate(self, rep: str) -> float:
        n, k = self.closed_and_won(rep)
        closed = self.closed(self.pool(rep), YEAR)
        w_pool = sum(deal.won for deal in closed) / len(closed) if len(closed) >= 30 else 0.25
        return (k + self.m * w_pool) / (n + self.m)

    def win_rate_80(self, rep: str) -> tuple[float, float]:
        p, n, z = self.win_rate(rep), self.closed_and_won(rep)[0] + self.m, 1.2816
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return middle - half, middle + half

    # 0.4

    def curve(self, rep: str) -> Curve:
        if rep not in self._curves:
            self._curves[rep] = self._curve(rep)
        return self._curves[rep]

    def _curve(self, rep: str) -> Curve:
        own, pool = self.curve_starts(self.of(rep), YEAR), self.curve_starts(self.pool(rep), YEAR)
        if len(pool) < 30:
            own, pool = self.curve_starts(self.of(rep), LAST_DAY), self.curve_starts(self.pool(rep), LAST_DAY)
        if len(pool) < 30:
            others = [deal for deal in self.states if deal.owner != rep]
            pool = self.curve_starts(others, LAST_DAY)
        if len(pool) >= 30:
            pools = self.aalen_johansen(pool)
        else:
            grown = [1 - 2 ** (-t / 60) for t in range(LAST_DAY + 1)]
            pools = Curve([0.25 * g for g in grown], [0.75 * g for g in grown])
        if not own:
            return pools
        owns, n, m = self.aalen_johansen(own), len(own), self.m
        return Curve(
            [(n * a + m * b) / (n + m) for a, b in zip(owns.won, pools.won, strict=True)],
            [(n * a + m * b) / (n + m) for a, b in zip(owns.lost, pools.lost, strict=True)],
        )

    def curve_starts(self, deals: list[State], days: int) -> list[State]:
        return [deal for deal in self.started(deals, days) if deal.start >= self.known_since]

    def age(self, deal: State) -> int:
        return max(0, ((deal.close or self.today) - deal.start).days)

    def aalen_johansen(self, deals: list[State]) -> Curve:
        won, lost, ended = [0] * (LAST_DAY + 1), [0] * (LAST_DAY + 1), [0] * (LAST_DAY + 1)
        for deal in deals:
            d = min(self.age(deal), LAST_DAY)
            ended[d] += 1
            if deal.close is not None:
                (won if deal.won else lost)[d] += 1
        curve = Curve([], [])
        F = L = 0.0
        S, risk = 1.0, len(deals)
        for t in range(LAST_DAY + 1):
            if risk > 0:
                F += S * won[t] / risk
                L += S * lost[t] / risk
                S *= 1 - (won[t] + lost[t]) / risk
            risk -= ended[t]
            curve.won.append(F)
            curve.lost.append(L)
        return curve

    def F(self, rep: str, day: int) -> float:
        return self.curve(rep).won[min(day, LAST_DAY)]

    def L(self, rep: str, day: int) -> float:
        return self.curve(rep).lost[min(day, LAST_DAY)]

    def day(self, rep: str, q: float) -> int | None:
        F = self.curve(rep).won
        if F[-1] <= 0:
            return None
        return next(t for t in range(LAST_DAY + 1) if F[t] >= q * F[-1])

    def typical_cycle(self, rep: str) -> float | None:
        a, b, c = self.day(rep, 0.25), self.day(rep, 0.50), self.day(rep, 0.75)
        return None if a is None or b is None or c is None else (a + 2 * b + c) / 4

    def stale_age(self, rep: str) -> int | None:
        return self.day(rep, 0.95)

    def chance(self, rep: str, age: int, h: int) -> float:
        still_open = 1 - self.F(rep, age) - self.L(rep, age)
        if still_open <= 1e-9:
            return 0.0
        return clamp((self.F(rep, age + h) - self.F(rep, age)) / still_open, 0, 1)

    # 0.5

    def won_amounts(self, deals: list[State]) -> list[float]:
        return [deal.amount for deal in self.closed(deals, YEAR) if deal.won and deal.amount > 0]

    def _cap(self) -> float | None:
        amounts = sorted(self.won_amounts(self.states))
        if len(amounts) < 20:
            return None
        return amounts[-(-19 * len(amounts) // 20) - 1]

    def capped(self, deals: list[State]) -> list[float]:
        return [amount if self.cap is None else min(amount, self.cap) for amount in self.won_amounts(deals)]

    def deal_size(self, rep: str) -> float:
        own = self.capped(self.of(rep))
        return (sum(own) + 10 * mean(self.capped(self.pool(rep)))) / (len(own) + 10)

    def size_variance(self, rep: str) -> float:
        own = self.capped(self.of(rep))
        return variance(own if len(own) >= 10 else self.capped(self.pool(rep)))

    # 0.6

    def starts_per_week(self, rep: str) -> float:
        return len(self.started(self.of(rep), QUARTER)) / 13

    # 1

    def events_per_week(self, rep: str) -> float:
        deals = self.of(rep)
        return (len(self.started(deals, 56)) + len(self.closed(deals, 56))) / 8

    def raw_interval(self, rep: str) -> float:
        a, c = self.events_per_week(rep), self.typical_cycle(rep)
        by_activity = clamp(7 * EVENTS_PER_MEETING / a, 7, 28) if a > 0 else None
        by_cycle = clamp(c / DEFAULT_STAGES, 7, 28) if c is not None else None
        if by_activity is not None and by_cycle is not None:
            return sqrt(by_activity * by_cycle)
        return by_activity or by_cycle or 14.0

    def trend(self, rep: str) -> tuple[str, float | None, float]:
        deals = self.of(rep)
        signals, size = [], 1.0
        now, then = self.started(deals, QUARTER), self.started(deals, QUARTER, before=QUARTER)
        if len(now) + len(then) >= 10:
            weeks1, weeks0 = self.weekly(now, 0), self.weekly(then, QUARTER)
            mean1, mean0 = mean(weeks1), mean(weeks0)
            noise = (max(variance(weeks1), mean1) + max(variance(weeks0), mean0)) / 13
            signals.append((mean1 - mean0) / sqrt(noise))
            size *= (len(now) + 1) / (len(then) + 1)
        now, then = self.closed(deals, QUARTER), self.closed(deals, QUARTER, before=QUARTER)
        n1, n0 = len(now), len(then)
        if n1 >= 5 and n0 >= 5:
            k1, k0 = sum(deal.won for deal in now), sum(deal.won for deal in then)
            p = (k1 + k0) / (n1 + n0)
            noise = p * (1 - p) * (1 / n1 + 1 / n0)
            signals.append((k1 / n1 - k0 / n0) / sqrt(noise) if noise > 0 else 0.0)
            size *= ((k1 + 1) / (n1 + 2)) / ((k0 + 1) / (n0 + 2))
        if not signals:
            return "flat", None, size
        Z = sum(signals) / sqrt(len(signals))
        if Z <= -1.645 and size <= 0.85:
            return "negative", Z, size
        if Z >= 1.645 and size >= 1 / 0.85:
            return "positive", Z, size
        return "flat", Z, size

    def weekly(self, starts: list[State], before: int) -> list[float]:
        counts = [0.0] * 13
        for deal in starts:
            counts[((self.today - deal.start).days - before) // 7] += 1
        return counts

    def base(self, rep: str) -> int:
        raw = self.raw_interval(rep)
        if raw <= sqrt(98):  # an edge itself belongs to the shorter step, of which it is the upper edge
            return 7
        return 14 if raw <= sqrt(392) else 28

    def first_interval(self, rep: str) -> int:
        base = self.base(rep)
        return max(7, base // 2) if self.trend(rep)[0] == "negative" else base

    # 3

    def won_from(self, rep: str, first: date) -> float:
        return sum(deal.amount for deal in self.of(rep) if deal.won and deal.close and deal.close >= first)

    def goal_period(self, rep: str) -> Goal | None:
        ahead = [goal for goal in self.goals[rep] if goal.amount > 0 and goal.last > self.today]
        return min(ahead, key=lambda goal: goal.last) if ahead else None

    def hit(self, rep: str) -> tuple[float | None, dict[str, float]]:
        """Return P(hit goal) and the swing of each of the ten deals with the most expected dollars."""
        goal = self.goal_period(rep)
        if goal is None:
            return None, {}
        need = goal.amount - self.won_from(rep, goal.first)
        h = (goal.last - self.today).days
        size = self.deal_size(rep)
        named = [(self.chance(rep, self.age(deal), h), deal.amount, deal.id) for deal in self.open(rep)]
        named.sort(key=lambda deal: (-deal[0] * deal[1], deal[2]))
        if need <= 0:
            return 1.0, {deal_id: 0.0 for _, _, deal_id in named[:10]}
        first, rest = named[:10], [(p, amount) for p, amount, _ in named[10:]]
        n = half_up(self.starts_per_week(rep) * h / 7)
        rest += [(self.F(rep, h - floor((j + 0.5) * h / n)), size) for j in range(n)]
        chances, swings = [], {deal_id: 0.0 for _, _, deal_id in first}
        for factor in (1 - SPREAD, 1.0, 1 + SPREAD):
            cells = [1.0] + [0.0] * CELLS
            for p, amount in rest:
                cells = add(cells, min(0.95, p * factor), steps(amount, need))
            for _, amount, deal_id in first:
                without = cells
                for other, other_amount, other_id in first:
                    if other_id != deal_id:
                        without = add(without, min(0.95, other * factor), steps(other_amount, need))
                at_least = max(0, CELLS - steps(amount, need))
                swings[deal_id] += (sum(without[at_least:]) - without[CELLS]) / 3
            for p, amount, _ in first:
                cells = add(cells, min(0.95, p * factor), steps(amount, need))
            chances.append(cells[CELLS])
        return mean(chances), swings

    # 4

    def horizons(self) -> tuple[date, date, date]:
        short = month_end(self.today + timedelta(days=1))
        medium = quarter_end(short + timedelta(days=1))
        return short, medium, date((medium + timedelta(days=1)).year, 12, 31)

    def remaining(self, rep: str, end: date) -> float | None:
        """Return the most that is still to be won by ``end``; a month without an own goal has a share (7.4)."""
        goals = [goal for goal in self.goals[rep] if goal.amount > 0]
        ending = [goal for goal in goals if goal.last == end]
        if ending:
            return max(goal.amount - self.won_from(rep, goal.first) for goal in ending)
        for goal in goals:
            if goal.first <= end < goal.last == quarter_end(end):
                month = end.replace(day=1)
                before = self.won_from(rep, goal.first) - self.won_from(rep, month)
                share = working_days(month, end) / working_days(month, goal.last)
                return max(0.0, goal.amount - before) * share - self.won_from(rep, month)
        return None

    def balance(self, rep: str, end: date) -> Balance:
        h = (end - self.today).days
        deals = [(self.chance(rep, self.age(deal), h), deal.amount, self.age(deal)) for deal in self.open(rep)]
        Y = sum(p * amount for p, amount, _ in deals)
        var = sum(p * (1 - p) * amount**2 for p, amount, _ in deals)
        k = SPREAD * sqrt(2 / 3)
        sd = sqrt(var + (k * Y) ** 2)
        stale = self.stale_age(rep)
        live = [(p, amount) for p, amount, age in deals if stale is None or age <= stale]
        in_live = sum(amount for _, amount in live)
        y = sum(p * amount for p, amount in live) / in_live if in_live > 0 else self.F(rep, h)
        f = sum(self.F(rep, t) for t in range(1, h + 1)) / h
        A, pace = self.deal_size(rep), Fraction(len(self.started(self.of(rep), QUARTER)) * h, 13 * 7)
        remaining = self.remaining(rep, end)
        need = have = gap = starts = extra = safe = None
        if remaining is not None:
            need = 1 / y if y > 0 else None
            have = in_live / remaining if remaining > 0 else None
            gap = max(0.0, remaining - Y)
            if A * f > 0 and self.F(rep, h) >= 0.05 * self.F(rep, LAST_DAY):
                starts = ceil(gap / (A * f))
                extra = max(0, ceil(starts - pace))
                u = (A**2 + self.size_variance(rep)) * f - (A * f) ** 2
                safe = 0
                while Y + safe * A * f - 0.6745 * sqrt(var + safe * u + (k * (Y + safe * A * f)) ** 2) < remaining:
                    safe += 1
        tenth = self.day(rep, 0.10)
        return Balance(
            end=end,
            Y=Y,
            low=max(0.0, Y - 1.2816 * sd),
            high=Y + 1.2816 * sd,
            live=in_live,
            remaining=remaining,
            need=need,
            have=have,
            gap=gap,
            f=f,
            starts=starts,
            pace=float(pace),
            extra=extra,
            safe_starts=safe,
            last_useful_start=None if tenth is None else end - timedelta(days=tenth),
        )


def steps(amount: float, need: float) -> int:
    return max(1, half_up(amount / (need / CELLS)))


def add(cells: list[float], p: float, width: int) -> list[float]:
    """Return the chances of every sum after one more deal that adds ``width`` cells with chance ``p``."""
    width = min(width, CELLS)
    lower = [(1 - p) * stays for stays in cells[:width]]
    upper = [(1 - p) * stays + p * comes for stays, comes in zip(cells[width:CELLS], cells, strict=False)]
    return [*lower, *upper, (1 - p) * cells[CELLS] + p * sum(cells[CELLS - width :])]


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def quarter_end(day: date) -> date:
    return month_end(date(day.year, (day.month - 1) // 3 * 3 + 3, 1))


def working_days(first: date, last: date) -> int:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return sum(day.weekday() < 5 for day in days)
