"""How many new deals it takes to close a gap by a day (specification, section 4)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.coaching.basis.ground import Ground
from bot.coaching.basis.rates import DAYS_PER_WEEK
from bot.coaching.basis.win_curve import HORIZON, ROUNDING, WinCurve
from bot.coaching.pipeline.outlook import Outlook, market_spread
from bot.coaching.pipeline.periods import Target
from bot.coaching.settings import Settings

# Less than this, in money, is what sums of cents leave behind and not something to be won.
HALF_A_CENT = 0.005

# A quotient that is whole on paper may land a hair above, and its ceiling must not ask for one start more.
DIGITS = 9


class Shut(StrEnum):
    """Why new starts can't be counted on for a window."""

    OVER = "over"
    NO_WINS = "no wins"  # no words: a key
    NO_SIZE = "no size"  # no words: a key
    TOO_LATE = "too late"  # no words: a key


@dataclass(frozen=True, slots=True)
class Window:
    """What deals started evenly from ``as_of`` to ``ends`` bring by ``ends``.

    ``win_share`` is f, the share of them won by then; ``brings`` is A f, the money each is expected to bring, and
    ``variance`` is u of it. ``pace`` is the number of starts that the rep's usual pace makes. ``last_useful`` is the
    last day on which a start still has a real chance, None where nothing is ever won; it may be past.
    ``shut`` is None while the window is open. More starts than ``most_pace`` times the pace are no plan.
    """

    as_of: date
    ends: date
    win_share: float
    brings: float
    variance: float
    pace: float
    last_useful: date | None
    shut: Shut | None
    most_pace: float

    @property
    def days(self) -> int:
        """Days left; 0 or less once the period is over."""
        return (self.ends - self.as_of).days

    def within_reach(self, starts: int) -> bool:
        """Say whether so many starts are a plan: up to some times the usual pace, and 1 for who has none."""
        return starts <= self.most_pace * max(self.pace, 1.0)


def still_to_win(target: Target) -> float:
    """Return what is still to be won of a goal; 0 once it is made."""
    return target.remaining if target.remaining >= HALF_A_CENT else 0.0


def window(ground: Ground, ends: date, settings: Settings) -> Window:
    """Return the rep's window up to ``ends``."""
    days = (ends - ground.as_of).days
    share, size = _mean_win_share(ground.curve, days), ground.deal_size
    quickest = ground.curve.day(settings.finding_rate_quantile)
    return Window(
        as_of=ground.as_of,
        ends=ends,
        win_share=share,
        brings=size * share,
        variance=size * size * share * (1 - share) + ground.size_var * share,
        pace=ground.starts_per_week * max(0, days) / DAYS_PER_WEEK,
        last_useful=None if quickest is None else ends - timedelta(days=quickest),
        shut=_shut(ground, days, size * share, settings),
        most_pace=settings.starts_most_pace,
    )


def starts_to_close(gap: float, window: Window) -> int | None:
    """Return the starts expected to bring ``gap``; None where the window is shut."""
    return None if window.shut else _ceil(gap / window.brings)


def beyond_pace(starts: int, window: Window) -> int:
    """Return how many of the ``starts`` the usual pace leaves to be found."""
    return max(0, _ceil(starts - window.pace))


def activities_for(extra: int, starts_per_activity: float | None) -> int | None:
    """Return the finding activities that make ``extra`` starts; None where no rate is known."""
    if starts_per_activity is None or starts_per_activity <= 0:
        return None
    return _ceil(extra / starts_per_activity)


def safe_starts(remaining: float, outlook: Outlook, window: Window, settings: Settings) -> int | None:
    """Return the fewest starts with which ``remaining`` is 75% sure; 0 once it is won.

    None where the window is shut, or where the market alone is too unsure for any number of starts.
    """
    spread = market_spread(settings)
    if window.shut or settings.safe_z * spread >= 1:
        return None

    def is_safe(starts: int) -> bool:
        mean = outlook.expected + starts * window.brings
        spread_of_deals = outlook.variance + starts * window.variance
        return mean - settings.safe_z * math.sqrt(spread_of_deals + (spread * mean) ** 2) >= remaining

    if remaining <= 0 or is_safe(0):
        return 0
    # The safe amount is a line less the root of a quadratic in the starts, so it is concave or convex, and in the
    # end it rises. Where 0 starts aren't safe that leaves one crossing, after which every number is safe.
    unsafe, safe = 0, 1
    while not is_safe(safe):
        unsafe, safe = safe, 2 * safe
    while safe - unsafe > 1:
        middle = (unsafe + safe) // 2
        if is_safe(middle):
            safe = middle
        else:
            unsafe = middle
    return safe


def _mean_win_share(curve: WinCurve, days: int) -> float:
    """Return f = (F(1) + ... + F(h)) / h; 0 without days."""
    if days <= 0:
        return 0.0
    later = max(0, days - HORIZON)
    return (math.fsum(curve.won[1 : days + 1].tolist()) + later * curve.F_inf) / days


def _shut(ground: Ground, days: int, brings: float, settings: Settings) -> Shut | None:
    curve = ground.curve
    if days <= 0:
        return Shut.OVER
    if curve.F_inf <= ROUNDING:
        return Shut.NO_WINS
    if ground.deal_size <= 0:
        return Shut.NO_SIZE
    if brings <= 0 or curve.F(days) < settings.window_shut_share * curve.F_inf - ROUNDING:
        return Shut.TOO_LATE
    return None


def _ceil(value: float) -> int:
    return math.ceil(round(value, DIGITS))
