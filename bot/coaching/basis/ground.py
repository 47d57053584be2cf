"""What every formula about a rep stands on: the rep's curve, win rate, deal size, pace and deals on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.coaching.basis import win_curve
from bot.coaching.basis.win_curve import WinCurve
from bot.coaching.figure import Figure
from bot.coaching.records import Deal, DealStatus, Person
from bot.coaching.settings import Settings

ASSUMED = win_curve.ASSUMED


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
