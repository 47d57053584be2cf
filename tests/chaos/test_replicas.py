"""Several processes on one database share the work, start together, and end without cutting anything off."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fate import KILL
from figures import NO_FATE, Figures, Log
from life import Chaos, chaos, order
from nursery import Nursery
from promises import told
from sqlalchemy import select, text
from world import REP, START, buttons

import migrations
from bot.coaching.commitment import GoalState
from bot.coaching.records import PersonId
from bot.sandbox import Sandbox, slow
from bot.storage import migrate
from bot.storage.engine import connect
from bot.storage.tables import SendState, outbox
from bot.views.ids import ActionId

pytestmark = pytest.mark.xdist_group("chaos")

REPLICAS = 3
REVISIONS = len(list((Path(migrations.__path__[0]) / "versions").glob("[0-9]*.py")))


async def test_replicas_share_the_duties_and_do_each_once(
    nursery: Nursery, tmp_path: Path, postgresql_url: str
) -> None:
    async with chaos(nursery, postgresql_url, tmp_path, seed=1) as life:
        await life.until(events=25, processes=REPLICAS)
        faults = await life.faults()
        assert not faults, told(faults, life.figures.seed)
    assert set(life.figures.duties.values()) == {1}
    assert len(life.figures.duties) >= 25
    # Whoever ticks first takes what is due: nothing promises each of three a turn within a few days of work.
    assert len(set.union(*life.figures.duties_by.values())) > 1


@pytest.mark.parametrize("killed", [0, 1])
async def test_replicas_that_start_on_an_empty_database_migrate_it_once(
    nursery: Nursery, tmp_path: Path, empty_postgresql_url: str, killed: int
) -> None:
    sandbox = Sandbox([], [], now=START)
    wanted = order("migrate", empty_postgresql_url, sandbox, tmp_path)
    fates = [(KILL, ["migration.begun"], 1)] * killed + [NO_FATE] * (REPLICAS - killed)
    processes = [await nursery.start(wanted | {"fate": fate}) for fate in fates]
    ends = await asyncio.gather(*(process.end() for process in processes))
    assert ends.count(0) >= REPLICAS - killed, (tmp_path / "diary").read_text()
    log = Log(tmp_path / "log", Figures(0))
    log.read()
    assert log.figures.duties["migration"] == REVISIONS + log.figures.killed
    await asyncio.to_thread(migrate.check, empty_postgresql_url)


async def test_sigterm_lets_a_click_under_way_finish(nursery: Nursery, tmp_path: Path, database_url: str) -> None:
    async with chaos(nursery, database_url, tmp_path, seed=1) as life:
        process = await nursery.start(life.order | {"fate": NO_FATE})
        fork = await _until_fork(life)
        yes, *_ = buttons(fork, ActionId.FORK_YES)
        channel = life.sandbox.workspace.person(REP).channel
        life.sandbox.socket.ack_seconds = 5
        async with _everything_locked(life):
            click = asyncio.create_task(life.sandbox.click(REP, channel, fork["ts"], ActionId.FORK_YES, yes["value"]))
            await asyncio.sleep(0.3)
            process.send(signal.SIGTERM)
            await asyncio.sleep(0.3)
            assert not click.done()
        assert (await click).acked
        assert await process.end() == 0
        async with life.store.transaction() as tx:
            assert len(await tx.goals.of_rep(PersonId("ruth"), states=frozenset({GoalState.ACCEPTED}))) == 1


async def test_sigterm_lets_a_message_under_way_be_sent_and_noted(
    nursery: Nursery, tmp_path: Path, database_url: str
) -> None:
    async with chaos(nursery, database_url, tmp_path, seed=1) as life:
        life.sandbox.faults.next("chat.postMessage", slow(0.4))
        process = await nursery.start(life.order | {"fate": NO_FATE, "pace": life.order["pace"] | {"timeout": 0.7}})
        async with asyncio.timeout(20):
            while not any(life.sandbox.messages(user) for user in life.hands.persons):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        process.send(signal.SIGTERM)
        assert await process.end() == 0
        async with life.store._begin() as connection:
            rows = (await connection.execute(select(outbox.c.state, outbox.c.unsure_since))).all()
        assert SendState.SENT in {row.state for row in rows}
        assert all(row.state is not SendState.SENDING and row.unsure_since is None for row in rows)


async def _until_fork(life: Chaos) -> dict[str, object]:
    """Go from event to event until the rep sees a fork."""
    for _ in range(60):
        await life._settle()
        found = [one for one in life.sandbox.messages(REP) if buttons(one, ActionId.FORK_YES)]
        if found:
            return found[-1]
        life.move_to(await life._next_due())
    raise AssertionError("no fork came")


@asynccontextmanager
async def _everything_locked(life: Chaos) -> AsyncIterator[None]:
    """Hold what a click has to wait for: the 1:1s on PostgreSQL, the whole file on SQLite."""
    locking = connect(life.order["environment"]["CADENCE_DATABASE_URL"])
    async with locking._begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("LOCK TABLE goal IN EXCLUSIVE MODE"))
        yield
    await locking.dispose()
