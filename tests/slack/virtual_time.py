"""An event loop whose time moves only when nobody has anything to do: minutes of waiting pass in an instant."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

Result = TypeVar("Result")


class _Impatient(selectors.DefaultSelector):
    """Adds the time it is asked to wait for to ``seconds``, and doesn't wait."""

    seconds = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.seconds += max(0.0, timeout or 0.0)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """Everything in it happens within the process: it would run past an answer that comes over a socket."""

    def __init__(self) -> None:
        self._selected = _Impatient()
        super().__init__(self._selected)

    def time(self) -> float:
        return self._selected.seconds


class LoopClock:
    """The bot's clock, by the time of the running loop."""

    def __init__(self, start: datetime = datetime(2026, 3, 30, 9, tzinfo=UTC)) -> None:
        self._start = start

    def now(self) -> datetime:
        return self._start + timedelta(seconds=asyncio.get_running_loop().time())


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run to the end on a loop of its own."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)
