"""What deals add up to, for a rep's own record as for a pool's (specification, sections 0.3 to 0.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.coaching.basis import win_curve
from bot.coaching.basis.deal_size import capped
from bot.coaching.basis.exact_sums import Sums
from bot.coaching.basis.win_curve import HORIZON, OPEN, WON, Counts, Floats
from bot.coaching.basis.win_rate import Credibility
from bot.coaching.basis.won_amounts import WonAmounts
from bot.coaching.records import Deal, PersonId
from bot.coaching.settings import Settings

Part = slice | NDArray[np.int64]
"""Which elements of a column are meant."""

EVERY = slice(None)


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Some deals as a pool counts them; tallies add up, and a part can be taken out of the whole.

    ``won`` and ``closed`` are those of 365 days, ``sizes`` the capped wins of them. ``starts`` are the outcomes by
    age, a table of ``win_curve.counts`` for each window in days.
    """

    won: int
    closed: int
    starts: Mapping[int, Counts]
    sizes: Sums

    def __sub__(self, part: Tally) -> Tally:
        starts = {days: table - part.starts[days] for days, table in self.starts.items()}
        return Tally(self.won - part.won, self.closed - part.closed, starts, self.sizes - part.sizes)


@dataclass(frozen=True, slots=True, eq=False)
class Quarters:
    """What owners did, a row for each and a column for each span; ``dollars`` are those of the ``won``.

    ``first_start`` is the ordinal of each one's first known start.
    """

    first_start: NDArray[np.int64]
    starts: Floats
    closed: Floats
    won: Floats
    dollars: Floats


class DealColumns:
    """Opportunities as arrays, one element each, those of an owner side by side; ``owners`` are in order of id.

    Days are ordinals and unknown amounts 0.
    """

    def __init__(self, deals: Sequence[Deal], as_of: date, since: date | None, settings: Settings) -> None:
        """``since`` is the first day closings are known from, before which no curve counts a start."""
        today = as_of.toordinal()
        self.owners = sorted({deal.owner for deal in deals})
        self._rows = {owner: row for row, owner in enumerate(self.owners)}
        by_owner = np.array([self._rows[deal.owner] for deal in deals], dtype=np.int64)
        order = np.argsort(by_owner, kind="stable")
        self._owner = by_owner[order]
        self._ends = np.searchsorted(self._owner, np.arange(len(self.owners) + 1)).tolist()
        code = np.array([win_curve.CODES[deal.status] for deal in deals], dtype=np.int64)[order]
        self.start = np.array([deal.start.toordinal() if deal.start else today for deal in deals], dtype=np.int64)[
            order
        ]
        close = np.array([deal.close.toordinal() if deal.close else today for deal in deals], dtype=np.int64)[order]
        amount = np.array([deal.amount or 0.0 for deal in deals], dtype=np.float64)[order]
        self._today, self._close, self._code = today, close, code
        in_year = close > today - settings.year_days
        self._won = in_year & (code == WON)
        self._closed = in_year & (code != OPEN)
        self._sized = self._won & (amount > 0) & np.isfinite(amount)
        self._amount = amount
        self._recent = self.start > today - settings.quarter_days
        self._cell = code * (HORIZON + 1) + np.clip(close - self.start, 0, HORIZON)
        cut_off = since.toordinal() if since is not None else 0
        windows = {days: self.start > today - days for days in (settings.year_days, settings.long_window_days)}
        self._used = {days: inside & (self.start >= cut_off) for days, inside in windows.items()}
        self.truncated = {days: bool((inside & (self.start < cut_off)).any()) for days, inside in windows.items()}

    def of(self, owner: PersonId) -> slice:
        """Return where the owner's deals stand."""
        row = self._rows.get(owner)
        return slice(0, 0) if row is None else slice(self._ends[row], self._ends[row + 1])

    def of_all(self, owners: Iterable[PersonId]) -> Part:
        """Return where the deals of several owners stand."""
        parts = [np.arange(part.start, part.stop) for part in map(self.of, owners)]
        return np.concatenate(parts) if parts else slice(0, 0)

    def won_amounts(self, part: Part = EVERY) -> Floats:
        """Return the amounts above 0 won in 365 days."""
        amounts: Floats = self._amount[part][self._sized[part]]
        return amounts

    def per_owner(self) -> tuple[list[int], list[int]]:
        """Return wins and closed deals of each owner."""
        won, closed = (
            np.bincount(self._owner[which], minlength=len(self.owners)).tolist() for which in (self._won, self._closed)
        )
        return won, closed

    def closed_and_won(self, part: Part = EVERY) -> tuple[int, int]:
        return int(self._closed[part].sum()), int(self._won[part].sum())

    def recent_starts(self, part: Part) -> int:
        """Return the starts of the last 91 days."""
        return int(self._recent[part].sum())

    def blocks(self, days: int, number: int) -> Quarters:
        """Return what each owner did in each of the last ``number`` spans of ``days``, the newest first."""

        def each(day: NDArray[np.int64], which: NDArray[np.bool_], weight: Floats | None = None) -> Floats:
            back = (self._today - day) // days
            inside = which & (back >= 0) & (back < number)
            cell = self._owner[inside] * number + back[inside]
            counted = np.bincount(cell, None if weight is None else weight[inside], len(self.owners) * number)
            return counted.reshape(-1, number).astype(np.float64)

        won, every = self._code == WON, np.ones(len(self._code), dtype=bool)
        return Quarters(
            first_start=np.minimum.reduceat(self.start, self._ends[:-1]) if self.owners else self.start,
            starts=each(self.start, every),
            closed=each(self._close, self._code != OPEN),
            won=each(self._close, won),
            dollars=each(self._close, won, self._amount),
        )

    def starts(self, part: Part = EVERY) -> dict[int, Counts]:
        """Return outcomes by age for each window."""
        cells = 3 * (HORIZON + 1)
        return {
            days: np.bincount(self._cell[part][used[part]], minlength=cells).reshape(3, -1).astype(np.int64)
            for days, used in self._used.items()
        }

    def tally(self, part: Part, cap: float | None) -> Tally:
        """Return what some of the deals add up to."""
        closed, won = self.closed_and_won(part)
        return Tally(won, closed, self.starts(part), capped(self.won_amounts(part).tolist(), cap))


class DealSums:
    """What an organisation's deals add up to, told piece by piece; its size doesn't depend on how many there are."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._closed = self._won = 0
        self._starts: dict[int, Counts] = {}
        self._truncated: dict[int, bool] = {}
        self._first_start: int | None = None
        self.credibility = Credibility()
        self.amounts = WonAmounts(settings)

    def add(self, columns: DealColumns) -> None:
        """Add the deals of one piece."""
        closed, won = columns.closed_and_won()
        self._closed += closed
        self._won += won
        self.credibility.add(*columns.per_owner())
        for days, table in columns.starts().items():
            self._starts[days] = self._starts[days] + table if days in self._starts else table
            self._truncated[days] = self._truncated.get(days, False) or columns.truncated[days]
        if len(columns.start):
            first = int(columns.start.min())
            self._first_start = first if self._first_start is None else min(first, self._first_start)
        self.amounts.add(columns.won_amounts())

    def narrow(self) -> bool:
        """Say whether ``amounts`` have to be told once more, and get ready for it."""
        if self.amounts.is_exact:
            return False
        self.amounts = self.amounts.narrowed()
        return True

    def result(self) -> DealTotals:
        """Return the sums; everything is told by now, and ``amounts`` are exact."""
        first = self._first_start
        return DealTotals(
            tally=Tally(self._won, self._closed, self._starts, self.amounts.capped()),
            m=self.credibility.prior_weight(self._settings),
            cap=self.amounts.cap,
            truncated=self._truncated,
            first_start=None if first is None else date.fromordinal(first),
        )


@dataclass(frozen=True, slots=True, eq=False)
class DealTotals:
    """What a rep's ground needs to know of a whole organisation.

    ``m`` is the pool's weight in deals, ``cap`` that of deal sizes. ``truncated`` says for each window whether starts
    were left out because closings aren't known so far back.
    """

    tally: Tally
    m: float
    cap: float | None
    truncated: Mapping[int, bool]
    first_start: date | None


def totals(read: Callable[[], Iterable[DealColumns]], settings: Settings) -> DealTotals:
    """Return the totals of an organisation whose pieces ``read`` gives, any number of times."""
    told = DealSums(settings)
    for columns in read():
        told.add(columns)
    while told.narrow():
        for columns in read():
            told.amounts.add(columns.won_amounts())
    return told.result()
