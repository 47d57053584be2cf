"""What an improvement of each driver of a rep's revenue is worth (specification, section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.coaching.basis.ground import Ground
from bot.coaching.basis.rates import DAYS_PER_WEEK

POINT = 0.01


class Driver(StrEnum):
    """The four drivers, in the order that breaks every tie; a playbook's skills name them by these words."""

    STARTS = "starts"
    WIN_RATE = "win rate"  # no words: a playbook's key
    SIZE = "size"
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True)
class Drivers:
    """Where a rep stands: ``run_rate`` in dollars a year, ``cycle`` in days and None before the first win.

    Every worth is revenue in the reporting currency, None where the driver has no value to improve on.
    """

    run_rate: float
    starts_per_year: float
    win_rate: float
    deal_size: float
    cycle: float | None
    days_per_year: int = 365

    def share_worth(self, x: float) -> float:
        """Return the dollars a year of starts, win rate or size being better by the fraction ``x``."""
        return self.run_rate * x

    def win_point_worth(self) -> float | None:
        """Return the dollars a year of one more point of win rate."""
        return self.run_rate / self.win_rate * POINT if self.win_rate > 0 else None

    def start_worth(self) -> float | None:
        """Return the dollars of one more start."""
        return self.run_rate / self.starts_per_year if self.starts_per_year > 0 else None

    def cycle_worth_once(self, x: float) -> float | None:
        """Return the dollars that a cycle shorter by ``x`` brings once, because deals arrive sooner."""
        return None if self.cycle is None else self.run_rate / self.days_per_year * x * self.cycle

    def cycle_worth_refilled(self, x: float) -> float | None:
        """Return the dollars a year of a cycle shorter by ``x`` < 1, if the freed time is filled with such starts."""
        return None if self.cycle is None else self.run_rate * x / (1 - x)


def drivers_of(ground: Ground, run_rate: float) -> Drivers:
    """Return the rep's drivers on the ground's day; ``run_rate`` is the figure's value, in dollars a year."""
    days = ground.settings.year_days
    return Drivers(
        run_rate,
        ground.starts_per_week * days / DAYS_PER_WEEK,
        ground.win_rate.value,
        ground.deal_size,
        ground.typical_cycle,
        days,
    )


def growth(x_starts: float = 0.0, x_win: float = 0.0, x_size: float = 0.0, x_cycle: float = 0.0) -> float:
    """Return by how much revenue multiplies when the drivers improve together, the cycle getting shorter by < 1."""
    return (1 + x_starts) * (1 + x_win) * (1 + x_size) / (1 - x_cycle)
