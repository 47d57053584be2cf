"""Has the installation looked over when an admin asks, beside everything else: it takes seconds and asks others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol


class Checkups(Protocol):
    async def look(self) -> bool: ...


class Checking:
    """A part of the runner. A look under way when the process stops is ended, and begins anew at the next start."""

    def __init__(self, checkups: Checkups, *, wake: Callable[[], None], every: float = 3.0) -> None:
        self._checkups = checkups
        self._wake = wake
        self._every = every

    async def run(self, stop: asyncio.Event) -> None:
        """Look until ``stop``. Raises what the database raises; whoever runs it begins anew."""
        stopped = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set():
                looking = asyncio.ensure_future(self._checkups.look())
                await asyncio.wait({looking, stopped}, return_when=asyncio.FIRST_COMPLETED)
                if not looking.done():
                    looking.cancel()
                    with suppress(asyncio.CancelledError):
                        await looking
                    return
                if looking.result():
                    self._wake()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._every):
                        await stop.wait()
        finally:
            stopped.cancel()
