"""A simulated year in zones drawn by a seed, and in zones whose clocks change in the night before a working day.

``make year`` goes through every zone there is.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from bot.coaching.meeting import Meeting, MeetingId, MeetingState
from bot.coaching.records import Person, PersonId
from bot.coaching.rhythm.wall_time import appointment
from bot.storage.engine import connect
from bot.storage.store import Database
from tests.year.promises import broken, instants
from tests.year.simulated import Year, all_zones, simulate

SEED = 20261125


@pytest.mark.parametrize("begins", [datetime(2026, 1, 5, 9, tzinfo=UTC), datetime(2026, 7, 6, 9, tzinfo=UTC)])
async def test_half_a_year_keeps_every_promise_whatever_the_zones(sqlite_url: str, begins: datetime) -> None:
    zones = Random(SEED).sample(all_zones(), 3)  # noqa: S311 - a game, no secret
    database = connect(sqlite_url)
    year = await simulate(database, zones, SEED, begins, 180)
    await database.dispose()
    assert broken(year) == []
    assert len(year.posts) > 60


SPRING, AUTUMN = datetime(2021, 3, 1, 9, tzinfo=UTC), datetime(2021, 10, 11, 9, tzinfo=UTC)


@pytest.mark.parametrize(("begins", "times"), [(SPRING, 0), (AUTUMN, 2)])
async def test_a_time_that_clocks_skip_or_repeat_has_its_1_on_1_once(
    store: Database, begins: datetime, times: int
) -> None:
    """In Amman in 2021 clocks changed at the beginning of a Friday."""
    zone = "Asia/Amman"
    year = await simulate(store, [zone, zone], SEED, begins, 34, nights=1, intervals=(7,), quiet=True)
    assert broken(year) == []
    odd = [
        one
        for one in year.meetings.values()
        if len(instants(one.appointment.day, one.appointment.at, zone)) == times and year.begun[one.id]
    ]
    assert [len(year.begun[one.id]) for one in odd] == [1]


REP, MANAGER = PersonId("p001"), PersonId("p000")
HELD_ON, NEXT_ON = date(2026, 5, 7), date(2026, 6, 9)
AWAY = [(date(2026, 5, 12), date(2026, 5, 29)), (date(2026, 6, 2), date(2026, 6, 6))]
"""All of the manager's Tuesdays to Thursdays in the month after; what is left are Mondays."""


@pytest.mark.parametrize(
    ("away", "planned", "is_broken"),
    [
        (AWAY, date(2026, 5, 22), False),
        (AWAY[:1], date(2026, 5, 22), True),
        (AWAY[1:], date(2026, 5, 22), True),
        (AWAY, date(2026, 5, 15), True),  # the second leave wasn't known yet
        (AWAY[1:], date(2026, 5, 28), False),  # too late for the days before the leave
    ],
)
def test_more_than_a_month_goes_by_only_where_the_month_had_no_day_left(
    away: list[tuple[date, date]], planned: date, *, is_broken: bool
) -> None:
    zone = "Europe/Berlin"
    year = Year({MANAGER: Person(MANAGER, "M", "m@x.y"), REP: Person(REP, "R", "r@x.y", manager_id=MANAGER)})
    year.zones = {who: [(datetime(2026, 1, 5, tzinfo=UTC), zone)] for who in year.people}
    year.begins, year.ends = datetime(2026, 5, 4, tzinfo=UTC), datetime(2026, 6, 15, tzinfo=UTC)
    year.leave[REP] = away
    for number, (day, since) in enumerate(((HELD_ON, HELD_ON - timedelta(days=7)), (NEXT_ON, planned))):
        when = appointment(day, time(9), zone, 30)
        one = Meeting(
            MeetingId(f"m{number}"), REP, MANAGER, MeetingState.STARTED, day, when,
            planned_at=datetime.combine(since, time(9), UTC),
        )  # fmt: skip
        year.meetings[one.id] = one
        year.begun[one.id].append(when.starts_at)
    year.held.add("m0")
    found = [line for line in broken(year) if "next on" in line]
    assert len(found) == is_broken
