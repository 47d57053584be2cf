"""Either of the two moves a 1:1 to one of three free times, and both read the new date where they read the old one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from world import MANAGER, OTHER_MANAGER, REP, World, a_world, buttons, words

from bot.coaching.meeting import MeetingState
from bot.coaching.records import PersonId
from bot.coaching.rhythm.free_times import Span
from bot.coaching.rhythm.wall_time import span
from bot.sandbox import Mishap
from bot.views.ids import ActionId


def announced(world: World, user: str) -> dict[str, Any]:
    """Return the message that tells somebody the date of Ruth's 1:1."""
    about = "Mara Quinn" if user == REP else "Ruth Adler"
    (found,) = [m for m in world.sandbox.messages(user) if f"Your 1:1 with {about}* is planned for" in m["text"]]
    return found


def offered(world: World, user: str) -> list[str]:
    view = world.sandbox.open_view(user)
    assert view is not None
    return [option["value"] for option in view["blocks"][1]["element"]["options"]]


async def told_both(world: World) -> None:
    await world.go_to(datetime(2017, 10, 2, 15, tzinfo=UTC))  # ten in Chicago, eleven in New York


@pytest.mark.parametrize("mover", [REP, MANAGER])
async def test_who_picks_a_time_moves_the_meeting_and_both_read_it_in_its_announcement(
    database_url: str, mover: str
) -> None:
    other = MANAGER if mover == REP else REP
    async with a_world(database_url) as world:
        await told_both(world)
        before, count = await world.meeting(), {user: len(world.texts(user)) for user in (REP, MANAGER)}
        stamps = {user: announced(world, user)["ts"] for user in (REP, MANAGER)}
        await world.press(mover, announced(world, mover), ActionId.MEETING_MOVE)
        slots = offered(world, mover)
        assert len(set(slots)) == 3
        done = await world.fill(mover, lambda block: {"slot": slots[2]} if block == "slot" else {"text": "At a <fair>"})
        assert not done.errors
        assert world.sandbox.open_view(mover) is None

        moved, closed = await world.meetings()
        assert (closed.id, closed.state, closed.closing_words) == (before.id, MeetingState.MOVED, "At a <fair>")
        assert moved.appointment.starts_at == datetime.fromisoformat(slots[2])
        assert moved.due == (moved.appointment.day if mover == REP else before.due)
        for user in (REP, MANAGER):
            shown = announced(world, user)
            assert shown["ts"] == stamps[user], "rewritten, not said anew"
            said = words(shown)
            assert str(int(moved.appointment.starts_at.timestamp())) in said
            assert "At a &lt;fair&gt;" in said
            assert ("by you from" in said) == (user == mover)
        assert len(world.texts(mover)) == count[mover], "an own click is not told again"
        assert len(world.texts(other)) == count[other] + 1, "a rewritten message makes no sound: the other hears once"
        assert "has moved" in world.texts(other)[-1]

        await world.until(REP, ActionId.PROMPT_OPEN)
        await world.until(MANAGER, ActionId.PRE_READ_HOW)
        await world.until(REP, ActionId.FORK_YES)
        assert world.bot.clock.now() == moved.appointment.starts_at, "questions, agenda and choices went along"


async def test_a_time_taken_meanwhile_is_answered_with_fresh_ones_and_nothing_is_moved(database_url: str) -> None:
    async with a_world(database_url) as world:
        await told_both(world)
        before = await world.meeting()
        await world.press(REP, announced(world, REP), ActionId.MEETING_MOVE)
        first, *_ = offered(world, REP)
        omar = await world.meeting("omar")
        await world.bot.cases.moving.move(omar.id, MANAGER, first, "")
        assert (await world.meeting("omar")).appointment.starts_at == datetime.fromisoformat(first)

        await world.fill(REP, lambda block: {"slot": first} if block == "slot" else {"text": ""})
        assert (await world.meeting()) == before
        fresh = offered(world, REP)
        view = world.sandbox.open_view(REP)
        assert "That time was taken meanwhile; nothing was moved." in words(view)
        assert first not in fresh
        assert len(set(fresh)) == 3
        await world.fill(REP, lambda block: {"slot": fresh[0]} if block == "slot" else {"text": ""})
        assert (await world.meeting()).appointment.starts_at == datetime.fromisoformat(fresh[0])


async def test_who_never_saw_that_a_time_was_taken_is_told_again_and_not_left_to_think_that_it_moved(
    database_url: str, over: dict[str, str]
) -> None:
    async with a_world(database_url, **over) as world:
        await told_both(world)
        before = await world.meeting()
        await world.press(REP, announced(world, REP), ActionId.MEETING_MOVE)
        first, *_ = offered(world, REP)
        await world.bot.cases.moving.move((await world.meeting("omar")).id, MANAGER, first, "")
        world.sandbox.courier.next(Mishap.UNHEARD)
        for acked in (False, True):
            sent = await world.fill(REP, lambda block: {"slot": first} if block == "slot" else {"text": ""})
            assert sent.acked is acked
        assert (await world.meeting()) == before
        assert "That time was taken meanwhile" in words(world.sandbox.open_view(REP))


async def test_once_it_has_begun_only_the_manager_moves_it(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.to_forks()
        await world.settle()
        meeting = await world.meeting()
        await world.press_unseen(REP, ActionId.MEETING_MOVE, meeting.id)
        assert "Mara Quinn can still move it" in world.told(REP)
        await world.press_unseen(MANAGER, ActionId.MEETING_MOVE, meeting.id)
        assert len(offered(world, MANAGER)) == 3


async def test_nobody_else_moves_it(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        meeting = await world.meeting()
        await world.press_unseen(OTHER_MANAGER, ActionId.MEETING_MOVE, meeting.id)
        assert "for the two who hold it" in world.told(OTHER_MANAGER)


class Engaged:
    """Calendars in which people have something else all day, but for one."""

    def __init__(self, *days_free: date) -> None:
        self._days_free = days_free

    async def busy(self, person: PersonId, start: datetime, end: datetime) -> tuple[Span, ...]:
        days = [start + timedelta(days=ahead) for ahead in range((end - start).days)]
        busy = [day.replace(hour=0, minute=0) for day in days if day.date() not in self._days_free]
        return tuple((day, day + timedelta(days=1)) for day in busy if person == "ruth")


async def test_what_a_calendar_says_is_never_offered_nor_planned_over(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await told_both(world)
        free = date(2017, 10, 18)
        office = world.bot.cases.moving._office
        object.__setattr__(office, "calendars", Engaged(free))
        await world.press(MANAGER, announced(world, MANAGER), ActionId.MEETING_MOVE)
        times = [datetime.fromisoformat(slot) for slot in offered(world, MANAGER)]
        assert {at.date() for at in times} == {free}
        await world.bot.cases.moving.move((await world.meeting()).id, MANAGER, times[0].isoformat(), "")
        starts, ends = span((await world.meeting()).appointment)
        assert starts.date() == ends.date() == free


async def test_the_buttons_of_the_rep_and_the_manager_before_the_meeting(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await told_both(world)
        for user, excuse in ((REP, 0), (MANAGER, 1)):
            assert len(buttons(announced(world, user), ActionId.MEETING_MOVE)) == 1
            assert len(buttons(announced(world, user), ActionId.MEETING_EXCUSE)) == excuse
