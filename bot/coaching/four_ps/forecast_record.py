"""How well earlier forecasts held, which sets how wide the next ones are (specification, section 7.3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.coaching.said import say, say_many
from bot.coaching.settings import DEFAULTS, Settings
from bot.coaching.wording import percent, whole


@dataclass(frozen=True, slots=True)
class KeptForecast:
    """A forecast as it was shown, and what had ``happened`` by the end of ``through``; None until that is known."""

    made_on: date
    through: date
    low: float
    high: float
    happened: float | None = None

    @property
    def held(self) -> bool | None:
        return None if self.happened is None else self.low <= self.happened <= self.high


@dataclass(frozen=True, slots=True)
class KeptChance:
    """A P(hit goal) as it was shown, 0..1, and whether the goal was ``hit``; None until its period is over."""

    chance: float
    hit: bool | None = None


@dataclass(frozen=True, slots=True)
class ForecastRecord:
    """``held`` of ``over`` forecasts; every new range is to be ``widening`` times as wide.

    ``share`` is None while too few are over to say. ``brier`` is the mean of (p - hit)^2, 0 at best and a quarter for
    always saying 50%; None while no period is over.
    """

    over: int
    held: int
    share: float | None
    widening: float
    brier: float | None
    sentence: str


def forecast_record(
    forecasts: Iterable[KeptForecast],
    chances: Iterable[KeptChance] = (),
    settings: Settings = DEFAULTS,
) -> ForecastRecord:
    """Return how forecasts held. Widened ranges count as they were shown, and the widening doesn't pile up."""
    known = [held for held in (one.held for one in forecasts) if held is not None]
    over, held = len(known), sum(known)
    share = held / over if over >= settings.forecast_min_kept else None
    widening = settings.forecast_widening if share is not None and share < settings.forecast_min_held else 1.0
    return ForecastRecord(over, held, share, widening, brier(chances), _sentence(over, held, widening, settings))


def brier(chances: Iterable[KeptChance]) -> float | None:
    """Return the mean squared distance of the chances told from what came; None while nothing has come."""
    misses = [(one.chance - one.hit) ** 2 for one in chances if one.hit is not None]
    return sum(misses) / len(misses) if misses else None


def _sentence(over: int, held: int, widening: float, settings: Settings) -> str:
    if over < settings.forecast_min_kept:
        enough = settings.forecast_min_kept
        if over == 0:
            return say("It takes {enough} forecasts to say how well they hold; none is over yet.", enough=enough)
        return say_many(
            "It takes {enough} forecasts to say how well they hold; {n} is over so far.",
            "It takes {enough} forecasts to say how well they hold; {n} are over so far.",
            over,
            enough=enough,
        )
    told = say_many(
        "{held} of {n} forecast range held", "{held} of {n} forecast ranges held", over, n=whole(over), held=held
    )
    if widening > 1:
        return say("{told}, so the next ones are {share} wider.", told=told, share=percent(widening - 1))
    return say("{told}.", told=told)
