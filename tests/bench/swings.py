"""What adding each deal once saves against leaving out one deal after the other."""

from __future__ import annotations

import numpy as np

from bot.coaching.settings import DEFAULTS
from bot.coaching.winning.hit import Stake, goal_odds
from tests.bench.timing import seconds

NEED = 400_000.0
ASKED = tuple(range(DEFAULTS.must_win_candidates))


def report() -> None:
    random = np.random.default_rng(5)
    for number in (30, 100, 300):
        chances, amounts = random.uniform(0.02, 0.6, number).tolist(), random.lognormal(9.5, 0.8, number).tolist()
        stakes = [Stake(chance, amount) for chance, amount in zip(chances, amounts, strict=True)]
        together = seconds(lambda stakes=stakes: goal_odds(NEED, stakes, ASKED, DEFAULTS))
        naive = seconds(lambda stakes=stakes: _one_by_one(stakes), times=3)
        odds = goal_odds(NEED, stakes, ASKED, DEFAULTS)
        apart = max(abs(one - other) for one, other in zip(odds.swings, _one_by_one(stakes), strict=True))
        print(
            f"{number:4} deals: {1e3 * together:7.2f} ms, one by one {1e3 * naive:7.2f} ms, "
            f"ratio {naive / together:5.1f}, largest difference {apart:.0e}"
        )


def _one_by_one(stakes: list[Stake]) -> list[float]:
    """Return the swings with a distribution of all the other deals made anew for each."""
    goal_odds(NEED, stakes, (), DEFAULTS)
    return [goal_odds(NEED, stakes, (asked,), DEFAULTS).swings[0] for asked in ASKED]
