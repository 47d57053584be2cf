"""Reads connected sources when they are due, beside everything else."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Protocol


class Sources(Protocol):
    async def run_due(self) -> int: ...


class SourceReader:
    """A part of the runner. A sync that is under way when the process stops is ended, and goes on at the next start."""

    def __init__(self, sources: Sources, *, look_seconds: float = 15.0) -> None:
        self._sources = sources
        self._look_seconds = look_seconds

    async def run(self, stop: asyncio.Event) -> None:
        stopped = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set():
                reading = asyncio.ensure_future(self._sources.run_due())
                await asyncio.wait({reading, stopped}, return_when=asyncio.FIRST_COMPLETED)
                if not reading.done():
                    reading.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await reading
                    return
                reading.result()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._look_seconds):
                        await stop.wait()
        finally:
            stopped.cancel()
