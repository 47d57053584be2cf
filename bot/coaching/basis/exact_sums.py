"""Sums of amounts that come out the same to the last bit, in whatever order they are added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

UNITS = 1074
"""Every float is a whole number of units of 2 ** -1074, and whole numbers add up without rounding."""


@dataclass(frozen=True, slots=True)
class Sums:
    """How many amounts, their ``total`` and the total of their ``squares``, in whole units and units squared.

    Sums add up, and what was added can be taken out again: a pool is everybody's less the rep's own.
    """

    count: int = 0
    total: int = 0
    squares: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.count + other.count, self.total + other.total, self.squares + other.squares)

    def __sub__(self, other: Sums) -> Sums:
        return Sums(self.count - other.count, self.total - other.total, self.squares - other.squares)

    def __mul__(self, times: int) -> Sums:
        return Sums(self.count * times, self.total * times, self.squares * times)

    @property
    def amount(self) -> float:
        """The total as an amount."""
        return self.total / (1 << UNITS)

    @property
    def mean(self) -> float | None:
        """None without amounts."""
        return self.total / (self.count << UNITS) if self.count else None

    @property
    def variance(self) -> float | None:
        """The sample variance; None with fewer than two amounts."""
        if self.count <= 1:
            return None
        spread = self.count * self.squares - self.total * self.total
        return spread / ((self.count * (self.count - 1)) << 2 * UNITS)


def sums(amounts: Iterable[float]) -> Sums:
    """Return the sums of finite amounts."""
    ratios = [amount.as_integer_ratio() for amount in amounts]
    parts = max((part for _, part in ratios), default=1)  # all are powers of two
    numbers = [number * (parts // part) for number, part in ratios]
    shift = UNITS + 1 - parts.bit_length()
    return Sums(len(numbers), sum(numbers) << shift, sum([number * number for number in numbers]) << 2 * shift)
