"""The manager says what became of a 1:1, and the next one always follows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from world import MANAGER, OTHER_MANAGER, REP, World, a_world, buttons, words

from bot.coaching.commitment import GoalState
from bot.coaching.meeting import OPEN_STATES, MeetingState
from bot.coaching.records import PersonId
from bot.coaching.rhythm.wall_time import span
from bot.views.ids import ActionId


async def started(world: World) -> dict[str, Any]:
    """Go to the start of Ruth's 1:1 and return the message that asks her manager to close it."""
    await world.to_forks()
    await world.settle()
    return next(m for m in world.sandbox.messages(MANAGER) if "1:1 with Ruth Adler now" in m["text"])


async def move(world: World, message: dict[str, Any], choice: int = 0, text: str = "") -> list[str]:
    """Move to one of the times offered and return all of them."""
    await world.press(MANAGER, message, ActionId.MEETING_MOVE)
    view = world.sandbox.open_view(MANAGER)
    assert view is not None
    slots = [option["value"] for option in view["blocks"][1]["element"]["options"]]
    done = await world.fill(MANAGER, lambda block: {"slot": slots[choice]} if block == "slot" else {"text": text})
    assert not done.errors
    return slots


async def test_held_plans_the_next_on_the_same_weekday_and_time_once(database_url: str) -> None:
    async with a_world(database_url) as world:
        message = await started(world)
        held = await world.meeting()
        await world.press(MANAGER, message, ActionId.MEETING_HELD)
        await world.press(MANAGER, message, ActionId.MEETING_HELD, again=True)
        assert world.sandbox.open_view(MANAGER) is None
        following = await world.meeting()
        assert following.state is MeetingState.PLANNED
        assert 7 <= (following.appointment.day - held.appointment.day).days <= 31
        assert following.appointment.day.weekday() == held.appointment.day.weekday()
        assert following.appointment.at == held.appointment.at
        assert len(await world.meetings()) == 2
        shown = next(m for m in world.sandbox.messages(MANAGER) if m["ts"] == message["ts"])
        assert "You held the 1:1" in words(shown)
        assert not buttons(shown, ActionId.MEETING_HELD)
        assert len([t for t in world.texts(REP) if "planned for" in t]) == 1, (
            "one message with the next date, rewritten"
        )


async def test_move_offers_three_free_times_and_takes_answers_and_nothing_unanswered_along(database_url: str) -> None:
    async with a_world(database_url) as world:
        invitation = await world.until(REP, ActionId.PROMPT_OPEN)
        await world.press(REP, invitation, ActionId.PROMPT_OPEN)
        await world.fill(REP, lambda _: {"text": "Words that move along"})
        message = await started(world)
        old = await world.meeting()
        slots = await move(world, message, 2, "A customer <!here> & me")
        assert len(set(slots)) == 3
        moved = await world.meeting()
        assert moved.id != old.id
        assert moved.appointment.starts_at == datetime.fromisoformat(slots[2])
        assert (moved.answers, moved.due) == (old.answers, old.due)
        assert (moved.event, moved.sequence) == (old.event, old.sequence + 1), "a calendar moves it, and adds nothing"
        assert {goal.state for goal in await world.goals()} == {GoalState.OBSOLETE}
        news = next(m for m in world.sandbox.messages(REP) if "has moved" in m["text"])
        assert "A customer &lt;!here&gt; &amp; me" in words(news)
        stale = [m for m in world.sandbox.messages(REP) if buttons(m, ActionId.PRE_READ_HOW)]
        assert "This 1:1 was moved" in words(stale[0]), "nobody prepares for a time that is gone"

        record = next(m for m in world.sandbox.messages(MANAGER) if m["ts"] == message["ts"])
        assert "You moved the 1:1 with Ruth Adler of" in words(record)
        assert f" to <!date^{int(moved.appointment.starts_at.timestamp())}" in words(record)

        again = await world.until(REP, ActionId.PROMPT_OPEN)
        assert "Words that move along" in words(again), "asked anew before the new time, with what was said"
        await world.until(REP, ActionId.FORK_YES)
        assert (await world.meeting()).state is MeetingState.STARTED
        assert world.bot.clock.now() == moved.appointment.starts_at


async def test_excuse_needs_a_reason_and_plans_the_next(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        message = await started(world)
        await world.press(MANAGER, message, ActionId.MEETING_EXCUSE)
        assert (await world.fill(MANAGER, lambda _: {"text": " "})).errors.keys() == {"reason"}
        await world.fill(MANAGER, lambda _: {"text": "Ruth's customer called"})
        following, excused = await world.meetings()
        assert (excused.state, excused.closing_words) == (MeetingState.EXCUSED, "Ruth's customer called")
        assert following.state is MeetingState.PLANNED
        assert {goal.state for goal in await world.goals()} == {GoalState.OBSOLETE}
        said = [words(m) for m in world.sandbox.messages(REP) if "Ruth's customer called" in words(m)]
        assert any("is left out" in text and "next one is planned for" in text for text in said)
        assert any("Why it is left out: Ruth's customer called" in text for text in said), "in the agenda too"
        assert any("nothing left to answer" in text for text in said), "and under the questions"
        for action in (ActionId.MEETING_MOVE, ActionId.MEETING_HELD):
            await world.press(MANAGER, message, action, again=True)
            assert "closed already (excused: Ruth's customer called)" in world.told(MANAGER)


async def test_what_nobody_closes_is_asked_about_next_morning_and_then_counts_as_missed(database_url: str) -> None:
    async with a_world(database_url) as world:
        await started(world)
        await world.go_to(datetime(2017, 10, 12, 12, 59, tzinfo=UTC))
        assert not any("Did your 1:1 with Ruth" in text for text in world.texts(MANAGER))
        await world.go_to(datetime(2017, 10, 12, 13, tzinfo=UTC))  # nine in New York
        assert len([t for t in world.texts(MANAGER) if "Did your 1:1 with Ruth" in t]) == 1
        await world.go_to(datetime(2017, 10, 16, 20, 59, tzinfo=UTC))
        assert (await world.meeting()).state is MeetingState.STARTED
        await world.go_to(datetime(2017, 10, 16, 21, tzinfo=UTC))  # the third working day, five in the afternoon
        following, missed = await world.meetings()
        assert missed.state is MeetingState.MISSED
        assert following.state is MeetingState.PLANNED
        assert {goal.state for goal in await world.goals()} == {GoalState.OBSOLETE}
        asked = [m for m in world.sandbox.messages(MANAGER) if "1:1 with Ruth Adler of" in m["text"]]
        assert len(asked) == 2
        assert not any(buttons(m, ActionId.MEETING_HELD) for m in asked), "both questions became records"


async def test_nobody_but_its_manager_closes_a_meeting(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await started(world)
        meeting = await world.meeting()
        for somebody in (REP, OTHER_MANAGER):
            for action in (ActionId.MEETING_HELD, ActionId.MEETING_EXCUSE):
                await world.press_unseen(somebody, action, meeting.id)
                assert "Only the manager" in world.told(somebody)
        assert (await world.meeting()).state is MeetingState.STARTED


@pytest.mark.parametrize("choices", [(0, 1, 2, 0, 1, 2), (2, 2, 2, 2, 2, 2)])
async def test_no_two_meetings_of_a_manager_overlap_after_many_moves(sqlite_url: str, choices: tuple[int, ...]) -> None:
    async with a_world(sqlite_url) as world:
        await world.settle()
        for choice in choices:
            for rep in ("ruth", "omar"):
                meeting = await world.meeting(rep)
                form = await world.bot.cases.moving.form(meeting.id, MANAGER)
                slots = [option["value"] for option in form["blocks"][1]["element"]["options"]]
                await world.bot.cases.moving.move(meeting.id, MANAGER, slots[choice % len(slots)], "")
                async with world.bot.database.transaction() as tx:
                    booked = await tx.meetings.of_manager(PersonId("mara"), states=OPEN_STATES)
                assert len(booked) == 2
                (_, first_ends), (second_starts, _) = map(span, (one.appointment for one in booked))
                assert first_ends <= second_starts


async def test_a_reason_given_before_anything_was_shown_reaches_the_rep_in_working_hours(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.go_to(datetime(2017, 10, 2, 13, 30, tzinfo=UTC))
        await world.bot.cases.closing.excuse((await world.meeting()).id, MANAGER, "I'm at the *fair*")
        await world.settle()
        (said,) = [m for m in world.sandbox.messages(REP) if "is left out" in m["text"]]
        assert "I'm at the" in words(said)
