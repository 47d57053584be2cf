"""A new tzdata with other rules for a zone: what was planned by wall time stays at its wall time."""

from __future__ import annotations

import asyncio
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import tzdata
from sqlalchemy import select

from bot.coaching.meeting import Meeting
from bot.coaching.rhythm import standing_place
from bot.services.ports import DutyKind
from bot.storage.store import Database
from bot.storage.tables import DutyState, duty, outbox
from tests.company import Company, a_company, a_team

START = datetime(2026, 3, 16, 9, tzinfo=UTC)
"""Two weeks before Berlin's clocks go forward, so that the first 1:1s are planned for days after it."""

PEOPLE = a_team("mara", "Europe/Berlin", *((f"rep{number}", "Europe/Berlin") for number in range(9)))


@pytest.fixture
def new_rules(tmp_path: Path) -> Iterator[Path]:
    """A folder of zone files that ``adopt`` lets this process read; Berlin's gives summer time up for good."""
    folder = tmp_path / "zoneinfo" / "Europe"
    folder.mkdir(parents=True)
    known = Path(tzdata.__path__[0]) / "zoneinfo" / "Etc" / "GMT-1"
    (folder / "Berlin").write_bytes(known.read_bytes())
    yield folder.parent
    zoneinfo.reset_tzpath()
    forget_rules()


def adopt(folder: Path) -> None:
    """What a start with a new tzdata does."""
    zoneinfo.reset_tzpath(to=[str(folder), *zoneinfo.TZPATH])
    forget_rules()


def forget_rules() -> None:
    ZoneInfo.clear_cache()
    standing_place._fit.cache_clear()


async def open_meetings(database: Database) -> tuple[Meeting, ...]:
    async with database.transaction() as tx:
        return await tx.meetings.all_open()


async def waiting(database: Database) -> dict[tuple[str, DutyKind], datetime]:
    async with database._begin() as connection:
        query = select(duty.c.subject, duty.c.kind, duty.c.due_at).where(duty.c.state == DutyState.WAITING)
        rows = (await connection.execute(query)).all()
    found = {(subject, kind): due for subject, kind, due in rows if kind is not DutyKind.PLAN}
    assert len(found) == len([row for row in rows if row.kind is not DutyKind.PLAN]), "each falls due once"
    return found


async def planned(database: Database) -> Company:
    company = await a_company(database, PEOPLE, start=START)
    await company.cases.rounds.plan_all()
    return company


def wall_clock(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None)


async def test_what_is_planned_stays_at_its_wall_time_and_is_said_anew(store: Database, new_rules: Path) -> None:
    company = await planned(store)
    before = {meeting.id: meeting for meeting in await open_meetings(store)}
    summer = date(2026, 3, 29)
    assert {meeting.appointment.day >= summer for meeting in before.values()} == {True, False}
    read_before = {key: wall_clock(due) for key, due in (await waiting(store)).items()}
    adopt(new_rules)
    await company.cases.rounds.plan_all()
    after = {meeting.id: meeting for meeting in await open_meetings(store)}
    assert after.keys() == before.keys()
    for meeting in after.values():
        was = before[meeting.id].appointment
        later = timedelta(hours=1) if meeting.appointment.day >= summer else timedelta(0)
        assert meeting.appointment.starts_at == was.starts_at + later
        assert wall_clock(meeting.appointment.starts_at) == datetime.combine(was.day, was.at)
        assert meeting.sequence == (1 if later else 0), "a calendar has to hear of it"
    read_after = {key: wall_clock(due) for key, due in (await waiting(store)).items()}
    assert read_after == read_before
    assert {at.time() for (_, kind), at in read_after.items() if kind is DutyKind.PROMPT} == {time(9)}
    async with store._begin() as connection:
        texts = (await connection.execute(select(outbox.c.blocks).where(outbox.c.kind == "scheduled"))).scalars().all()
    assert sum("have new rules" in str(text) for text in texts) == 2 * sum(one.sequence for one in after.values())


async def test_it_is_done_once_also_by_replicas_that_start_together(store: Database, new_rules: Path) -> None:
    company = await planned(store)
    adopt(new_rules)
    await asyncio.gather(*(company.cases.rounds.plan_all() for _ in range(3)))
    first = await open_meetings(store), await waiting(store)
    assert {meeting.sequence for meeting in first[0]} == {0, 1}
    await company.cases.rounds.plan_all()
    assert (await open_meetings(store), await waiting(store)) == first


async def test_what_has_begun_keeps_its_instant(store: Database, new_rules: Path) -> None:
    company = await planned(store)
    last = (await open_meetings(store))[-1]
    company.clock.move_to(last.appointment.starts_at)
    adopt(new_rules)
    await company.cases.rounds.plan_all()
    (kept,) = [meeting for meeting in await open_meetings(store) if meeting.rep == last.rep]
    assert kept.appointment == last.appointment
