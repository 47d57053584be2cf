"""Start, watch, drain, stop. A kill at any moment loses nothing; draining only saves a look into the history."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC
from types import TracebackType
from typing import Protocol, Self

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import garbage
from scheduler.jobs import DueWork, schedule

log = logging.getLogger(__name__)

FIRST_RESTART_SECONDS = 1.0
LONGEST_RESTART_SECONDS = 30.0


class Part(Protocol):
    """Something that works until told to stop, like delivery."""

    async def run(self, stop: asyncio.Event) -> None: ...


class Door(Protocol):
    """Something through which Slack or an operator reaches the bot: sockets, an HTTP server."""

    async def start(self) -> None: ...
    async def close(self) -> None: ...


class Runner:
    """The life of one process: ``async with Runner(...)`` or ``await Runner(...).run_until(stop)``.

    Opens ``doors``, then runs ``parts`` (delivery, watchdogs), then ticks every ``tick_seconds``. Leaving goes the
    other way: no new tick, the one under way ends, parts end, doors close in reverse, ``dispose`` is awaited. Each
    step has ``drain_seconds``. A part that breaks is logged and started again, later each time.
    """

    def __init__(
        self,
        due_work: DueWork,
        *,
        parts: Sequence[Part] = (),
        doors: Sequence[Door] = (),
        dispose: Callable[[], Awaitable[None]] | None = None,
        tick_seconds: float = 1.0,
        drain_seconds: float = 15.0,
        restart_seconds: float = FIRST_RESTART_SECONDS,
    ) -> None:
        self._due_work = due_work
        self._parts = parts
        self._doors = doors
        self._dispose = dispose
        self._tick_seconds = tick_seconds
        self._drain_seconds = drain_seconds
        self._restart_seconds = restart_seconds
        self._stack = AsyncExitStack()

    async def run_until(self, stop: asyncio.Event) -> None:
        """Start, wait for ``stop``, drain. Raises what a door raises when it can't open (ConfigurationError)."""
        async with self:
            await stop.wait()
            log.info("runner.draining")
        log.info("runner.stopped")

    async def __aenter__(self) -> Self:
        garbage.settle()  # before anybody can wait for it
        async with AsyncExitStack() as stack:
            if self._dispose is not None:
                stack.push_async_callback(self._within, "dispose", self._dispose)
            for door in self._doors:
                stack.push_async_callback(self._within, "door", door.close)
                await door.start()
            stop_parts = asyncio.Event()
            working = [asyncio.create_task(self._keep_running(part, stop_parts)) for part in self._parts]
            stack.push_async_callback(self._end_parts, stop_parts, working)
            scheduler = AsyncIOScheduler(timezone=UTC)
            schedule(scheduler, self._due_work, seconds=self._tick_seconds)
            scheduler.start()
            stack.push_async_callback(self._end_ticks, scheduler)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    async def _end_ticks(self, scheduler: AsyncIOScheduler) -> None:
        scheduler.pause()
        await self._within("tick", self._due_work.hold)
        # Even with wait=True it cancels a running job: so only after the tick has ended.
        scheduler.shutdown(wait=False)

    async def _end_parts(self, stop: asyncio.Event, working: list[asyncio.Task[None]]) -> None:
        stop.set()
        if not working:
            return
        _, late = await asyncio.wait(working, timeout=self._drain_seconds)
        for task in late:
            log.warning("runner.part_hangs")
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)

    async def _within(self, name: str, step: Callable[[], Awaitable[None]]) -> None:
        """Give ``step`` its time; one that hangs mustn't keep the next from closing."""
        try:
            async with asyncio.timeout(self._drain_seconds):
                await step()
        except TimeoutError:
            log.warning("runner.step_hangs", extra={"step": name})

    async def _keep_running(self, part: Part, stop: asyncio.Event) -> None:
        delay = self._restart_seconds
        while not stop.is_set():
            running = asyncio.ensure_future(part.run(stop))
            try:
                await asyncio.wait({running})
            except asyncio.CancelledError:
                running.cancel()
                raise
            error = running.exception()
            if error is None:
                return
            log.error(
                "runner.part_broke",
                exc_info=error,
                extra={"part": type(part).__name__, "again_in_seconds": delay},
            )
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(delay):
                    await stop.wait()
            delay = min(delay * 2, LONGEST_RESTART_SECONDS)


@contextlib.asynccontextmanager
async def stopped_by_signals() -> AsyncIterator[asyncio.Event]:
    """Give an event that SIGTERM and SIGINT set. A second signal does what it always does: it kills."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)

    def ask_to_stop() -> None:
        stop.set()
        for number in signals:
            loop.remove_signal_handler(number)

    for number in signals:
        loop.add_signal_handler(number, ask_to_stop)
    try:
        yield stop
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
