"""The 1:1 itself: one message for each of the two, from its start with the forks in their place to what was agreed."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, date, datetime, timedelta

from world import MANAGER, OTHER_MANAGER, REP, a_world, buttons, forks_of, key_of, some_records, words

from bot.coaching.commitment import GoalState
from bot.coaching.meeting import MeetingState
from bot.coaching.records import PeriodGoal, PersonId
from bot.services.forks import GoalRef
from bot.views.ids import ActionId

TOPICS = ("1. Past", "2. Win What's Winnable", "3. Pipeline Balance", "4. Performance Aspirations")


async def test_both_get_the_course_with_its_minutes_and_at_most_a_tenth_for_the_past(database_url: str) -> None:
    async with a_world(database_url) as world:
        await world.to_forks()
        for reader in (REP, MANAGER):
            said = words(world.course(reader))
            assert [said.index(topic) for topic in TOPICS] == sorted(said.index(topic) for topic in TOPICS)
            assert "*1. Past* · 3 min" in said
        assert len(buttons(world.course(REP), ActionId.FORK_YES)) == 2
        assert not buttons(world.course(MANAGER), ActionId.FORK_YES), "only the rep can say yes"
        assert world.texts(REP)[-1].startswith("*Your 1:1 with Mara Quinn now*")
        assert "2 choices below are yours alone" in world.texts(REP)[-1]


async def test_where_starts_alone_close_no_gap_agenda_1on1_and_home_tab_all_say_so(sqlite_url: str) -> None:
    goals = (PeriodGoal(PersonId("ruth"), date(2017, 10, 1), date(2017, 12, 31), 9_000_000.0),)
    async with a_world(sqlite_url, some_records(goals=goals)) as world:
        await world.sandbox.open_home(MANAGER)
        await world.to_forks()
        agenda = await world.whole_agenda(REP)
        assert "new starts alone can't close the gap" in agenda
        view = world.sandbox.workspace.views.home(MANAGER)
        assert view is not None
        said = [agenda, words(world.course(REP)), words(world.course(MANAGER)), words({"blocks": view.blocks})]
        assert "new starts alone can't close the gap" in said[1]
        assert "new starts alone can't close the gap" in said[2]
        assert "win rate or size moves the gap of the month, new starts alone don't" in said[3]
        assert not [words for words in said if re.search(r"starts? closes? the gap", words)]


async def test_a_whole_1on1_is_two_messages_a_tap_for_a_fork_and_a_tap_for_an_approval(database_url: str) -> None:
    async with a_world(database_url) as world:
        first, second = await world.to_forks()
        before = {user: len(world.texts(user)) for user in (REP, MANAGER)}
        await world.press(REP, first, ActionId.FORK_YES)
        await world.press(MANAGER, world.course(MANAGER), ActionId.GOAL_APPROVE)
        (goal,) = await world.goals(GoalState.ACTIVE)
        await world.press(REP, second, ActionId.FORK_NOT_NOW)
        await world.fill(REP, lambda _: {"text": "Quarter end first"})
        await world.press(MANAGER, world.course(MANAGER), ActionId.MEETING_HELD)
        assert before == {user: len(world.texts(user)) for user in (REP, MANAGER)}, "what is rewritten isn't piled"
        following = await world.meeting()
        for reader in (REP, MANAGER):
            recap = world.course(reader)
            said = words(recap)
            assert goal.terms.title in said
            assert "Agreed by both" in said
            assert "Quarter end first" in said
            assert f"*Next 1:1*: <!date^{int(following.appointment.starts_at.timestamp())}" in said
            assert "We meet every week" in said, "why then"
            assert all(block["type"] != "actions" for block in recap["blocks"]), "nothing is left to answer"
        assert "Asked of customers: *Acme: GTX Pro*" in words(world.course(REP))


async def test_an_open_choice_stays_open_after_the_close_until_the_next_1on1(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.to_forks()
        await world.press(MANAGER, world.course(MANAGER), ActionId.MEETING_HELD)
        recap = world.course(REP)
        assert "A choice is still open" in recap["text"]
        await world.press(REP, forks_of(recap)[0], ActionId.FORK_YES)
        asked = [key_of(m) for m in world.sandbox.messages(MANAGER) if buttons(m, ActionId.GOAL_APPROVE)]
        assert [key.partition(":")[0] for key in asked] == ["approval"], "after it the manager is asked on its own"


async def test_what_was_not_approved_in_the_1on1_is_asked_about_at_its_close(database_url: str) -> None:
    async with a_world(database_url) as world:
        await world.press(REP, (await world.to_forks())[0], ActionId.FORK_YES)
        await world.press(MANAGER, world.course(MANAGER), ActionId.MEETING_HELD)
        (asked,) = [m for m in world.sandbox.messages(MANAGER) if buttons(m, ActionId.GOAL_APPROVE)]
        assert key_of(asked).startswith("approval:")
        await world.press(MANAGER, asked, ActionId.GOAL_APPROVE)
        assert "Agreed by both" in words(world.course(REP)), "the recap follows"


async def test_two_forks_answered_at_once_both_stand_in_the_course(database_url: str) -> None:
    async with a_world(database_url) as world:
        await world.to_forks()
        goals = await world.goals(GoalState.OFFERED)
        forks = world.bot.cases.forks
        await asyncio.gather(*(forks.accept(GoalRef(goal.id, goal.version), REP) for goal in goals))
        await world.settle()
        for reader in (REP, MANAGER):
            assert words(world.course(reader)).count("said yes") == 2
        await asyncio.gather(
            *(
                world.bot.cases.approvals.approve(GoalRef(goal.id, goal.version), MANAGER)
                for goal in await world.goals(GoalState.ACCEPTED)
            )
        )
        await world.settle()
        for reader in (REP, MANAGER):
            assert words(world.course(reader)).count("Agreed by both") == 2


async def test_the_manager_starts_on_the_day_before_the_time_and_the_clock_starts_nothing_twice(
    database_url: str,
) -> None:
    async with a_world(database_url) as world:
        agenda = await world.until(MANAGER, ActionId.MEETING_START)
        while "Ruth" not in agenda["text"]:
            await world.go_to(world.bot.clock.now() + timedelta(hours=1))
            agenda = await world.until(MANAGER, ActionId.MEETING_START)
        meeting = await world.meeting()
        await world.press(MANAGER, agenda, ActionId.MEETING_START)
        assert "You can start it on its day" in world.told(MANAGER)
        assert (await world.meeting()).state is MeetingState.PUBLISHED
        await world.go_to(meeting.appointment.starts_at - timedelta(minutes=10))
        for somebody in (REP, OTHER_MANAGER):
            await world.press_unseen(somebody, ActionId.MEETING_START, meeting.id)
            assert "Only the manager" in world.told(somebody)
        await world.press(MANAGER, agenda, ActionId.MEETING_START)
        await world.press(MANAGER, agenda, ActionId.MEETING_START, again=True)
        assert world.sandbox.open_view(MANAGER) is None
        assert (await world.meeting()).state is MeetingState.STARTED
        goals = await world.goals(GoalState.OFFERED)
        await world.go_to(meeting.appointment.starts_at)
        assert await world.goals(GoalState.OFFERED) == goals
        assert len([m for m in world.sandbox.messages(REP) if key_of(m).startswith("course:")]) == 1
        await world.press(MANAGER, world.course(MANAGER), ActionId.MEETING_HELD)
        await world.press(MANAGER, agenda, ActionId.MEETING_START, again=True)
        assert "closed already" in world.told(MANAGER)


async def test_a_bot_that_was_down_at_the_start_shows_the_course_when_it_is_back(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.until(REP, ActionId.PRE_READ_HOW)
        await world.go_to(datetime(2017, 10, 11, 16, tzinfo=UTC))
        assert len(buttons(world.course(REP), ActionId.FORK_YES)) == 2
        assert buttons(world.course(MANAGER), ActionId.MEETING_HELD)


async def test_a_goal_that_goes_on_after_its_1on1_was_moved_leaves_the_record_of_the_move(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.press(REP, (await world.to_forks())[0], ActionId.FORK_YES)
        await world.press(MANAGER, world.course(MANAGER), ActionId.MEETING_MOVE)
        view = world.sandbox.open_view(MANAGER)
        assert view is not None
        slots = [o["value"] for b in view["blocks"] if b.get("block_id") == "slot" for o in b["element"]["options"]]
        await world.fill(MANAGER, lambda block: {"slot": slots[0]} if block == "slot" else {"text": ""})
        assert " was moved to <!date^" in world.course(REP)["text"]
        await world.press(MANAGER, await world.until(MANAGER, ActionId.GOAL_APPROVE), ActionId.GOAL_APPROVE)
        assert len(await world.goals(GoalState.ACTIVE)) == 1
        assert " was moved to <!date^" in world.course(REP)["text"]
        assert " to <!date^" in world.course(MANAGER)["text"]
