"""A rep whose curve, pace, deal size and open deals a test sets freely, as in the worked example of section 4."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from bot.coaching.basis.ground import Ground, OpenDeal
from bot.coaching.basis.ground_book import ground_for
from bot.coaching.basis.win_curve import HORIZON, WinCurve
from bot.coaching.pipeline.periods import Target
from bot.coaching.records import Deal, DealId, DealStatus, Person, PersonId, Records
from bot.coaching.settings import Settings

SETTINGS = Settings()
TODAY = date(2026, 4, 1)
END = TODAY + timedelta(days=40)
ANN = PersonId("ann")
EMPTY = ground_for(ANN, Records(people=(Person(ANN, "Ann", "ann@example.com"),)), TODAY, SETTINGS)


def a_curve(per_day: float = 0.005, most: float = 0.30) -> WinCurve:
    """Wins rise by ``per_day`` up to ``most``, and twice as many are lost."""
    won = np.minimum(per_day * np.arange(HORIZON + 1), most)
    return WinCurve(won, 2 * won)


def open_deal(
    age: int = 20, amount: float = 100_000.0, *, stale: bool = False, flags: tuple[str, ...] = ()
) -> OpenDeal:
    start = TODAY - timedelta(days=age)
    deal = Deal(DealId(f"{age} {amount}"), ANN, "deal", DealStatus.OPEN, start, None, amount)
    return OpenDeal(deal, age, amount, stale, flags)


def a_ground(*deals: OpenDeal, **changes: Any) -> Ground:
    given = {"curve": a_curve(), "deal_size": 12_000.0, "size_var": 0.0, "starts_per_week": 4.0, "open_deals": deals}
    return replace(EMPTY, **(given | changes))


def a_target(remaining: float = 60_000.0, *, won: float = 0.0, **changes: Any) -> Target:
    return replace(Target(TODAY, END, remaining + won, won), **changes)
