"""What the slash commands do, typed as people type: by name, with slips, at any time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from world import MANAGER, OTHER_MANAGER, OTHER_REP, PEOPLE, REP, World, a_world, buttons, some_records, words

from bot.coaching.commitment import GoalState
from bot.coaching.meeting import MeetingState
from bot.coaching.records import PersonId
from bot.views.ids import ActionId

TWIN = replace(PEOPLE[2], id=PersonId("ruthie"), name="Ruth Blake", email="ruthie@example.com")


async def command(world: World, user: str, name: str, text: str) -> str:
    """Type a command that opens a modal and return all that it says; the modal stays open."""
    outcome = await world.sandbox.command(user, name, text)
    assert outcome.acked
    assert not outcome.problem
    await world.settle()
    view = world.sandbox.open_view(user)
    assert view is not None, outcome.response
    return f"{view['title']['text']}\n{words(view)}"


async def test_a_manager_types_a_name_where_a_mention_would_stand(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        for typed in ("ruth", "Ruth Adler", "adler", "@Ruth_A", "RUTH A.", "ruth@example.com", "ruht", "for ruth"):
            assert "Pipeline of Ruth Adler" in await world.ask(MANAGER, "/pipeline", typed)
        assert "Awesome, as Ruth" in await world.ask(MANAGER, "/awesome", "ruth")
        assert "How often you meet Ruth" in await world.ask(MANAGER, "/cadence", "why Ruth")
        assert "Ruth Adler has no goals yet" in await world.ask(MANAGER, "/goals", "lsit ruth")


async def test_of_several_with_the_name_it_is_asked_which_one(sqlite_url: str) -> None:
    records = some_records(people=(*PEOPLE, TWIN))
    async with a_world(sqlite_url, records) as world:
        told = await world.ask(MANAGER, "/1on1", "why ruth")
        assert "Which one do you mean?" in told
        assert "/1on1 why Ruth Adler or /1on1 why Ruth Blake" in told
        assert "Pipeline of Ruth Blake" in await world.ask(MANAGER, "/pipeline", "Ruth B")


async def test_a_typed_name_tells_nothing_of_people_one_may_not_see(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        for typed in ("omar", "Omar Blake", "nobody"):
            for name in ("/pipeline", "/goals", "/1on1", "/awesome", "/cadence"):
                told = await world.ask(REP, name, typed)
                assert f"I don't know '{typed}' here" in told
                assert f"type {name} help" in told
        assert "Your pipeline" in await world.ask(REP, "/pipeline", "ruth adler"), "the own name is nobody else's"


async def test_the_cadence_is_set_by_name_and_never_by_half_a_name(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        for typed in ("set ruht 14 because of the launch", "set 14 rut because of the launch"):
            assert "Say whose" in await world.ask(MANAGER, "/cadence", typed)
        assert "every 4 weeks" in await world.ask(MANAGER, "/cadence", "set Ruth 28 because the launch is over")
        assert "the launch is over" in await world.ask(REP, "/cadence", "wyh")
        assert "every 4 weeks" in await world.ask(MANAGER, "/cadence", "fere Ruth")


async def test_why_says_what_the_date_came_from(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        own = await world.ask(REP, "/1on1", "wyh")
        assert "Your next 1:1 with Mara Quinn" in own
        assert "It is your first one" in own
        assert "typical win" in own
        of_rep = await world.ask(MANAGER, "/1on1", "why ruth")
        assert "Next 1:1 of Ruth Adler and Mara Quinn" in of_rep
        assert "speak to Ruth Adler" in of_rep
        assert "Say whose" in await world.ask(MANAGER, "/1on1", "why")


async def test_the_agenda_can_be_looked_at_before_and_after_it_is_published(database_url: str) -> None:
    async with a_world(database_url) as world:
        early = await world.ask(REP, "/1on1", "agenda")
        assert early.startswith("*The agenda as it would be today.*")
        (shown,) = world.sandbox.messages(REP, with_ephemeral=True)
        for frozen in (ActionId.PRE_READ_HOW, ActionId.PRE_READ_WHOLE):
            assert not buttons(shown, frozen), "it isn't published: nothing is frozen yet"
        assert buttons(shown, ActionId.EVIDENCE_RECORD), "it was asked for, so all of it stands there"
        await world.press(REP, shown, ActionId.PIPELINE_HOW)
        assert "What the numbers stand on" in world.told(REP)
        await world.until(REP, ActionId.PRE_READ_HOW)
        for user, typed in ((REP, "agenda"), (MANAGER, "agenda ruth")):
            published = await world.ask(user, "/1on1", typed)
            assert "Please read this before" in published
            assert "How we got this" in published
        assert "no answers yet" in published, "the manager's says whether the rep answered"
        assert "nobody else's" in await world.ask(OTHER_MANAGER, "/1on1", "agenda @ruth")
        assert "nobody else's" in await world.ask(REP, "/1on1", "agenda @omar")


async def test_a_manager_moves_a_1on1_by_typing_it(database_url: str) -> None:
    async with a_world(database_url) as world:
        before = await world.meeting()
        assert "Move the 1:1" in await command(world, MANAGER, "/1on1", "mvoe ruth")
        view = world.sandbox.open_view(MANAGER)
        assert view is not None
        slot = view["blocks"][1]["element"]["options"][0]["value"]
        await world.fill(MANAGER, lambda block: {"slot": slot} if block == "slot" else {"text": ""})
        after = await world.meeting()
        assert after.appointment.starts_at.isoformat() == slot
        assert after.appointment.starts_at != before.appointment.starts_at
        assert "Say whose" in await world.ask(MANAGER, "/1on1", "move")
        assert "nobody else's" in await world.ask(OTHER_MANAGER, "/1on1", "move @ruth")


async def test_a_rep_moves_the_own_1on1_by_typing_it(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        assert "Move the 1:1" in await command(world, REP, "/1on1", "move")


async def test_without_a_planned_1on1_move_and_agenda_say_so(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        for verb in ("move", "agenda"):
            assert "No 1:1 is planned yet" in await world.ask(OTHER_MANAGER, "/1on1", verb)


async def test_the_way_to_awesome_names_drivers_skills_and_activities(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.ask(REP, "/awesome", "set 900k")
        told = await world.ask(REP, "/awesome", "path")
        assert "The way to awesome, as you see it" in told
        assert "Awesome for you is $900k" in told
        assert "Win new customers ← " in told
        assert "as Ruth Adler sees it" in await world.ask(MANAGER, "/awesome", "paht ruth")
        assert "nobody another's" in await world.ask(MANAGER, "/awesome", "set ruth 900k")


async def report(world: World, result: str, number: str = "") -> dict[str, str]:
    """Fill in /goals report and return what stands under the fields."""
    await command(world, REP, "/goals", "reprot")
    view = world.sandbox.open_view(REP)
    assert view is not None
    values = {"result": {"choice": result}, "number": {"number": number}}
    outcome = await world.sandbox.submit(REP, view["id"], values)
    await world.settle()
    return dict(outcome.errors)


async def test_a_rep_reports_at_any_time_and_the_messages_follow(database_url: str) -> None:
    async with a_world(database_url) as world:
        assert "no goal to report on" in await world.ask(REP, "/goals", "report")
        goal = await world.agree()
        assert "Say how many" in (await report(world, "partly"))["number"]
        world.sandbox.workspace.views.close_all(REP)
        assert not await report(world, "partly", "1")
        assert f"1 of {goal.terms.number}" in world.told(REP)
        assert (await world.goals(GoalState.ACTIVE))[0].done == 1
        assert not await report(world, "done")
        assert "Kept" in world.told(REP)
        (kept,) = await world.goals(GoalState.KEPT)
        assert kept.id == goal.id
        assert "*Kept*" in words(world.course(REP)), "what was agreed in the 1:1 is rewritten"
        async with world.bot.database.transaction() as tx:
            (said,) = await tx.goals.reports(goal.id)
        assert said.week.weekday() == 0


async def test_a_form_left_open_while_the_goal_was_closed_says_so(database_url: str) -> None:
    async with a_world(database_url) as world:
        goal = await world.agree()
        await command(world, REP, "/goals", "report")
        stale = world.sandbox.open_view(REP)
        assert stale is not None
        await world.press_unseen(REP, ActionId.REPORT_DONE, f"{goal.id}:{goal.version}:2017-10-09")
        outcome = await world.sandbox.submit(REP, stale["id"], {"result": {"choice": "obsolete"}})
        assert not outcome.errors
        assert "Settled already" in world.told(REP)
        assert [one.id for one in await world.goals(GoalState.KEPT)] == [goal.id]


async def test_only_the_rep_reports(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        goal = await world.agree()
        assert "Only the rep whose goal it is" in await world.ask(MANAGER, "/goals", "report ruth")
        await command(world, REP, "/goals", "report")
        view = world.sandbox.open_view(REP)
        assert view is not None
        view["state"] = {"values": {"result": {"choice": {"selected_option": {"value": "done"}}}}}
        payload = {"type": "view_submission", "user": {"id": OTHER_REP}, "team": {"id": "T0SANDBOX"}, "view": view}
        ack = await world.deliver("interactive", payload)
        assert "Only the rep whose goal this is" in words(ack.payload["view"])
        assert [one.id for one in await world.goals(GoalState.ACTIVE)] == [goal.id]


async def test_the_next_1on1_is_shown_whatever_its_state(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.to_forks()
        assert (await world.meeting()).state is MeetingState.STARTED
        assert "Your next 1:1 with Mara Quinn" in await world.ask(REP, "/1on1", "next")


@pytest.mark.parametrize("typed", ["help", "hlep", "?", "help me", "HELP!"])
async def test_help_is_given_however_it_is_asked_for(sqlite_url: str, typed: str) -> None:
    async with a_world(sqlite_url) as world:
        assert "/goals report" in await world.ask(REP, "/goals", typed)
