"""How long the event loop is held: what a click waits at worst until its turn comes."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import Self

EVERY = 0.001


class Lag:
    """``async with Lag() as lag`` asks for a turn every millisecond and keeps the longest wait, in milliseconds.

    ``processor`` counts only what the loop's own thread computed between two turns, which others on the machine don't
    disturb; ``clock`` is what really passed, also while another thread had the interpreter.
    """

    def __init__(self) -> None:
        self.processor = 0.0
        self.clock = 0.0

    async def __aenter__(self) -> Self:
        self._asking = asyncio.create_task(self._ask())
        await asyncio.sleep(0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._asking.cancel()

    async def _ask(self) -> None:
        while True:
            began, computed = time.perf_counter(), time.thread_time()
            await asyncio.sleep(EVERY)
            self.processor = max(self.processor, 1e3 * (time.thread_time() - computed))
            self.clock = max(self.clock, 1e3 * (time.perf_counter() - began - EVERY))
