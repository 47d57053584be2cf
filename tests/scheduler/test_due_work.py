"""A tick does what is due however late it comes, and never two at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import ManualClock
from scheduler.jobs import DueWork

START = datetime(2017, 10, 2, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Duties:
    """Duties at instants, done two at a time; each batch takes a turn of the loop, as a database would."""

    def __init__(self, *due: datetime, breaks: int = 0) -> None:
        self.waiting = sorted(due)
        self.done: list[datetime] = []
        self.asked = 0
        self.at_once = 0
        self.most_at_once = 0
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()
        self._breaks = breaks

    async def run_due(self, now: datetime) -> int:
        self.asked += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            batch = [due for due in self.waiting[:2] if due <= now]
            await asyncio.sleep(0)
            await self.may_go_on.wait()
            if self._breaks:
                self._breaks -= 1
                raise OSError("the database is away")
            self.waiting = self.waiting[len(batch) :]
            self.done += batch
            return len(batch)
        finally:
            self.at_once -= 1


def a_tick(duties: Duties, now: datetime = START) -> tuple[DueWork, list[None]]:
    woken: list[None] = []
    return DueWork(duties, ManualClock(now), wake=lambda: woken.append(None)), woken


async def test_a_late_tick_does_everything_it_missed_and_nothing_too_early() -> None:
    hours = [START + number * HOUR for number in range(7)]
    duties = Duties(*hours)
    tick, _ = a_tick(duties, now=START + 4.5 * HOUR)
    assert await tick() == 5
    assert duties.done == hours[:5]
    assert duties.waiting == hours[5:]


async def test_a_second_tick_finds_nothing_left() -> None:
    duties = Duties(START)
    tick, _ = a_tick(duties)
    assert (await tick(), await tick()) == (1, 0)
    assert duties.done == [START]


async def test_ticks_that_overlap_take_turns() -> None:
    duties = Duties(*[START - number * HOUR for number in range(9)])
    tick, _ = a_tick(duties)
    assert sum(await asyncio.gather(tick(), tick(), tick())) == 9
    assert duties.most_at_once == 1
    assert len(duties.done) == 9


async def test_delivery_is_woken_after_each_batch_and_only_then() -> None:
    tick, woken = a_tick(Duties(*[START - number * HOUR for number in range(3)]))
    await tick()
    assert len(woken) == 2
    await tick()
    assert len(woken) == 2


async def test_a_tick_that_breaks_is_made_up_for_by_the_next() -> None:
    duties = Duties(START, breaks=1)
    tick, woken = a_tick(duties)
    with pytest.raises(OSError, match="away"):
        await tick()
    assert (duties.done, woken) == ([], [])
    assert await tick() == 1


async def test_only_a_good_tick_counts_as_one() -> None:
    tick, _ = a_tick(Duties(START, breaks=1))
    await asyncio.sleep(0.2)
    with pytest.raises(OSError, match="away"):
        await tick()
    waited = tick.seconds_since_good()
    assert waited > 0.15
    await tick()
    assert tick.seconds_since_good() < waited


async def test_holding_lets_the_batch_under_way_end_and_none_begin() -> None:
    duties = Duties(*[START - number * HOUR for number in range(6)])
    duties.may_go_on.clear()
    tick, _ = a_tick(duties)
    under_way = asyncio.create_task(tick())
    await asyncio.sleep(0.01)
    holding = asyncio.create_task(tick.hold())
    await asyncio.sleep(0.01)
    assert not holding.done(), "it waits for the batch"
    duties.may_go_on.set()
    await holding
    assert await under_way == 2
    assert await tick() == 0
    assert (len(duties.done), duties.asked) == (2, 1)
