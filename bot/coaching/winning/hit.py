"""The chance of making a goal: the exact distribution of what deals bring (specification, section 3)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.coaching.basis.ground import Ground
from bot.coaching.basis.rates import DAYS_PER_WEEK
from bot.coaching.settings import Settings
from bot.coaching.wording import half_up

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stake:
    """Something that brings ``amount`` with a ``chance``, or nothing."""

    chance: float
    amount: float


@dataclass(frozen=True, slots=True)
class Odds:
    """The ``chance`` that the stakes bring a need, and for each asked one its swing: P(goal | won) - P(goal | lost)."""

    chance: float
    swings: tuple[float, ...] = ()


def usual_pace(ground: Ground, days: int) -> tuple[Stake, ...]:
    """Return the deals that the rep's usual pace will start within ``days`` days, each won by the end or not."""
    number = half_up(ground.starts_per_week * days / DAYS_PER_WEEK) if days > 0 else 0
    return tuple(
        Stake(ground.curve.F(days - math.floor((j + 0.5) * days / number)), ground.deal_size) for j in range(number)
    )


def goal_odds(need: float, stakes: Sequence[Stake], asked: Sequence[int], settings: Settings) -> Odds:
    """Return the chance of ``need`` as the mean of a poor, a usual and a good market, with the swings of ``asked``.

    ``asked`` are positions of ``stakes``; a swing is its stake's Birnbaum importance. When nothing is needed any more
    the chance is 1 and no stake decides. Amounts are rounded to a 2000th of the need.
    """
    if need <= 0:
        return Odds(1.0, tuple(0.0 for _ in asked))
    cells = settings.grid_cells
    markets = np.array([[1 - settings.spread], [1.0], [1 + settings.spread]])
    chances = np.clip(markets * [stake.chance for stake in stakes], 0.0, settings.chance_cap)
    grid = [_Step(_steps(stake, need, cells), chances[:, at : at + 1]) for at, stake in enumerate(stakes)]
    chosen = sorted(set(asked))
    others = set(range(len(stakes))) - set(chosen)
    # What comes after each of the chosen is known beforehand, what comes before it grows: no stake is ever taken out.
    after = _Sum(cells)
    reached_after = []
    for position in reversed(chosen):
        reached_after.append(after.at_least())
        after.add(grid[position])
    known = _Sum(cells)
    for step in sorted((grid[position] for position in others), key=lambda step: step.cells):
        known.add(step)
    swing = {}
    for position, reached in zip(chosen, reversed(reached_after), strict=True):
        if_won = known.reaching(max(0, cells - grid[position].cells), reached)
        swing[position] = float((if_won - known.reaching(cells, reached)).mean())
        known.add(grid[position])
    return Odds(float(known.spread[:, -1].mean()), tuple(swing[position] for position in asked))


def chance_of_goal(need: float, stakes: Sequence[Stake], settings: Settings) -> float:
    """Return the chance of ``goal_odds`` alone."""
    return goal_odds(need, stakes, (), settings).chance


def swings(need: float, stakes: Sequence[Stake], asked: Sequence[int], settings: Settings) -> tuple[float, ...]:
    """Return the swings of ``goal_odds`` alone."""
    return goal_odds(need, stakes, asked, settings).swings


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """A stake on the grid: it is worth ``cells`` steps, with a chance in each of the markets (3, 1)."""

    cells: int
    chances: Floats


class _Sum:
    """What independent stakes bring together: ``spread`` has a row a market, and its last cell is all of the need."""

    def __init__(self, cells: int) -> None:
        self.spread = np.zeros((3, cells + 1))
        self.spread[:, 0] = 1.0
        self._moved = np.empty_like(self.spread)
        self._top = 0  # no cell beyond has any chance yet

    def add(self, step: _Step) -> None:
        """Add one stake, in place."""
        if not step.cells:
            return
        last, top, shift = self.spread.shape[1] - 1, self._top, step.cells
        used, moved = self.spread[:, : top + 1], self._moved[:, : top + 1]
        np.multiply(used, step.chances, out=moved)
        used *= 1 - step.chances
        fit = min(top, last - shift) + 1
        self.spread[:, shift : shift + fit] += moved[:, :fit]
        if fit <= top:
            self.spread[:, -1] += moved[:, fit:].sum(axis=1)
        self._top = min(last, top + shift)

    def at_least(self) -> Floats:
        """Return for each number of steps the chance that at least so many are brought, shape (3, cells + 1)."""
        return self.spread[:, ::-1].cumsum(axis=1)[:, ::-1]

    def reaching(self, cells: int, others: Floats) -> Floats:
        """Return the chance, per market, that these and ``others`` (``at_least``) bring ``cells`` steps together."""
        together = np.einsum("ij,ij->i", self.spread[:, : cells + 1], others[:, cells::-1])
        return np.asarray(together + self.spread[:, cells + 1 :].sum(axis=1))


def _steps(stake: Stake, need: float, cells: int) -> int:
    if stake.amount <= 0:
        return 0
    if stake.amount >= need:
        return cells
    return min(cells, max(1, half_up(stake.amount / need * cells)))
