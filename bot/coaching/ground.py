"""What every formula about a rep stands on: the rep's curve, win rate, deal size, pace and deals on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.coaching.figure import Figure
from bot.coaching.records import Deal, Person
from bot.coaching.settings import Settings
from bot.coaching.win_curve import WinCurve


@dataclass(frozen=True, slots=True)
class OpenDeal:
    """An open deal with its forecast ``amount`` in the reporting currency; ``age`` in days since its start."""

    deal: Deal
    age: int
    amount: float
    stale: bool
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pool:
    """The rep's team without the rep, or everybody else: no single rep can be read from it."""

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
    the rep's cleaned closed deals, amounts in the reporting currency, None where unknown; credits are among them.
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
    pool: Pool
    flags: tuple[str, ...] = ()

    def won_between(self, start: date, end: date) -> float:
        """Return the dollars won, less credits, on days ``start`` to ``end``, both included."""
        return sum(
            deal.amount
            for deal in self.closed_deals
            if deal.status == "won"
            and deal.close is not None
            and start <= deal.close <= end
            and deal.amount is not None
        )
