"""Which factors make the difference in what an organisation wins (specification, section 7.1, Past)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.coaching.basis.deal_counts import Quarters
from bot.coaching.basis.ground_book import GroundBook
from bot.coaching.four_ps.past import WIN_RATE, Factor
from bot.coaching.said import Said, listed, say
from bot.coaching.settings import Settings
from bot.coaching.wording import half_up, percent, whole

FACTORS: tuple[Factor, ...] = ("starts", "closing", WIN_RATE, "size")
NAMES: dict[Factor, Said] = {
    "starts": say("starts"),
    "closing": say("the share of starts that closed"),
    WIN_RATE: say("win rate"),
    "size": say("deal size"),
}
SAME = 1e-12


@dataclass(frozen=True, slots=True)
class Success:
    """How much of the differences in won dollars comes from each factor, over so many rep-``quarters``.

    The shares add up to 1; one below 0 works against the rest.
    """

    shares: Mapping[Factor, float]
    quarters: int


def success(book: GroundBook) -> Success | None:
    """Return it over the full blocks of everybody; None with fewer than 20 in which all factors are above 0.

    It is also None when all of them won the same.
    """
    settings = book.settings
    quarters = book.columns.blocks(settings.quarter_days, 1 + settings.room_blocks)
    full = _full(book, quarters)
    used = full & (quarters.starts > 0) & (quarters.won > 0) & (quarters.dollars > 0)
    starts, closed, won, dollars = (
        each[used] for each in (quarters.starts, quarters.closed, quarters.won, quarters.dollars)
    )
    return shares_of(np.column_stack((starts, closed / starts, won / closed, dollars / won)), settings)


def shares_of(rows: NDArray[np.float64], settings: Settings) -> Success | None:
    """Return the shares of the factors, ``rows`` having each rep-quarter's: cov(ln x_d, ln R) / var(ln R)."""
    if len(rows) < settings.shares_min_quarters:
        return None
    logs = np.log(rows)
    logs -= logs.mean(axis=0)
    all_of_it = logs.sum(axis=1)
    variance = float(all_of_it @ all_of_it)
    if variance <= SAME * len(rows):
        return None
    return Success(dict(zip(FACTORS, (all_of_it @ logs / variance).tolist(), strict=True)), len(rows))


def sentence(found: Success) -> Said:
    """Return what a manager reads of it: the factors that make a difference, the largest first, and nobody's figure."""
    ordered = sorted(found.shares.items(), key=lambda pair: (-half_up(100 * pair[1]), FACTORS.index(pair[0])))
    parts = [
        say("{factor} ({share})", factor=NAMES[factor], share=percent(part))
        for factor, part in ordered
        if half_up(100 * part) > 0
    ]
    return say(
        "What makes the difference in what is won here, over {n} quarters of everybody together: {factors}.",
        n=whole(found.quarters),
        factors=listed(parts),
    )


def _full(book: GroundBook, quarters: Quarters) -> NDArray[np.bool_]:
    """Say of each owner's blocks whether rep and records reach back to its first day."""
    days, number = book.settings.quarter_days, quarters.starts.shape[1]
    records, closings = book.everybody.first_start, book.closings_since()
    if records is None or closings is None:
        return np.zeros(quarters.starts.shape, dtype=bool)
    firsts = book.as_of.toordinal() - days * np.arange(1, number + 1) + 1
    known = quarters.first_start.copy()
    for row, owner in enumerate(book.columns.owners):
        person = book.person(owner)
        if person is None:
            known[row] = book.as_of.toordinal() + 1
        elif person.first_day is not None:
            known[row] = person.first_day.toordinal()
    known = np.maximum(known, max(records, closings).toordinal())
    full: NDArray[np.bool_] = known[:, None] <= firsts[None, :]
    return full
