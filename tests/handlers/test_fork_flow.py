"""Only the rep says yes at a fork: once, to what still stands, and to two goals at most."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from world import MANAGER, OTHER_REP, PEOPLE, REP, STRANGER, World, a_world, buttons, words

from bot.coaching.commitment import GoalId, GoalState
from bot.errors import NotAllowedError, StaleError
from bot.sandbox.acts import Outcome
from bot.services.forks import GoalRef
from bot.views.ids import ActionId

TODAY = date(2017, 10, 11)
"""The day of Ruth's 1:1, at which the forks open."""


def value_of(message: dict[str, Any], action: ActionId = ActionId.FORK_YES) -> str:
    value: str = buttons(message, action)[0]["value"]
    return value


async def change(world: World, number: str, due: date | None, plan: str) -> dict[str, str]:
    """Fill in Change it and return what stands under the fields."""
    typed = {"number": number, "day": None if due is None else due.isoformat(), "text": plan}
    view = world.sandbox.open_view(REP)
    assert view is not None
    fields = {b["block_id"]: b["element"]["action_id"] for b in view["blocks"] if b["type"] == "input"}
    values = {block: {field: typed[field]} for block, field in fields.items()}
    outcome = await world.sandbox.submit(REP, view["id"], values)
    await world.settle()
    return dict(outcome.errors)


async def test_each_fork_stands_in_its_topic_and_a_double_click_is_one_yes(database_url: str) -> None:
    async with a_world(database_url) as world:
        fork, other = await world.to_forks()
        assert value_of(fork) != value_of(other)
        before = len(world.texts(REP))
        await world.press(REP, fork, ActionId.FORK_YES)
        await world.press(REP, fork, ActionId.FORK_YES, again=True)
        assert world.sandbox.open_view(REP) is None, "the second click is no fault to explain"
        (accepted,) = await world.goals(GoalState.ACCEPTED)
        assert accepted.version == 2
        assert len(world.texts(REP)) == before, "the fork is rewritten, not answered by another message"
        assert buttons(world.course(MANAGER), ActionId.GOAL_APPROVE), "the manager approves in its place"
        assert not [t for t in world.texts(MANAGER) if "said yes to a goal" in t]


async def test_a_change_names_each_fault_under_its_field_and_then_counts_as_a_yes(
    sqlite_url: str, over: dict[str, str]
) -> None:
    async with a_world(sqlite_url, **over) as world:
        fork = (await world.to_forks())[1]
        await world.press(REP, fork, ActionId.FORK_CHANGE)
        assert (await change(world, "0", TODAY + timedelta(days=5), "At my desk")).keys() == {"number"}
        assert (await change(world, "3", TODAY, "At my desk")).keys() == {"due"}
        assert (await change(world, "3", TODAY + timedelta(days=32), "At my desk")).keys() == {"due"}
        assert (await change(world, "3", TODAY + timedelta(days=5), "  ")).keys() == {"plan"}
        assert not await world.goals(GoalState.ACCEPTED)
        assert not await change(world, "3", TODAY + timedelta(days=31), "Tuesdays at 9")
        (accepted,) = await world.goals(GoalState.ACCEPTED)
        assert (accepted.terms.number, accepted.terms.plan) == (3, "Tuesdays at 9")
        assert accepted.terms.due == TODAY + timedelta(days=31)


async def test_faults_of_all_fields_are_named_at_once_by_the_use_case(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        fork = (await world.to_forks())[1]
        await world.press(REP, fork, ActionId.FORK_CHANGE)
        view = world.sandbox.open_view(REP)
        assert view is not None
        view["state"] = {"values": {}}  # nothing that Slack's own client would have kept back
        payload = {"type": "view_submission", "user": {"id": REP}, "team": {"id": "T0SANDBOX"}, "view": view}
        ack = await world.deliver("interactive", payload)
        assert ack.payload["errors"].keys() == {"number", "due", "plan"}


async def test_not_now_needs_a_reason_which_stays_with_the_goal(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        fork = (await world.to_forks())[0]
        await world.press(REP, fork, ActionId.FORK_NOT_NOW)
        assert (await world.fill(REP, lambda _: {"text": "   "})).errors.keys() == {"reason"}
        assert not (await world.fill(REP, lambda _: {"text": "Their buyer is away"})).errors
        (declined,) = await world.goals(GoalState.DECLINED)
        assert declined.words == "Their buyer is away"
        assert not any("yes to a goal" in text for text in world.texts(MANAGER))


async def a_third(world: World) -> None:
    """Let Ruth hold two goals and be offered one more."""
    first, second = await world.to_forks()
    (offered, _) = await world.goals(GoalState.OFFERED)
    third = replace(offered, id=GoalId("gthird"), terms=replace(offered.terms, title="A third one"))
    async with world.bot.database.transaction() as tx:
        await tx.goals.add(third, by=None)
    for fork in (first, second):
        await world.press(REP, fork, ActionId.FORK_YES)


async def drop(world: World, chosen: int) -> Outcome:
    """Choose one of the goals held to make room, and submit."""
    view = world.sandbox.open_view(REP)
    assert view is not None
    element = next(block["element"] for block in view["blocks"] if block.get("block_id") == "drop")
    value = element["options"][chosen]["value"]
    outcome = await world.sandbox.submit(REP, view["id"], {"drop": {element["action_id"]: value}})
    await world.settle()
    return outcome


async def test_a_third_yes_asks_which_one_to_drop_and_changes_nothing_until_it_is_said(database_url: str) -> None:
    async with a_world(database_url) as world:
        await a_third(world)
        await world.press_unseen(REP, ActionId.FORK_YES, "gthird:1")
        shown = words(world.sandbox.open_view(REP))
        held = await world.goals(GoalState.ACCEPTED)
        assert all(goal.terms.title in shown for goal in held)
        assert [goal.id for goal in await world.goals(GoalState.OFFERED)] == ["gthird"]
        view = world.sandbox.open_view(REP)
        assert view is not None
        assert (await world.sandbox.submit(REP, view["id"], {})).errors.keys() == {"drop"}
        assert len(await world.goals(GoalState.ACCEPTED)) == 2
        assert not (await drop(world, 0)).errors
        (gone,) = await world.goals(GoalState.OBSOLETE)
        assert "to make room for A third one" in gone.words
        assert {goal.id for goal in await world.goals(GoalState.ACCEPTED)} == {*(one.id for one in held), "gthird"} - {
            gone.id
        }
        assert "A third one" in words(world.course(MANAGER)), "the manager sees at once what was chosen instead"


async def test_a_third_goal_in_terms_of_the_reps_own_keeps_them_through_the_question(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await a_third(world)
        await world.press_unseen(REP, ActionId.FORK_CHANGE, "gthird:1")
        assert not await change(world, "2", TODAY + timedelta(days=3), "If it is nine: then I call")
        assert not (await drop(world, 1)).errors
        (taken,) = [goal for goal in await world.goals(GoalState.ACCEPTED) if goal.id == "gthird"]
        wanted = (2, TODAY + timedelta(days=3), "If it is nine: then I call")
        assert (taken.terms.number, taken.terms.due, taken.terms.plan) == wanted


async def test_a_goal_that_changed_while_the_question_stood_open_is_not_dropped(database_url: str) -> None:
    async with a_world(database_url) as world:
        await a_third(world)
        await world.press_unseen(REP, ActionId.FORK_YES, "gthird:1")
        (held, _) = await world.goals(GoalState.ACCEPTED)
        await world.bot.cases.approvals.approve(GoalRef(held.id, held.version), MANAGER)
        view = world.sandbox.open_view(REP)
        assert view is not None
        element = next(block["element"] for block in view["blocks"] if block.get("block_id") == "drop")
        mine = [option["value"] for option in element["options"]].index(f"{held.id}:{held.version}")
        await drop(world, mine)
        assert "agreed and active" in world.told(REP)
        assert [goal.id for goal in await world.goals(GoalState.OFFERED)] == ["gthird"], "nothing is half done"
        assert [goal.id for goal in await world.goals(GoalState.ACTIVE)] == [held.id]


async def test_nobody_drops_what_is_another_reps(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await a_third(world)
        (held, other) = await world.goals(GoalState.ACCEPTED)
        refs = GoalRef(GoalId("gthird"), 1), GoalRef(held.id, held.version)
        for somebody in (MANAGER, OTHER_REP):
            with pytest.raises(NotAllowedError):
                await world.bot.cases.forks.swap(refs[0], somebody, refs[1], None)
        assert {goal.id for goal in await world.goals(GoalState.ACCEPTED)} == {held.id, other.id}


async def test_a_goal_that_made_room_is_told_so_in_the_1_on_1_that_it_came_from(database_url: str) -> None:
    async with a_world(database_url) as world:
        await a_third(world)
        (held, _) = await world.goals(GoalState.ACCEPTED)
        (offered,) = await world.goals(GoalState.OFFERED)
        await world.bot.cases.closing.held((await world.meeting()).id, MANAGER)
        later = replace(offered, id=GoalId("glater"), meeting=(await world.meeting()).id)
        async with world.bot.database.transaction() as tx:
            await tx.goals.add(later, by=None)
        await world.bot.cases.forks.swap(GoalRef(later.id, 1), REP, GoalRef(held.id, held.version), None)
        await world.settle()
        for reader in (REP, MANAGER):
            recap = world.course(reader)["text"]
            assert recap.count("*Taken back*") == 1
            assert f"*Taken back*: *{held.terms.title}" in recap


async def test_of_two_drops_at_once_one_counts_and_the_other_is_told(database_url: str) -> None:
    async with a_world(database_url) as world:
        await a_third(world)
        (held, other) = await world.goals(GoalState.ACCEPTED)
        third = GoalRef(GoalId("gthird"), 1)
        results = await asyncio.gather(
            *(world.bot.cases.forks.swap(third, REP, GoalRef(one.id, one.version), None) for one in (held, other)),
            return_exceptions=True,
        )
        assert sorted(type(result).__name__ for result in results) == ["NoneType", "StaleError"]
        (gone,) = await world.goals(GoalState.OBSOLETE)
        (kept,) = [one for one in (held, other) if one.id != gone.id]
        await world.bot.cases.forks.swap(third, REP, GoalRef(gone.id, gone.version - 1), None)  # the same once more
        with pytest.raises(StaleError, match="was accepted"):
            await world.bot.cases.forks.swap(third, REP, GoalRef(kept.id, kept.version), None)
        assert len(await world.goals(GoalState.ACCEPTED)) == 2


async def test_a_click_on_an_old_message_says_how_it_was_settled(sqlite_url: str, over: dict[str, str]) -> None:
    async with a_world(sqlite_url, **over) as world:
        fork = (await world.to_forks())[0]
        await world.press(REP, fork, ActionId.FORK_NOT_NOW)
        await world.fill(REP, lambda _: {"text": "Not this week"})
        for action in (ActionId.FORK_YES, ActionId.FORK_CHANGE, ActionId.FORK_NOT_NOW):
            await world.press(REP, fork, action, again=True)
            told = world.told(REP)
            assert "Settled already" in told
            assert "not now" in told
            assert "11 Oct 2017" in told


async def test_a_form_left_open_while_its_goal_was_withdrawn_says_so_and_changes_nothing(database_url: str) -> None:
    async with a_world(database_url) as world:
        fork = (await world.to_forks())[0]
        await world.press(REP, fork, ActionId.FORK_CHANGE)
        closing = await world.until(MANAGER, ActionId.MEETING_MOVE)
        closing = [m for m in world.sandbox.messages(MANAGER) if "1:1 with Ruth Adler now" in m["text"]][-1]
        await world.press(MANAGER, closing, ActionId.MEETING_MOVE)
        slots = world.sandbox.open_view(MANAGER)
        assert slots is not None
        first = slots["blocks"][1]["element"]["options"][0]["value"]
        await world.fill(MANAGER, lambda block: {"slot": first} if block == "slot" else {"text": ""})
        assert await change(world, "2", TODAY + timedelta(days=3), "At nine") == {}
        told = world.told(REP)
        assert "Settled already" in told
        assert "withdrawn" in told
        assert {goal.state for goal in await world.goals()} == {GoalState.OBSOLETE}
        assert "was moved to" in words(world.course(REP)), "where the fork stood it says why"


async def test_a_click_by_anybody_else_changes_nothing_and_explains(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        fork = (await world.to_forks())[0]
        for somebody, why in ((MANAGER, "Only the rep"), (OTHER_REP, "Only the rep"), (STRANGER, "I don't find you")):
            for action in (ActionId.FORK_YES, ActionId.FORK_CHANGE, ActionId.FORK_NOT_NOW):
                assert (await world.press_unseen(somebody, action, value_of(fork))).acked
                assert why in world.told(somebody)
        assert {goal.state for goal in await world.goals()} == {GoalState.OFFERED}


@pytest.mark.parametrize("how", ["left the records", "deactivated in Slack"])
async def test_a_rep_who_is_gone_answers_for_nothing(sqlite_url: str, how: str) -> None:
    async with a_world(sqlite_url) as world:
        fork = (await world.to_forks())[0]
        if how == "left the records":
            await world.import_people(replace(PEOPLE[1], active=False))
        else:
            async with world.bot.database.transaction() as tx:
                account = await tx.people.account_of(PEOPLE[1].id)
                assert account is not None
                await tx.people.link(replace(account, deleted=True))
        await world.press_unseen(REP, ActionId.FORK_YES, value_of(fork))
        assert "I don't find you" in world.told(REP)
        assert not await world.goals(GoalState.ACCEPTED)


async def test_a_yes_after_the_due_day_is_refused_with_a_way_out(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        fork = (await world.to_forks())[0]
        (_, offered) = await world.goals()
        world.sandbox.clock.set(world.bot.clock.now() + timedelta(days=10))  # no tick: the bot was down meanwhile
        assert offered.terms.due < TODAY + timedelta(days=10)
        outcome = await world.sandbox.click(REP, "D0002", fork["ts"], ActionId.FORK_YES, value_of(fork))
        assert outcome.acked
        assert "Choose Change it" in world.told(REP)
        assert not await world.goals(GoalState.ACCEPTED)


async def test_what_stood_open_makes_room_for_the_next_meetings_forks(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.to_forks()
        old = {goal.id for goal in await world.goals(GoalState.OFFERED)}
        closing = [m for m in world.sandbox.messages(MANAGER) if "1:1 with Ruth Adler now" in m["text"]]
        if not closing:
            await world.settle()
        await world.press(MANAGER, closing[-1], ActionId.MEETING_HELD)
        for _ in range(60):
            if {goal.id for goal in await world.goals(GoalState.OFFERED)} - old:
                break
            due = await world.bot.next_due()
            assert due is not None
            await world.go_to(max(due, world.bot.clock.now()))
        stale = [goal for goal in await world.goals() if goal.id in old]
        assert {goal.state for goal in stale} == {GoalState.OBSOLETE}
        assert 1 <= len(await world.goals(GoalState.OFFERED)) <= 2
        shown = [words(m) for m in world.sandbox.messages(REP) if buttons(m, ActionId.PRE_READ_HOW)]
        assert "no longer relevant" not in shown[-1], "what nobody said yes to is none of the rep's past"
