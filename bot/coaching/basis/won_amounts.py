"""The size cap of everybody's won amounts and their capped sums, in memory that doesn't grow with the wins (0.5)."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from bot.coaching.basis.deal_size import cap_position, capped
from bot.coaching.basis.exact_sums import Sums, sums
from bot.coaching.settings import Settings

DISTINCT = 4096
"""As many different amounts are told apart in one reading; more are counted in ranges of neighbours."""

ALL = (0, np.iinfo(np.int64).max)

Floats = NDArray[np.float64]


class WonAmounts:
    """Amounts above 0, counted in one reading, and exactly in one more where too many different ones were read.

    The bits of positive floats are whole numbers in the same order, so dropping the last bits makes ranges of
    neighbours. While ``is_exact`` doesn't hold, ``narrowed`` is to be told the same amounts again: it looks only at the
    range that has the cap.
    """

    def __init__(self, settings: Settings, within: tuple[int, int] = ALL, distinct: int = DISTINCT) -> None:
        """``within`` is the range of bits that has the cap, both included."""
        self._settings = settings
        self._distinct = distinct
        self._within = within
        self._dropped = 0
        self._below = Sums()
        self._inside: Counter[int] = Counter()
        self._above = 0

    def add(self, amounts: Floats) -> None:
        first, last = self._within
        bits = amounts.view(np.int64)
        self._below += sums(amounts[bits < first].tolist())
        self._above += int((bits > last).sum())
        inside = bits[(bits >= first) & (bits <= last)]
        values, times = np.unique(inside >> self._dropped, return_counts=True)
        for value, number in zip(values.tolist(), times.tolist(), strict=True):
            self._inside[value] += number
        while len(self._inside) > self._distinct:
            self._dropped += 1
            coarser: Counter[int] = Counter()
            for value, number in self._inside.items():
                coarser[value >> 1] += number
            self._inside = coarser

    @property
    def is_exact(self) -> bool:
        return not self._dropped

    def narrowed(self) -> WonAmounts:
        """Return what to tell the amounts again."""
        value = self._at_cap()
        # Without a cap all amounts are below it.
        within = (ALL[1], ALL[1]) if value is None else (value << self._dropped, ((value + 1) << self._dropped) - 1)
        return WonAmounts(self._settings, within, self._distinct)

    @property
    def cap(self) -> float | None:
        """The amount above which a win counts as this much; None with too few wins to say."""
        value = self._at_cap()
        return None if value is None else _amount(value)

    def capped(self) -> Sums:
        """Return the sums of all amounts, those above the cap counting as the cap."""
        cap = self.cap
        once = [_amount(value) for value, number in self._inside.items() if number == 1]
        total = self._below + capped(once, cap)
        for value, number in self._inside.items():
            if number > 1:
                total += capped((_amount(value),), cap) * number
        return total if cap is None else total + sums((cap,)) * self._above

    def _at_cap(self) -> int | None:
        """Return the value, or the range of values, that has the cap."""
        number = self._below.count + self._inside.total() + self._above
        position = cap_position(number, self._settings)
        if position is None:
            return None
        reached = self._below.count
        for value in sorted(self._inside):
            reached += self._inside[value]
            if reached >= position:
                return value
        return None


def _amount(bits: int) -> float:
    return float(np.int64(bits).view(np.float64))
