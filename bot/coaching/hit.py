"""The chance of making a goal: the exact distribution of what deals bring (specification, section 3)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.coaching.ground import Ground
from bot.coaching.settings import Settings
from bot.coaching.wording import half_up

DAYS_PER_WEEK = 7

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stake:
    """Something that brings ``amount`` with a ``chance``, or nothing."""

    chance: float
    amount: float


def usual_pace(ground: Ground, days: int) -> tuple[Stake, ...]:
    """Return the deals that the rep's usual pace will start within ``days`` days, each won by the end or not."""
    number = half_up(ground.starts_per_week * days / DAYS_PER_WEEK) if days > 0 else 0
    return tuple(
        Stake(ground.curve.F(days - math.floor((j + 0.5) * days / number)), ground.deal_size) for j in range(number)
    )


def chance_of_goal(need: float, stakes: Sequence[Stake], settings: Settings) -> float:
    """Return the chance that the stakes bring ``need``, as the mean of a poor, a usual and a good market.

    1 when nothing is needed any more. Amounts are rounded to a 2000th of the need.
    """
    if need <= 0:
        return 1.0
    return float(_distribution(need, stakes, settings)[:, -1].mean())


def swings(need: float, stakes: Sequence[Stake], asked: Sequence[int], settings: Settings) -> tuple[float, ...]:
    """Return for each of the ``asked`` positions P(goal | won) - P(goal | lost), its Birnbaum importance.

    All 0 when nothing is needed any more.
    """
    if need <= 0:
        return tuple(0.0 for _ in asked)
    chosen = set(asked)
    rest = [stake for position, stake in enumerate(stakes) if position not in chosen]
    found = {}
    for position, without in _leaving_one_out(
        _distribution(need, rest, settings), sorted(chosen), stakes, need, settings
    ):
        steps = _steps(stakes[position], need, settings.grid_cells)
        if_won = without[:, max(0, settings.grid_cells - steps) :].sum(axis=1)
        found[position] = float((if_won - without[:, -1]).mean())
    return tuple(found[position] for position in asked)


def _leaving_one_out(
    spread: Floats, positions: Sequence[int], stakes: Sequence[Stake], need: float, settings: Settings
) -> Iterator[tuple[int, Floats]]:
    """Give for each position the distribution with all the others added: by halves, so n log n additions do."""
    if len(positions) == 1:
        yield positions[0], spread
        return
    middle = len(positions) // 2
    for mine, others in ((positions[:middle], positions[middle:]), (positions[middle:], positions[:middle])):
        if mine:
            with_others = spread
            for position in others:
                with_others = _added(with_others, stakes[position], need, settings)
            yield from _leaving_one_out(with_others, mine, stakes, need, settings)


def _distribution(need: float, stakes: Sequence[Stake], settings: Settings) -> Floats:
    """Return probabilities of shape (3 markets, cells + 1): cell i is i steps of the need, the last all of it."""
    spread = np.zeros((3, settings.grid_cells + 1))
    spread[:, 0] = 1.0
    for stake in stakes:
        spread = _added(spread, stake, need, settings)
    return spread


def _added(spread: Floats, stake: Stake, need: float, settings: Settings) -> Floats:
    if stake.amount <= 0:
        return spread
    cells = settings.grid_cells
    markets = np.array([1 - settings.spread, 1.0, 1 + settings.spread])
    chance = np.clip(stake.chance * markets, 0.0, settings.chance_cap)[:, np.newaxis]
    steps = _steps(stake, need, cells)
    both = spread * (1 - chance)
    moved = spread * chance
    both[:, steps:] += moved[:, : cells + 1 - steps]
    both[:, -1] += moved[:, cells + 1 - steps :].sum(axis=1)
    return both


def _steps(stake: Stake, need: float, cells: int) -> int:
    if stake.amount >= need:
        return cells
    return min(cells, max(1, half_up(stake.amount / need * cells)))
