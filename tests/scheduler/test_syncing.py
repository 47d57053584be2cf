"""Sources are read beside everything else, and a process that stops waits for none of them."""

from __future__ import annotations

import asyncio

import pytest

from scheduler.syncing import SourceReader


class Sources:
    def __init__(self, *, slow: bool = False) -> None:
        self.slow = slow
        self.looks = 0
        self.looked = asyncio.Event()
        self.ended = False

    async def run_due(self) -> int:
        self.looks += 1
        self.looked.set()
        try:
            await asyncio.sleep(3600 if self.slow else 0)
        except asyncio.CancelledError:
            self.ended = True
            raise
        return 1


async def test_it_looks_again_and_again_until_it_is_stopped() -> None:
    sources, stop = Sources(), asyncio.Event()
    running = asyncio.create_task(SourceReader(sources, look_seconds=0.001).run(stop))
    for _ in range(3):
        await asyncio.wait_for(sources.looked.wait(), 10)
        sources.looked.clear()
    stop.set()
    await asyncio.wait_for(running, 10)


async def test_a_sync_under_way_is_ended_when_the_process_stops() -> None:
    sources, stop = Sources(slow=True), asyncio.Event()
    running = asyncio.create_task(SourceReader(sources).run(stop))
    await sources.looked.wait()
    stop.set()
    await asyncio.wait_for(running, 10)
    assert sources.ended


async def test_a_fault_of_ours_is_the_runners_to_see() -> None:
    class Broken(Sources):
        async def run_due(self) -> int:
            raise KeyError("ours")

    with pytest.raises(KeyError, match="ours"):
        await SourceReader(Broken()).run(asyncio.Event())
