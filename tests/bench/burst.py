"""How soon clicks are acknowledged that come at one instant, and a lone one, through real sockets."""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, func, select

from bot.sandbox.server import Sandbox
from bot.services.receipts import CROWD
from bot.storage.engine import parse_url
from bot.storage.tables import goal
from tests import databases
from tests.bench.crowd import Crowd, a_morning

LONE, WARM = 100, 20
PAUSE_SECONDS = 0.2
"""Between two lone clicks: so long that what the one before has the bot say is said."""
NEVER = 10**9
SLACK_SECONDS = 3.0
WAYS = {"written down together": CROWD, "each done first": NEVER}
LONGEST_SECONDS = 120.0


@dataclass(frozen=True)
class Burst:
    """Seconds until clicks were acknowledged, and until the last was done; processor seconds are per click."""

    p50: float
    p99: float
    longest: float
    late: float
    done: float
    cpu_acknowledged: float
    cpu_done: float
    lone_p50: float
    lone_p99: float


def report(clicks: int, runs: int) -> None:
    """Print the medians of ``runs``, in which databases and ways take turns."""
    os.environ[databases.SYNC] = "on"
    databases.open_folder()
    try:
        seen: dict[tuple[str, str], list[Burst]] = {}
        for run in range(runs):
            for database in ("SQLite", "PostgreSQL"):
                for way, crowd in WAYS.items():
                    burst = asyncio.run(_burst(_new(database, f"burst{run}_{crowd}"), clicks, crowd))
                    seen.setdefault((database, way), []).append(burst)
    finally:
        databases.close_folder()
    print(f"{clicks:,} clicks at one instant; medians of {runs} runs; seconds, and processor milliseconds a click")
    head = ("p50", "p99", "max", "over 3 s", "all done", "CPU to ack", "CPU in all", "lone p50 ms", "lone p99 ms")
    print(f"{'':36}" + "".join(f"{name:>12}" for name in head))
    middle = {key: _median(bursts) for key, bursts in seen.items()}
    for (database, way), burst in middle.items():
        print(
            f"{f'{database}, {way}':36}{burst.p50:12.2f}{burst.p99:12.2f}{burst.longest:12.2f}{burst.late:12.0f}"
            f"{burst.done:12.1f}{1e3 * burst.cpu_acknowledged:12.2f}{1e3 * burst.cpu_done:12.2f}"
            f"{1e3 * burst.lone_p50:12.1f}{1e3 * burst.lone_p99:12.1f}"
        )
    first, second = WAYS
    for database in ("SQLite", "PostgreSQL"):
        together, alone = middle[database, first], middle[database, second]
        print(f"{database}: p99 {second} is {alone.p99 / together.p99:.1f} times that {first}")


def _median(bursts: list[Burst]) -> Burst:
    return Burst(*(statistics.median(getattr(burst, field.name) for burst in bursts) for field in fields(Burst)))


def _new(database: str, name: str) -> str:
    if database == "PostgreSQL":
        return databases.new_postgresql(name)
    return databases.new_sqlite(Path(os.environ[databases.FOLDER]) / f"{name}.sqlite3")


async def _burst(url: str, clicks: int, crowd: int) -> Burst:
    people = Crowd(clicks + LONE + WARM, a_morning())
    sandbox = Sandbox(people.members(), (), now=people.now, speed=1)
    await sandbox.start()
    sandbox.socket.ack_seconds = LONGEST_SECONDS
    await people.move_in(url)
    try:
        async with _bot(url, sandbox, crowd) as process:
            every = people.clicks(range(people.reps))
            for click in every[:WARM]:
                await _acknowledged(sandbox, click, time.perf_counter())
            lone = []
            for click in every[WARM : WARM + LONE]:
                lone.append(await _acknowledged(sandbox, click, time.perf_counter()))
                await asyncio.sleep(PAUSE_SECONDS)
            cpu, began = _processor_seconds(process.pid), time.perf_counter()
            waits = sorted(
                await asyncio.gather(*(_acknowledged(sandbox, each, began) for each in every[WARM + LONE :]))
            )
            acknowledged = _processor_seconds(process.pid)
            await _until_done(url, people.reps)
            done, in_all = time.perf_counter() - began, _processor_seconds(process.pid)
    finally:
        await sandbox.stop()
    lone.sort()
    return Burst(
        p50=waits[len(waits) // 2],
        p99=waits[int(0.99 * len(waits))],
        longest=waits[-1],
        late=sum(wait > SLACK_SECONDS for wait in waits),
        done=done,
        cpu_acknowledged=(acknowledged - cpu) / clicks,
        cpu_done=(in_all - cpu) / clicks,
        lone_p50=lone[len(lone) // 2],
        lone_p99=lone[int(0.99 * len(lone))],
    )


async def _acknowledged(sandbox: Sandbox, click: dict[str, Any], began: float) -> float:
    """Bring a click; returns the seconds from ``began`` until its acknowledgement came."""
    ack = await sandbox.courier.interact("interactive", click)
    if not ack.acked or ack.payload:
        raise RuntimeError(f"a click wasn't acknowledged: {ack.problem or ack.payload}")
    return time.perf_counter() - began


async def _until_done(url: str, goals: int) -> None:
    """Look on from outside, without taking SQLite's one place for writing as the bot's own transactions do."""
    looking = create_engine(parse_url(url).set(drivername="sqlite" if "sqlite" in url else "postgresql+psycopg"))
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            while True:
                with looking.connect() as connection:
                    if connection.scalar(select(func.count()).where(goal.c.version > 1)) == goals:
                        return
                await asyncio.sleep(0.1)
    finally:
        looking.dispose()


@asynccontextmanager
async def _bot(url: str, sandbox: Sandbox, crowd: int) -> AsyncIterator[subprocess.Popen[bytes]]:
    environment = os.environ | {
        "SLACK_BOT_TOKEN": "xoxb-sandbox",
        "SLACK_APP_TOKEN": "xapp-sandbox",
        "SLACK_API_URL": sandbox.api_url,
        "CADENCE_DATABASE_URL": url,
        "CADENCE_HEALTH_PORT": "0",
    }
    command = [sys.executable, "-m", "tests.bench.bursting_bot", str(crowd)]
    process = subprocess.Popen(command, env=environment)  # noqa: ASYNC220, S603 - this very program
    try:
        await sandbox.socket.until_connected(2, within=60)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.wait)


def _processor_seconds(pid: int) -> float:
    """Return what a process has used, where Linux tells it; else 0."""
    told = Path(f"/proc/{pid}/stat")
    if not told.exists():
        return 0.0
    values = told.read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK")
