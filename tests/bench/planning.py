"""What it takes to plan for thousands and to find what is due, beside two well-known libraries, in one run."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import Table, delete

from bot import garbage
from bot.coaching.records import Person
from bot.coaching.rhythm.wall_time import instant
from bot.services.ports import Duty, DutyKind
from bot.storage.engine import connect
from bot.storage.store import Database
from bot.storage.tables import cadence_decision, duty, meeting, outbox, standing
from tests import databases
from tests.bench import rivals
from tests.bench.lag import Lag
from tests.company import MONDAY, Company, a_company, a_team

ROWS_EACH, TEAM, WAITING, SLICE = 3, 10, 100_000, 1_000
RIVALS_SHARE = 10
"""The libraries add so much less often than we do, for they take a second per thousand; ratios are per row."""
LOOKS = 200
ZONES = ("America/New_York", "Europe/Berlin", "Asia/Kolkata", "America/Los_Angeles", "Australia/Sydney")


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by the clock, and of our own process's computing."""

    clock: float
    processor: float


@contextmanager
def stopwatch(taken: list[Took]) -> Iterator[None]:
    clock, processor = time.perf_counter(), time.process_time()
    yield
    taken.append(Took(time.perf_counter() - clock, time.process_time() - processor))


def report(reps: int) -> None:
    """Print everything for an organisation of so many reps, over a PostgreSQL of our own and over SQLite."""
    databases.open_folder()
    try:
        asyncio.run(_report(reps))
    finally:
        databases.close_folder()


async def _report(reps: int) -> None:
    garbage.settle()  # as a process does before it lets anybody in
    _compute(reps)
    people = [person for team in range(reps // TEAM) for person in _team(team)]
    print(f"{'':44}{'clock':>9}{'processor':>11}{'loop held at most':>22}, in a run of its own")
    for engine in ("SQLite", "PostgreSQL"):
        async with _database(engine) as database:
            await _plan(engine, await a_company(database, people, country="US"), reps)
    await _store(reps * ROWS_EACH)
    await _find()


def _team(team: int) -> tuple[Person, ...]:
    zone = ZONES[team % len(ZONES)]
    return a_team(f"boss{team:05d}", zone, *((f"rep{team:05d}-{number}", zone) for number in range(TEAM)))


def _compute(reps: int) -> None:
    taken: list[Took] = []
    day = MONDAY.date()
    with stopwatch(taken):
        for number in range(reps * ROWS_EACH):
            instant(day + timedelta(days=number % 365), MONDAY.time(), ZONES[number % len(ZONES)])
    print(f"{reps * ROWS_EACH:,} wall times to instants: {taken[0].processor:.2f} s\n")


async def _plan(engine: str, company: Company, reps: int) -> None:
    """Plan with nobody looking, and the same once more beside ``Lag``, which takes a share of the processor itself."""
    for what, expected, anew in (
        ("first, cadences computed", reps, (meeting, duty, outbox, standing, cadence_decision)),
        ("nothing to do", 0, ()),
        ("cadences decided", reps, (meeting, duty, outbox, standing)),
    ):
        taken: list[Took] = []
        await _undo(company, anew)
        with stopwatch(taken):
            planned = await company.cases.rounds.plan_all()
        await _undo(company, anew)
        async with Lag() as lag:
            planned += await company.cases.rounds.plan_all()
        if planned != 2 * expected:
            raise SystemExit(f"{planned} of {2 * expected} 1:1s were planned")
        (took,) = taken
        print(
            f"{engine + ', ' + str(reps) + ' reps, ' + what:44}{took.clock:7.1f} s{took.processor:9.1f} s"
            f"{lag.processor:9.0f} ms of {lag.clock:4.0f} ms"
        )


async def _undo(company: Company, tables: Sequence[Table]) -> None:
    async with company.database._begin() as connection:
        for table in tables:
            await connection.execute(delete(table))


async def _store(rows: int) -> None:
    """Write due rows the way each is meant to be used, and the quickest way each has."""
    due = [MONDAY + timedelta(seconds=number) for number in range(rows)]
    few = due[: rows // RIVALS_SHARE]
    url, name = databases.new_postgresql("bench_store"), "bench_store"
    database = connect(url)
    runs: list[tuple[str, int, Callable[[], Awaitable[None]]]] = [
        ("due rows, a transaction for each thousand", rows, lambda: _add(database, due, SLICE)),
        ("due rows, a transaction each", len(few), lambda: _add(database, few, 1)),
    ]
    with rivals.apscheduler_store(url) as scheduler:
        async with rivals.procrastinate_app(url) as queue:
            runs += [
                ("APScheduler, add_job", len(few), lambda: rivals.add_jobs(scheduler, few)),
                ("procrastinate, defer", len(few), lambda: rivals.defer(queue, few)),
                ("procrastinate, batch_defer", rows, lambda: rivals.batch_defer(queue, due, SLICE)),
            ]
            print(f"\n{'Write what falls due, PostgreSQL':44}{'rows':>9}{'clock':>11}{'a row':>12}{'ratio':>8}")
            first: float | None = None
            for label, count, run in runs:
                taken: list[Took] = []
                with stopwatch(taken):
                    await run()
                each = taken[0].clock / count
                first = each if first is None else first
                print(f"{label:44}{count:9,}{taken[0].clock:9.2f} s{1e3 * each:9.3f} ms{each / first:8.1f}")
    await database.dispose()
    databases.drop_postgresql(name)


async def _add(database: Database, due: Sequence[datetime], at_once: int) -> None:
    for begin in range(0, len(due), at_once):
        async with database.transaction() as tx:
            await tx.duties.add(
                *(
                    Duty(f"bench:{begin + number}:{at_once}", DutyKind.REMIND, f"rep{begin + number}", when)
                    for number, when in enumerate(due[begin : begin + at_once])
                )
            )


async def _find() -> None:
    """Ask what is due when nothing is, and take one that is, among so many that aren't."""
    later = [MONDAY + timedelta(days=1, seconds=number) for number in range(WAITING)]
    print(f"\n{f'Among {WAITING:,} waiting rows, milliseconds':44}{'median':>9}{'99% below':>11}{'ratio':>8}")
    for engine in ("SQLite", "PostgreSQL"):
        async with _database(engine) as database:
            await _add(database, later, SLICE)
            ours = await _looks(lambda: _nothing_due(database))
            _line(f"{engine}: due rows, nothing due", ours, ours)
            await _add_one(database)
            _line(f"{engine}: due rows, one taken and put back", await _looks(lambda: _take(database)), ours)
            if engine == "PostgreSQL":
                await _rivals_find(database, later, ours)


async def _rivals_find(database: Database, later: Sequence[datetime], ours: list[float]) -> None:
    url = database._engine.url.render_as_string(hide_password=False)
    with rivals.apscheduler_store(url) as scheduler:
        rivals.fill_jobs(scheduler, later)
        _line("APScheduler, nothing due", await _looks(lambda: rivals.wake_up(scheduler, MONDAY)), ours)
    async with rivals.procrastinate_app(url) as queue:
        await rivals.batch_defer(queue, later, SLICE)
        _line("procrastinate, nothing due", await _looks(lambda: rivals.fetch(queue)), ours)


async def _looks(look: Callable[[], Awaitable[None]]) -> list[float]:
    taken: list[Took] = []
    for _ in range(LOOKS):
        with stopwatch(taken):
            await look()
    return sorted(1e3 * one.clock for one in taken)


def _line(label: str, taken: list[float], ours: list[float]) -> None:
    print(f"{label:44}{median(taken):9.2f}{taken[int(0.99 * len(taken))]:11.2f}{median(taken) / median(ours):8.1f}")


async def _nothing_due(database: Database) -> None:
    async with database.transaction() as tx:
        if await tx.duties.claim(MONDAY, 1):
            raise SystemExit("something was due")


async def _add_one(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.duties.add(Duty("bench:now", DutyKind.REMIND, "rep", MONDAY))


async def _take(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.duties.release(*await tx.duties.claim(MONDAY, 1))


@asynccontextmanager
async def _database(engine: str) -> AsyncIterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        name = f"bench_{datetime.now(UTC):%H%M%S%f}"
        is_sqlite = engine == "SQLite"
        database = connect(
            databases.new_sqlite(Path(folder) / "bench.sqlite3") if is_sqlite else databases.new_postgresql(name)
        )
        try:
            yield database
        finally:
            await database.dispose()
            if not is_sqlite:
                databases.drop_postgresql(name)
