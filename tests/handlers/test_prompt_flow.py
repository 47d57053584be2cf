"""The rep is asked in time, may answer late and again, and nobody else may."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from world import MANAGER, OTHER_REP, REP, STRANGER, World, a_world, words

from bot.coaching.meeting import MeetingState
from bot.coaching.records import Leave, PersonId
from bot.views.ids import ActionId

ANSWER = "Acme needs a sponsor"


async def answer(world: World, text: str = ANSWER) -> None:
    invitation = world.find(REP, ActionId.PROMPT_OPEN)
    assert invitation is not None
    await world.press(REP, invitation, ActionId.PROMPT_OPEN)
    assert not (await world.fill(REP, lambda _: {"text": text})).errors


async def test_questions_come_at_nine_two_working_days_before_over_weekend_and_holiday(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        assert (await world.meeting()).appointment.day == date(2017, 10, 11)
        await world.until(REP, ActionId.PROMPT_OPEN)
        # Wednesday the 11th less Tuesday, Columbus Day and the weekend is Friday the 6th, at nine in Chicago.
        assert world.bot.clock.now() == datetime(2017, 10, 6, 14, tzinfo=UTC)


async def test_questions_come_before_a_leave_that_lies_before_the_meeting(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        async with world.bot.database.transaction() as tx:
            await tx.people.add_leave(Leave(PersonId("ruth"), date(2017, 10, 5), date(2017, 10, 6)))
        await world.bot.cases.rounds.plan_all()
        await world.until(REP, ActionId.PROMPT_OPEN)
        assert world.bot.clock.now() == datetime(2017, 10, 4, 14, tzinfo=UTC)


async def test_saved_answers_are_shown_again_and_the_last_ones_count(sqlite_url: str, over: dict[str, str]) -> None:
    async with a_world(sqlite_url, **over) as world:
        await world.until(REP, ActionId.PROMPT_OPEN)
        await answer(world)
        invitation = world.find(REP, ActionId.PROMPT_OPEN)
        assert invitation is not None
        assert ANSWER in words(invitation), "the message is rewritten with what was saved"
        await world.press(REP, invitation, ActionId.PROMPT_OPEN)
        assert ANSWER in str(world.sandbox.open_view(REP))
        await world.fill(REP, lambda block: {"text": "Better words" if block == "answer_win" else ""})
        assert (await world.meeting()).answers == (("win", "Better words"),)
        assert len([text for text in world.texts(REP) if "answers" in text]) == 1, "one message, however often"


async def test_late_answers_reach_the_manager_marked_and_leave_the_reps_copy_alone(database_url: str) -> None:
    async with a_world(database_url) as world:
        agenda = await world.until(REP, ActionId.PRE_READ_HOW)
        await answer(world, "Late, but said")
        theirs = [m for m in world.sandbox.messages(MANAGER) if "1:1 with Ruth Adler* is on" in m["text"]][-1]
        assert "*Changed since:* The rep's answers are new." in words(theirs)
        assert "See the answers and the rest" in words(theirs)
        assert "Late, but said" in await world.whole_agenda(MANAGER)
        (again,) = [m for m in world.sandbox.messages(REP) if m["ts"] == agenda["ts"]]
        assert words(again) == words(agenda), "the rep knows what the rep wrote"


async def test_answers_are_taken_until_the_meeting_is_closed_and_refused_after(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.to_forks()
        meeting = await world.meeting()
        invitation = world.find(REP, ActionId.PROMPT_OPEN)
        assert invitation is not None
        await world.press(REP, invitation, ActionId.PROMPT_OPEN)
        closing = world.course(MANAGER)
        await world.press(MANAGER, closing, ActionId.MEETING_HELD)

        await world.fill(REP, lambda _: {"text": ANSWER})
        assert "closed (held)" in world.told(REP), "the form that stood open says what happened meanwhile"
        await world.press(REP, invitation, ActionId.PROMPT_OPEN, again=True)
        assert "can't be answered any more" in world.told(REP)
        (held,) = [one for one in await world.meetings() if one.id == meeting.id]
        assert held.state is MeetingState.HELD
        assert held.answers == ()


async def test_only_the_rep_may_open_the_questions(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.until(REP, ActionId.PROMPT_OPEN)
        meeting = await world.meeting()
        for somebody, why in (
            (MANAGER, "Only the rep"),
            (OTHER_REP, "Only the rep"),
            (STRANGER, "I don't find you"),
        ):
            assert (await world.press_unseen(somebody, ActionId.PROMPT_OPEN, meeting.id)).acked
            assert why in world.told(somebody)


async def test_a_form_submitted_by_somebody_else_is_refused(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        invitation = await world.until(REP, ActionId.PROMPT_OPEN)
        await world.press(REP, invitation, ActionId.PROMPT_OPEN)
        view = world.sandbox.open_view(REP)
        payload = {"type": "view_submission", "user": {"id": MANAGER}, "team": {"id": "T0SANDBOX"}, "view": view}
        ack = await world.deliver("interactive", payload)
        assert "Only the rep" in words(ack.payload["view"])
        assert (await world.meeting()).answers == ()


async def test_a_leave_added_later_moves_no_questions_into_the_past_twice(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.until(REP, ActionId.PROMPT_OPEN)
        asked = len(world.texts(REP))
        await world.go_to(world.bot.clock.now() + timedelta(minutes=1))
        await world.bot.cases.rounds.plan_all()
        await world.settle()
        assert len(world.texts(REP)) == asked
