"""On Monday the rep is asked once about all that is active, and one tap is enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from world import MANAGER, OTHER_REP, PEOPLE, REP, World, a_world, buttons, words

from bot import playbook_file
from bot.coaching.commitment import CoachingGoal, GoalId, GoalState
from bot.coaching.records import Activity, Leave
from bot.views.ids import ActionId

_, RUTH, *_ = PEOPLE
MONDAY = datetime(2017, 10, 16, 14, tzinfo=UTC)  # nine in Chicago


async def with_goals(world: World, count: int = 1, due: date = date(2017, 12, 1)) -> tuple[CoachingGoal, ...]:
    """Agree on a goal and put a second beside it where wanted; both are due late."""
    goal = await world.agree()
    later = replace(goal, version=goal.version + 1, terms=replace(goal.terms, due=due, number=4))
    second = replace(later, id=GoalId("gsecond"), version=1, terms=replace(later.terms, title="Call two prospects"))
    async with world.bot.database.transaction() as tx:
        assert await tx.goals.save(later, was=goal, by=None)
        if count > 1:
            await tx.goals.add(second, by=None)
    return await world.goals(GoalState.ACTIVE)


def weekly(world: World, user: str = REP) -> list[dict[str, Any]]:
    return [
        message for message in world.sandbox.messages(user) if "a minute for what you said yes to" in message["text"]
    ]


async def test_all_active_goals_are_asked_about_in_one_message_at_nine_on_monday(database_url: str) -> None:
    async with a_world(database_url) as world:
        await with_goals(world, 2)
        asked = await world.until(REP, ActionId.REPORT_DONE)
        assert world.bot.clock.now() == MONDAY
        assert len(buttons(asked, ActionId.REPORT_DONE)) == 2
        assert "Call two prospects" in words(asked)
        assert len(weekly(world)) == 1
        assert not weekly(world, OTHER_REP), "nobody without a goal is asked"
        assert not weekly(world, MANAGER)


async def test_a_holiday_monday_moves_the_question_to_tuesday(database_url: str) -> None:
    async with a_world(database_url) as world:
        await with_goals(world, due=date(2018, 2, 1))
        await world.go_to(datetime(2018, 1, 13, 12, tzinfo=UTC))
        before = len(weekly(world))
        await world.go_to(datetime(2018, 1, 15, 20, tzinfo=UTC))  # Martin Luther King Day
        assert len(weekly(world)) == before
        await world.go_to(datetime(2018, 1, 16, 15, tzinfo=UTC))
        assert len(weekly(world)) == before + 1


async def test_leave_moves_the_question_to_the_first_day_back_and_a_whole_week_off_has_none(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await with_goals(world, due=date(2018, 2, 1))
        await world.go_to(datetime(2018, 1, 13, 12, tzinfo=UTC))
        async with world.bot.database.transaction() as tx:
            await tx.people.add_leave(Leave(RUTH.id, date(2018, 1, 16), date(2018, 1, 17)))
            await tx.people.add_leave(Leave(RUTH.id, date(2018, 1, 22), date(2018, 1, 26)))
        before = len(weekly(world))
        for day, hour, asked in (
            (16, 20, 0),
            (17, 20, 0),
            (18, 14, 0),
            (18, 15, 1),
            (22, 20, 1),
            (28, 20, 1),
            (29, 14, 1),
            (29, 15, 2),
        ):
            await world.go_to(datetime(2018, 1, day, hour, tzinfo=UTC))
            assert len(weekly(world)) == before + asked, f"on the {day}th at {hour} UTC, which is {hour - 6} in Chicago"


async def test_a_question_is_never_posted_twice_by_late_ticks_or_a_restart(database_url: str) -> None:
    async with a_world(database_url) as world:
        await with_goals(world)
        await world.until(REP, ActionId.REPORT_DONE)
        await world.settle()
        await world.restart()
        await world.bot.cases.rounds.plan_all()
        await world.go_to(MONDAY + timedelta(hours=3))
        assert len(weekly(world)) == 1
        world.sandbox.clock.set(MONDAY + timedelta(days=8, hours=2))  # down over the next Monday: asked late, once
        await world.restart()
        await world.bot.cases.rounds.plan_all()
        await world.settle()
        assert len(weekly(world)) == 2


async def test_done_settles_the_goal_and_rewrites_the_message(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await with_goals(world)
        asked = await world.until(REP, ActionId.REPORT_DONE)
        await world.press(REP, asked, ActionId.REPORT_DONE)
        await world.press(REP, asked, ActionId.REPORT_DONE, again=True)
        assert world.sandbox.open_view(REP) is None
        (kept,) = await world.goals(GoalState.KEPT)
        assert kept.done == 4
        (shown,) = weekly(world)
        assert not buttons(shown, ActionId.REPORT_DONE)
        assert "All answered, thank you" in words(shown)
        await world.press(REP, asked, ActionId.REPORT_NOT_YET, again=True)
        assert "is done: kept" in world.told(REP)


async def test_partly_asks_for_a_number_and_keeps_the_day_the_goal_was_agreed(database_url: str) -> None:
    async with a_world(database_url) as world:
        (goal,) = await with_goals(world)
        asked = await world.until(REP, ActionId.REPORT_DONE)
        await world.press(REP, asked, ActionId.REPORT_PARTLY)
        assert not (await world.fill(REP, lambda _: {"number": "2.5"})).errors
        (active,) = await world.goals(GoalState.ACTIVE)
        assert (active.done, active.changed_at) == (2.5, goal.changed_at)
        assert "2.5 of 4" in words(weekly(world)[0])
        await world.press(REP, weekly(world)[0], ActionId.REPORT_PARTLY)
        await world.fill(REP, lambda _: {"number": "3"})
        (active,) = await world.goals(GoalState.ACTIVE)
        assert active.done == 3, "the last word counts"
        async with world.bot.database.transaction() as tx:
            assert [report.number for report in await tx.goals.reports(goal.id)] == [3]


async def test_a_number_that_is_none_stands_under_its_field(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await with_goals(world)
        asked = await world.until(REP, ActionId.REPORT_DONE)
        await world.press(REP, asked, ActionId.REPORT_PARTLY)
        view = world.sandbox.open_view(REP)
        assert view is not None
        for typed in ("", "-1", "many", "1e999", "nan"):
            view["state"] = {"values": {"number": {"number": {"type": "number_input", "value": typed}}}}
            payload = {"type": "view_submission", "user": {"id": REP}, "team": {"id": "T0SANDBOX"}, "view": view}
            assert (await world.deliver("interactive", payload)).payload["errors"].keys() == {"number"}


async def test_not_yet_and_no_longer_relevant_are_answers_too(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await with_goals(world, 2)
        asked = await world.until(REP, ActionId.REPORT_DONE)
        await world.press(REP, asked, ActionId.REPORT_NOT_YET)
        (shown,) = weekly(world)
        assert "not yet" in words(shown)
        await world.press(REP, shown, ActionId.REPORT_NOT_RELEVANT)
        assert len(await world.goals(GoalState.OBSOLETE)) == 1
        assert len(await world.goals(GoalState.ACTIVE)) == 1


async def test_a_report_from_last_weeks_message_is_seen_in_this_weeks_too(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await with_goals(world)
        await world.until(REP, ActionId.REPORT_DONE)
        await world.go_to(MONDAY + timedelta(days=7))
        old, new = weekly(world)
        await world.press(REP, old, ActionId.REPORT_DONE)
        old, new = weekly(world)
        assert not buttons(new, ActionId.REPORT_DONE)
        assert not buttons(old, ActionId.REPORT_DONE)


async def test_a_goal_whose_day_passed_is_asked_about_once_more_and_then_settled(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await with_goals(world, due=date(2017, 10, 18))
        await world.until(REP, ActionId.REPORT_DONE)
        await world.press(REP, weekly(world)[0], ActionId.REPORT_PARTLY)
        await world.fill(REP, lambda _: {"number": "2"})
        await world.go_to(MONDAY + timedelta(days=7))
        assert len(weekly(world)) == 2, "its day was last Wednesday: asked about since"
        await world.go_to(MONDAY + timedelta(days=14))
        assert len(weekly(world)) == 2
        (partly,) = await world.goals(GoalState.PARTLY)
        assert partly.done == 2


@pytest.mark.parametrize("gone", ["the rep is on leave", "the bot is down"])
async def test_a_goal_is_settled_only_once_it_was_asked_about_since_its_day(database_url: str, gone: str) -> None:
    async with a_world(database_url) as world:
        await with_goals(world, due=date(2017, 10, 18))
        await world.go_to(MONDAY + timedelta(days=1))
        asked = len(weekly(world))
        if gone == "the rep is on leave":
            async with world.bot.database.transaction() as tx:
                await tx.people.add_leave(Leave(RUTH.id, date(2017, 10, 23), date(2017, 11, 3)))
            for days in range(6, 20):
                await world.go_to(MONDAY + timedelta(days=days))
        await world.go_to(MONDAY + timedelta(days=21, hours=2))
        assert len(weekly(world)) == asked + 1
        assert buttons(weekly(world)[-1], ActionId.REPORT_DONE)
        assert len(await world.goals(GoalState.ACTIVE)) == 1
        await world.go_to(MONDAY + timedelta(days=28, hours=2))
        assert len(weekly(world)) == asked + 1
        assert len(await world.goals(GoalState.MISSED)) == 1


async def test_a_skill_that_was_half_practised_was_not_practised_as_agreed(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await with_goals(world, due=date(2017, 10, 18))
        (goal,) = await world.goals(GoalState.ACTIVE)
        skill = playbook_file.load(None).skills[0].name
        halfway = replace(goal, version=goal.version + 1, done=2.0, terms=replace(goal.terms, item=skill))
        async with world.bot.database.transaction() as tx:
            assert await tx.goals.save(halfway, was=goal, by=None)
        await world.go_to(MONDAY + timedelta(days=7))
        await world.go_to(MONDAY + timedelta(days=14))
        assert [one.done for one in await world.goals(GoalState.MISSED)] == [2.0]


async def test_a_due_day_moves_once_by_agreement_and_not_again(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await with_goals(world, due=date(2017, 10, 18))
        (goal,) = await world.goals(GoalState.ACTIVE)
        again = replace(goal, version=goal.version + 1, terms=replace(goal.terms, due=date(2017, 12, 1)))
        async with world.bot.database.transaction() as tx:
            assert await tx.goals.save(again, was=goal, by=None)
        await world.go_to(MONDAY + timedelta(days=7))
        await world.go_to(MONDAY + timedelta(days=14))
        assert not await world.goals(GoalState.ACTIVE)


async def test_only_the_rep_reports(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await with_goals(world)
        asked = await world.until(REP, ActionId.REPORT_DONE)
        for action in (ActionId.REPORT_DONE, ActionId.REPORT_PARTLY, ActionId.REPORT_NOT_RELEVANT):
            await world.press_unseen(MANAGER, action, buttons(asked, ActionId.REPORT_DONE)[0]["value"])
            assert "Only the rep" in world.told(MANAGER)
        assert len(await world.goals(GoalState.ACTIVE)) == 1


async def test_the_goals_end_with_how_many_were_kept(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        assert "too early to say how many of your commitments you keep" in await world.ask(REP, "/goals")
        (goal,) = await with_goals(world)
        async with world.bot.database.transaction() as tx:
            for number in range(3):
                await tx.goals.add(replace(goal, id=GoalId(f"g{number}"), state=GoalState.KEPT), by=None)
        for user, text in ((REP, ""), (MANAGER, "@ruth")):
            said = await world.ask(user, "/goals", text)
            assert said.index(goal.terms.title) < said.index("You kept 3 of your 3 commitments.")
            assert "In the same days customers gave" in said
            assert ("The sentences speak to Ruth Adler." in said) == (user == MANAGER)


async def with_calls(world: World, *days: int, number: int = 12) -> CoachingGoal:
    """Agree on calls, and log three of them on each of some days of October."""
    (goal,) = await with_goals(world)
    call = next(kind for kind in playbook_file.load(None).activities if kind.finds)
    terms = replace(goal.terms, item=call.name, unit=call.unit, number=number, deal=None)
    later = replace(goal, version=goal.version + 1, terms=terms)
    async with world.bot.database.transaction() as tx:
        assert await tx.goals.save(later, was=goal, by=None)
    await log_calls(world, *days)
    return later


async def log_calls(world: World, *days: int) -> None:
    call = next(kind for kind in playbook_file.load(None).activities if kind.finds)
    logged = [Activity(RUTH.id, (call.types or (call.name,))[0], date(2017, 10, day), count=3) for day in days]
    await world.import_people(RUTH, activities=tuple(logged))


async def test_what_the_records_show_is_confirmed_with_one_tap(database_url: str) -> None:
    async with a_world(database_url) as world:
        await with_calls(world, 10, 11, 12, 13)
        asked = await world.until(REP, ActionId.REPORT_COUNTED)
        assert "We counted 9 of 12" in words(asked), "from the day of the 1:1, the 11th, on"
        assert "the last on Fri 13 Oct" in words(asked)
        await world.press(REP, asked, ActionId.REPORT_COUNTED)
        await world.press(REP, asked, ActionId.REPORT_COUNTED, again=True)
        assert world.sandbox.open_view(REP) is None
        (goal,) = await world.goals(GoalState.ACTIVE)
        assert goal.done == 9
        (shown,) = weekly(world)
        assert "9 of 12" in words(shown)
        assert not buttons(shown, ActionId.REPORT_COUNTED)


async def test_as_many_as_were_agreed_keep_the_goal_with_one_tap(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await with_calls(world, 11, 12, number=6)
        await world.press(REP, await world.until(REP, ActionId.REPORT_COUNTED), ActionId.REPORT_COUNTED)
        (kept,) = await world.goals(GoalState.KEPT)
        assert kept.done == 6


async def test_another_number_corrects_the_count_and_holds_against_an_old_tap(database_url: str) -> None:
    async with a_world(database_url) as world:
        await with_calls(world, 11, 12)
        asked = await world.until(REP, ActionId.REPORT_COUNTED)
        await world.press(REP, asked, ActionId.REPORT_PARTLY)
        view = world.sandbox.open_view(REP)
        assert view is not None
        (number,) = [block["element"] for block in view["blocks"] if block["type"] == "input"]
        assert number["initial_value"] == "6", "filled in with what was counted"
        await world.fill(REP, lambda _: {"number": "4"})
        await world.press(REP, asked, ActionId.REPORT_COUNTED, again=True)
        assert "You have said how far it is since" in world.told(REP)
        assert [goal.done for goal in await world.goals(GoalState.ACTIVE)] == [4]


async def test_next_monday_counts_on_from_what_the_rep_said(database_url: str) -> None:
    async with a_world(database_url) as world:
        await with_calls(world, 11, 12)
        asked = await world.until(REP, ActionId.REPORT_COUNTED)
        await world.press(REP, asked, ActionId.REPORT_PARTLY)
        await world.fill(REP, lambda _: {"number": "4"})
        await log_calls(world, 16, 17)  # the 16th is the day on which the four were said
        await world.go_to(MONDAY + timedelta(days=7))
        said = words(weekly(world)[-1])
        assert "We counted 7 of 12" in said
        assert "You said 4; 3 more are on record, the last on Tue 17 Oct." in said


async def test_only_the_rep_confirms_a_count(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await with_calls(world, 11)
        asked = await world.until(REP, ActionId.REPORT_COUNTED)
        value = buttons(asked, ActionId.REPORT_COUNTED)[0]["value"]
        await world.press_unseen(MANAGER, ActionId.REPORT_COUNTED, value)
        assert "Only the rep" in world.told(MANAGER)
        assert [goal.done for goal in await world.goals(GoalState.ACTIVE)] == [None]
