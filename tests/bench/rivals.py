"""The same work done with APScheduler's SQLAlchemyJobStore and with procrastinate, each used as its documents say."""

from __future__ import annotations

import pickle
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta

import procrastinate
from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.util import datetime_to_utc_timestamp
from sqlalchemy import make_url

FAR = timedelta(days=36_500)
"""Beyond any real clock: procrastinate goes by the database's, and none of these may be due."""


def work(number: int = 0) -> None:
    """What the jobs would do."""


class _Scheduler(BaseScheduler):
    """A scheduler that is started by nobody, to own a store."""

    def wakeup(self) -> None: ...
    def shutdown(self, *, wait: bool = True) -> None: ...


@contextmanager
def apscheduler_store(url: str) -> Iterator[BaseScheduler]:
    scheduler = _Scheduler(timezone=UTC)
    store = SQLAlchemyJobStore(url=url)
    scheduler.add_jobstore(store)
    scheduler.start(paused=True)
    yield scheduler
    store.engine.dispose()


async def add_jobs(scheduler: BaseScheduler, due: Sequence[datetime]) -> None:
    for number, when in enumerate(due):
        scheduler.add_job(work, "date", run_date=when, args=[number], misfire_grace_time=None)


def fill_jobs(scheduler: BaseScheduler, due: Sequence[datetime]) -> None:
    """Put jobs into the store's table at once, which its own interface can't."""
    (store,) = scheduler._jobstores.values()
    rows = [
        {
            "id": f"job{number}",
            "next_run_time": datetime_to_utc_timestamp(when),
            "job_state": pickle.dumps(_job(scheduler, number, when).__getstate__()),
        }
        for number, when in enumerate(due)
    ]
    with store.engine.begin() as connection:
        connection.execute(store.jobs_t.insert(), rows)


def _job(scheduler: BaseScheduler, number: int, when: datetime) -> Job:
    told = {"func": work, "args": (number,), "kwargs": {}, "name": "work", "trigger": DateTrigger(when)}
    usual = {"executor": "default", "misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    return Job(scheduler, id=f"job{number}", next_run_time=when, **told, **usual)


async def wake_up(scheduler: BaseScheduler, now: datetime) -> None:
    """Do what a wake-up does: look for due jobs, then for when the next one is."""
    (store,) = scheduler._jobstores.values()
    if store.get_due_jobs(now) or store.get_next_run_time() is None:
        raise SystemExit("something was due")


@asynccontextmanager
async def procrastinate_app(url: str) -> AsyncIterator[procrastinate.App]:
    parsed = make_url(url)
    conninfo = f"host={parsed.query['host']} user={parsed.username} dbname={parsed.database}"
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=conninfo))
    app.task(name="work")(work)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        yield app


async def defer(app: procrastinate.App, due: Sequence[datetime]) -> None:
    for number, when in enumerate(due):
        await app.configure_task("work", schedule_at=when + FAR).defer_async(number=number)


async def batch_defer(app: procrastinate.App, due: Sequence[datetime], at_once: int) -> None:
    for begin in range(0, len(due), at_once):
        some = due[begin : begin + at_once]
        # One time for all of a batch: that is how it is called.
        await app.configure_task("work", schedule_at=some[0] + FAR).batch_defer_async(
            *({"number": begin + number} for number in range(len(some)))
        )


async def fetch(app: procrastinate.App) -> None:
    worker = await app.job_manager.register_worker()
    if await app.job_manager.fetch_job(None, worker) is not None:
        raise SystemExit("something was due")
