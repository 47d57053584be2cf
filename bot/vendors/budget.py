"""How fast one source may be asked."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """``count`` requests (or units of cost) in any ``seconds``."""

    count: float
    seconds: float


class Budget:
    """Lets as much through as all its rates allow in any window; who comes too early waits, first come first served."""

    def __init__(
        self,
        *rates: Rate,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._windows = [(rate, deque[tuple[float, float]]()) for rate in rates]
        self._now = now
        self._sleep = sleep
        self._turn = asyncio.Lock()
        self._held_until = 0.0

    async def take(self, cost: float = 1) -> None:
        """Wait until ``cost`` fits into every window, then spend it; more than one holds waits for an empty one."""
        async with self._turn:
            while (wait := self._wait(cost)) > 0:
                await self._sleep(wait)
            now = self._now()
            for _, spent in self._windows:
                spent.append((now, cost))

    def hold(self, seconds: float) -> None:
        """Let nothing through for so long: the source asked for a rest."""
        self._held_until = max(self._held_until, self._now() + seconds)

    def _wait(self, cost: float) -> float:
        now = self._now()
        return max([self._held_until - now, *(_until_it_fits(rate, spent, cost, now) for rate, spent in self._windows)])


def _until_it_fits(rate: Rate, spent: deque[tuple[float, float]], cost: float, now: float) -> float:
    while spent and spent[0][0] + rate.seconds <= now:
        spent.popleft()
    over = sum(each for _, each in spent) + min(cost, rate.count) - rate.count
    for at, each in spent:
        if over <= 0:
            return 0
        over -= each
        if over <= 0:
            return at + rate.seconds - now
    return 0
