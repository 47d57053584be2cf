"""A status in Slack is a hint: the person is asked where a 1:1 would fall into it, and nothing moves by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from world import REP, World, a_world, words

from bot.services.away_status import Status
from bot.views.ids import ActionId


async def at_work(world: World) -> None:
    await world.go_to(datetime(2017, 10, 2, 15, tzinfo=UTC))


async def set_status(world: World, **profile: Any) -> None:
    user = {"id": REP, "tz": "America/Chicago", "deleted": False, "profile": {"email": "ruth@example.com", **profile}}
    event = {"type": "user_change", "user": user}
    key = f"Ev{world.sandbox.workspace.next_ts()}"
    await world.deliver(
        "events_api", {"type": "event_callback", "event_id": key, "team_id": "T0SANDBOX", "event": event}
    )


async def test_a_status_over_a_meeting_is_asked_about_once_and_one_tap_moves_it(database_url: str) -> None:
    async with a_world(database_url) as world:
        await at_work(world)
        before = await world.meeting()
        until = int((before.appointment.starts_at + timedelta(days=1)).timestamp())
        for _ in range(2):
            await set_status(world, status_emoji=":palm_tree:", status_text="Vacationing", status_expiration=until)
        assert await world.meeting() == before, "a hint moves nothing"
        asked = world.find(REP, ActionId.AWAY_CONFIRM)
        assert asked is not None
        assert "Are you away from Mon 2 Oct to Thu 12 Oct 2017?" in words(asked)
        assert len([text for text in world.texts(REP) if "Are you away" in text]) == 1
        await world.press(REP, asked, ActionId.AWAY_CONFIRM)
        await world.press(REP, asked, ActionId.AWAY_CONFIRM, again=True)
        moved = await world.meeting()
        assert moved.id != before.id
        assert moved.appointment.day > before.appointment.day
        shown = next(m for m in world.sandbox.messages(REP) if m["ts"] == asked["ts"])
        assert "You are away from Mon 2 Oct" in words(shown)
        async with world.bot.database.transaction() as tx:
            assert len(await tx.people.leave_of(before.rep)) == 1


async def test_without_an_end_only_a_meeting_in_the_next_days_is_asked_about(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await at_work(world)
        await set_status(world, status_emoji=":palm_tree:", status_text="", status_expiration=0)
        assert not [text for text in world.texts(REP) if "Does your 1:1" in text]
        await world.go_to((await world.meeting()).appointment.starts_at - timedelta(days=1))
        await set_status(world, status_emoji=":palm_tree:", status_text="", status_expiration=0)
        (asked,) = [m for m in world.sandbox.messages(REP) if "Does your 1:1" in m["text"]]
        assert "/1on1 away until Friday" in words(asked)


async def test_a_status_about_anything_else_or_over_no_meeting_asks_nothing(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await at_work(world)
        late = int((await world.meeting()).appointment.starts_at.timestamp()) + 86_400
        before = len(world.texts(REP))
        await set_status(world, status_emoji=":calendar:", status_text="In a meeting", status_expiration=late)
        await set_status(world, status_emoji=":palm_tree:", status_text="", status_expiration=late - 5 * 86_400)
        assert len(world.texts(REP)) == before


@pytest.mark.parametrize("end", [None, "soon", 0, -5, 10**30])
def test_an_end_that_is_none_is_none(end: object) -> None:
    assert Status.of(":palm_tree:", None, end) == Status("palm_tree", "", None)


@pytest.mark.parametrize(
    ("emoji", "text", "leave"),
    [
        (":face_with_thermometer:", "", True),
        ("", "OOO until Monday", True),
        ("", "Im Urlaub", True),
        (":bus:", "Commuting", False),
        ("", "Officehours", False),
        ("", "", False),
    ],
)
def test_which_statuses_speak_of_leave(emoji: str, text: str, leave: bool) -> None:  # noqa: FBT001 - a case
    assert Status.of(emoji, text, 0).speaks_of_leave is leave
