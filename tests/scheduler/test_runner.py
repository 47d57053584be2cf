"""A process starts in order, mends its parts, and stops without hanging or losing a step."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime

import pytest

from bot.clock import SystemClock
from bot.errors import ConfigurationError
from scheduler.jobs import DueWork
from scheduler.runner import LONGEST_RESTART_SECONDS, Door, Part, Runner, stopped_by_signals

Diary = list[str]


class Ticks:
    """One batch of work that takes as long as ``go_on`` isn't set; then nothing is due."""

    def __init__(self, diary: Diary) -> None:
        self._diary = diary
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()

    async def run_due(self, now: datetime) -> int:
        if self.begun.is_set():
            return 0
        self.begun.set()
        await self.go_on.wait()
        self._diary.append("tick ended")
        return 1


class Gate:
    def __init__(self, name: str, diary: Diary, *, locked: bool = False, hangs: bool = False) -> None:
        self._name = name
        self._diary = diary
        self._locked = locked
        self._hangs = hangs

    async def start(self) -> None:
        if self._locked:
            raise ConfigurationError("Slack refused SLACK_APP_TOKEN.")
        self._diary.append(f"{self._name} opened")

    async def close(self) -> None:
        if self._hangs:
            await asyncio.Event().wait()
        self._diary.append(f"{self._name} closed")


class Worker:
    """Breaks ``breaks`` times at once, then works until told to stop; a deaf one isn't told anything."""

    def __init__(self, diary: Diary, *, breaks: int = 0, deaf: bool = False) -> None:
        self._diary = diary
        self._breaks = breaks
        self._deaf = deaf
        self.works = asyncio.Event()
        self.starts = 0

    async def run(self, stop: asyncio.Event) -> None:
        self.starts += 1
        if self.starts <= self._breaks:
            raise OSError("the line is cut")
        self.works.set()
        await (asyncio.Event() if self._deaf else stop).wait()
        self._diary.append("part ended")


def a_runner(
    diary: Diary,
    ticks: Ticks,
    *,
    parts: Sequence[Part] = (),
    doors: Sequence[Door] = (),
    drain_seconds: float = 5,
    restart_seconds: float = 0.001,
) -> Runner:
    async def dispose() -> None:
        diary.append("disposed")

    return Runner(
        DueWork(ticks, SystemClock(), wake=lambda: None),
        parts=parts,
        doors=doors,
        dispose=dispose,
        tick_seconds=0.01,
        drain_seconds=drain_seconds,
        restart_seconds=restart_seconds,
    )


async def test_leaving_ends_the_tick_then_the_parts_then_the_doors_in_reverse() -> None:
    diary: Diary = []
    ticks, stop = Ticks(diary), asyncio.Event()
    doors = (Gate("health", diary), Gate("socket", diary))
    running = asyncio.create_task(a_runner(diary, ticks, parts=(Worker(diary),), doors=doors).run_until(stop))
    await ticks.begun.wait()
    stop.set()
    await asyncio.sleep(0.05)
    assert diary == ["health opened", "socket opened"], "all wait for the tick under way"
    ticks.go_on.set()
    await running
    assert diary[2:] == ["tick ended", "part ended", "socket closed", "health closed", "disposed"]


async def test_a_step_that_hangs_keeps_none_of_the_others_from_ending(caplog) -> None:
    diary: Diary = []
    ticks = Ticks(diary)
    doors = (Gate("health", diary), Gate("socket", diary, hangs=True))
    async with a_runner(diary, ticks, parts=(Worker(diary, deaf=True),), doors=doors, drain_seconds=0.05):
        await ticks.begun.wait()  # and it never ends
    assert diary == ["health opened", "socket opened", "health closed", "disposed"]
    hangs = [(record.msg, vars(record).get("step")) for record in caplog.records if "hangs" in record.msg]
    assert hangs == [("runner.step_hangs", "tick"), ("runner.part_hangs", None), ("runner.step_hangs", "door")]


async def test_a_running_process_searches_only_what_came_since_for_garbage() -> None:
    ticks = Ticks([])
    async with a_runner([], ticks):
        assert not any(one is ticks for one in gc.get_objects()), (
            "or a click waits while it looks at all that was built"
        )


async def test_a_door_that_cant_open_stops_the_start_and_closes_what_was_open() -> None:
    diary: Diary = []
    ticks, worker = Ticks(diary), Worker(diary)
    doors = (Gate("health", diary), Gate("socket", diary, locked=True))
    with pytest.raises(ConfigurationError, match="SLACK_APP_TOKEN"):
        await a_runner(diary, ticks, parts=(worker,), doors=doors).run_until(asyncio.Event())
    assert diary == ["health opened", "socket closed", "health closed", "disposed"]
    assert not ticks.begun.is_set()
    assert worker.starts == 0


async def test_a_part_that_breaks_is_started_again_later_each_time(caplog) -> None:
    diary: Diary = []
    worker = Worker(diary, breaks=4)
    async with a_runner(diary, Ticks(diary), parts=(worker,), drain_seconds=0.05):
        await worker.works.wait()
    broke = [record for record in caplog.records if record.msg == "runner.part_broke"]
    told = [(vars(record)["part"], vars(record)["again_in_seconds"]) for record in broke]
    assert told == [("Worker", seconds) for seconds in (0.001, 0.002, 0.004, 0.008)]
    assert all(record.exc_info for record in broke), "with the trace, for nobody else tells of it"
    assert "part ended" in diary


async def test_the_wait_for_a_broken_part_has_an_end(caplog) -> None:
    diary: Diary = []
    worker = Worker(diary, breaks=99)
    ticks = Ticks(diary)
    async with a_runner(diary, ticks, parts=(worker,), drain_seconds=0.05, restart_seconds=LONGEST_RESTART_SECONDS):
        await ticks.begun.wait()
    assert worker.starts == 1, "stopping doesn't wait half a minute, and starts nothing again"
    assert "runner.part_hangs" not in caplog.text


async def test_a_broken_part_leaves_the_others_at_work() -> None:
    diary: Diary = []
    broken, well = Worker(diary, breaks=3), Worker(diary)
    async with a_runner(diary, Ticks(diary), parts=(broken, well), drain_seconds=0.05):
        await broken.works.wait()
        assert (well.starts, diary) == (1, [])
    assert diary == ["part ended", "part ended", "disposed"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_asks_to_stop_and_the_handlers_are_put_back(number) -> None:
    before = signal.getsignal(signal.SIGTERM)
    async with stopped_by_signals() as stop, asyncio.timeout(5):
        os.kill(os.getpid(), number)
        await stop.wait()
    assert signal.getsignal(signal.SIGTERM) == before


HANGING = """
import asyncio
from scheduler.runner import stopped_by_signals

async def main() -> None:
    async with stopped_by_signals() as stop:
        print("ready", flush=True)
        await stop.wait()
        print("draining", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def test_a_second_signal_kills_what_hangs_while_draining() -> None:
    command = [sys.executable, "-c", HANGING]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own program
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        assert process.stdout.readline() == "draining\n"
        process.terminate()
        assert process.wait(timeout=20) == -signal.SIGTERM
