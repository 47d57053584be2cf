"""A company of five: the real services over a SQLite file, a clock that is moved, and a Slack that remembers."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Collection, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from world import some_deals

from bot.clock import ManualClock
from bot.coaching.meeting import MeetingId
from bot.coaching.records import Leave, PeriodGoal, Person, PersonId, Records
from bot.coaching.rhythm.free_times import NoSlotError
from bot.config import load
from bot.errors import CadenceError
from bot.services.forks import GoalRef
from bot.services.intake import take_in
from bot.services.ports import Claimed, SlackAccount, Surface
from bot.services.use_cases import UseCases, use_cases
from bot.slack.errors import REFUSALS
from bot.storage.engine import connect
from bot.storage.store import Database
from bot.surroundings import office
from tests.company import NO_OUTLETS, nothing_found

START = datetime(2017, 10, 2, 7, tzinfo=UTC)  # a Monday
MARA, NINA, RUTH, OMAR, IDA = map(PersonId, ("mara", "nina", "ruth", "omar", "ida"))
ZONES = {
    MARA: "America/New_York",
    NINA: "Europe/Berlin",
    RUTH: "America/Chicago",
    OMAR: "Europe/Berlin",
    IDA: "Asia/Kolkata",
}
MANAGERS = {RUTH: MARA, OMAR: MARA, IDA: NINA}
PEOPLE = tuple(
    Person(one, one.title(), f"{one}@example.com", MANAGERS.get(one), timezone=zone, country="US", is_admin=one == NINA)
    for one, zone in ZONES.items()
)
USERS = {one: f"U{one.upper()}" for one in ZONES}
STRANGER = "USTRANGER"
RECORDS = Records(
    people=PEOPLE,
    deals=tuple(deal for rep in MANAGERS for deal in some_deals(rep)),
    goals=tuple(PeriodGoal(rep, date(2017, 10, 1), date(2017, 12, 31), 90_000.0) for rep in MANAGERS),
)
AT_A_TIME = 50
Result = TypeVar("Result")


@dataclass(frozen=True)
class Said:
    """One post in Slack, and whether the reader's own click had just asked for it."""

    at: datetime
    key: str
    kind: str
    to: PersonId
    answers: bool


class Directory:
    """Knows everybody by e-mail address, as Slack does."""

    def __init__(self, deactivated: Collection[PersonId]) -> None:
        self._deactivated = deactivated

    async def accounts(
        self, people: Collection[Person], known: Collection[SlackAccount] = (), *, patient: bool = True
    ) -> tuple[SlackAccount, ...]:
        del patient
        return tuple(
            SlackAccount(one.id, USERS[one.id], ZONES[one.id]) for one in people if one.id not in self._deactivated
        )

    async def is_person(self, user: str) -> bool:
        return user in USERS.values()


class Company:
    """Everything a machine acts on. ``tables`` reads what is committed, past all of the bot's own code."""

    def __init__(self, file: Path, *, now: datetime = START, said: Sequence[Said] = ()) -> None:
        """Go on with a database at some moment, after all that was ``said``."""
        self._file = file
        self._runner = asyncio.Runner()
        self.clock = ManualClock(now)
        self.said = list(said)
        self.rewritten = 0
        self.faults: list[str] = []
        self.deactivated: set[PersonId] = set()
        self.disturbed: set[PersonId] = set()
        self.checked = len(said)
        self.database: Database
        self.cases: UseCases
        self._runner.run(self._open())
        self._reader = sqlite3.connect(file, isolation_level=None)
        self._reader.row_factory = sqlite3.Row

    async def begin(self) -> None:
        """Import the records and let the bot start."""
        await self._import(RECORDS)
        await self.cases.roster.match()
        await self.cases.rounds.plan_all()
        await self.work()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self._runner.run(work)

    async def _open(self) -> None:
        settings = load({"CADENCE_DATABASE_URL": f"sqlite:///{self._file}", "CADENCE_COUNTRY": "US"}, need_slack=False)
        self.database = connect(settings.database_url)
        self.cases = use_cases(
            office(settings, self.database, self.clock),
            Directory(self.deactivated),
            REFUSALS,
            NO_OUTLETS,
            nothing_found,
        )

    async def restart(self) -> None:
        """End the process and start another one, which does at once what a start does."""
        await self.database.dispose()
        await self._open()
        await self.cases.roster.match()
        await self.cases.rounds.plan_all()
        await self.work()

    def close(self) -> None:
        self._reader.close()
        self._runner.run(self.database.dispose())
        self._runner.close()

    def tables(self, query: str, *values: object) -> list[sqlite3.Row]:
        return self._reader.execute(query, values).fetchall()

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return all rows that a decision may change."""
        names = (
            "meeting goal goal_history goal_report outbox duty standing cadence_decision market_proposal leave person "
            "slack_account forecast"
        )
        return {name: [tuple(row) for row in self.tables(f"SELECT * FROM {name} ORDER BY 1")] for name in names.split()}  # noqa: S608

    async def _import(self, records: Records) -> None:
        async with self.database.transaction() as tx:
            await take_in(tx, records)

    async def person(self, one: PersonId) -> Person:
        async with self.database.transaction() as tx:
            found = await tx.people.get(one)
        assert found is not None
        return found

    async def change(self, one: PersonId, **changes: Any) -> None:
        """Import a person's changed record."""
        self.disturbed.add(one)
        await self._import(Records(people=(replace(await self.person(one), **changes),)))

    async def give_leave(self, one: PersonId, first: date, days: int) -> None:
        async with self.database.transaction() as tx:
            await tx.people.add_leave(Leave(one, first, first + timedelta(days=days - 1)))
        self.disturbed.add(one)

    async def deactivate(self, one: PersonId, *, deleted: bool) -> None:
        """Let Slack say that an account is deactivated, or there again."""
        self.disturbed.add(one)
        (self.deactivated.add if deleted else self.deactivated.discard)(one)
        zone = None if deleted else ZONES[one]
        await self.cases.roster.changed(USERS[one], email=f"{one}@example.com", zone=zone, deleted=deleted)

    async def go_to(self, moment: datetime) -> None:
        """Let time pass as it does for a bot that runs: whatever falls due is done and sent at its instant."""
        await self.work()
        while (due := await self._next_due()) is not None and due <= moment:
            if due > self.clock.now():
                self.clock.move_to(due)
            await self.work()
        self.clock.move_to(max(moment, self.clock.now()))

    async def go_to_next(self) -> None:
        """Let time pass until something happens."""
        due = await self._next_due()
        await self.go_to(self.clock.now() if due is None else max(due, self.clock.now()))

    async def free(self, meeting_id: MeetingId) -> tuple[str, ...]:
        """Return the instants to which a 1:1 can be moved."""
        async with self.database.transaction() as tx:
            meeting = await tx.meetings.get(meeting_id)
            assert meeting is not None
            try:
                slots = await self.cases.closing._planning.slots(tx, meeting, 60)
            except NoSlotError:
                return ()
        return tuple(slot.starts_at.isoformat() for slot in slots)

    def is_there(self, one: str) -> bool:
        """Whether the person is in the records and has a live account."""
        query = "SELECT active FROM person WHERE id = ?"
        return bool(self.tables(query, one)[0]["active"]) and one not in self.deactivated

    async def agree(self) -> None:
        """Let every rep say yes, every manager approve, and every 1:1 that began be held."""
        for row in self.tables("SELECT id, rep, manager, version FROM goal WHERE state = 'offered'"):
            with suppress(CadenceError):
                await self.cases.forks.accept(GoalRef(row["id"], row["version"]), USERS[row["rep"]])
                await self.cases.approvals.approve(GoalRef(row["id"], row["version"] + 1), USERS[row["manager"]])
        for row in self.tables("SELECT id, manager FROM meeting WHERE state = 'started'"):
            await self.cases.closing.held(row["id"], USERS[row["manager"]])
        await self.work()

    async def sleep_until(self, moment: datetime) -> None:
        """Let time pass while the bot is down, then start it."""
        self.clock.move_to(moment)
        await self.restart()

    async def _next_due(self) -> datetime | None:
        dues = (await self.cases.ticks.next_due(), await self.database.deliveries.next_due())
        return min((due for due in dues if due is not None), default=None)

    async def work(self, *, answers_to: PersonId | None = None) -> None:
        """Do and send all that is due now; posts to ``answers_to`` answer a click of theirs."""
        while await self.cases.ticks.run_due(self.clock.now()):
            pass
        while rows := await self.database.deliveries.claim(self.clock.now(), AT_A_TIME, 60):
            for row in rows:
                await self._show(row, answers_to)

    async def _show(self, row: Claimed, answers_to: PersonId | None) -> None:
        ts = row.ts
        if row.surface is Surface.MESSAGE and ts is None and (until := await self.cases.waking.sleeps_until(row)):
            assert await self.database.deliveries.put_off(row, until)
            return
        if row.surface is Surface.MESSAGE and ts is None:
            ts = f"{len(self.said)}.0"
            self.said.append(Said(self.clock.now(), row.key, row.kind, row.to, answers=row.to == answers_to))
            if row.to in self.deactivated or not (await self.person(row.to)).active:
                self.faults.append(f"{row.key} was posted to somebody who isn't there")
        else:
            self.rewritten += 1
        assert await self.database.deliveries.sent(row, "D1", ts or "home")
