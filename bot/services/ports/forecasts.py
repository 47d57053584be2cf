"""What was foretold, kept until it is known what came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from bot.coaching.commitment import GoalId
from bot.coaching.records import PersonId


class ForecastKind(StrEnum):
    """What was told: a chance of making a goal, or a range of how many there will be."""

    CHANCE = "chance"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class ToldForecast:
    """A forecast as it was shown, about the days ``first_day`` to ``last_day``, both included; ``key`` is unique.

    A chance is ``expected``, 0..1, that ``goal`` dollars are won, and ``happened`` the dollars that were. A range is
    from ``low`` to ``high`` around ``expected`` starts, and ``happened`` those there were. None until it is over.
    """

    key: str
    kind: ForecastKind
    rep: PersonId
    made_on: date
    first_day: date
    last_day: date
    expected: float
    sentence: str
    low: float | None = None
    high: float | None = None
    goal: float | None = None
    happened: float | None = None


def range_key(goal: GoalId) -> str:
    """Return under which key the forecast of a goal's activities is kept."""
    return f"range:{goal}"


class Forecasts(Protocol):
    async def keep(self, told: ToldForecast) -> None:
        """Insert; what is there under its key stays as it was shown."""

    async def get(self, key: str) -> ToldForecast | None: ...
    async def open_before(self, day: date) -> tuple[ToldForecast, ...]:
        """Those not settled whose last day is before ``day``, the oldest first."""

    async def settle(self, key: str, happened: float) -> None:
        """Write down what came, once."""

    async def settled(self, kind: ForecastKind) -> tuple[ToldForecast, ...]:
        """Everybody's, the oldest first."""
