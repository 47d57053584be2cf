"""The home tab shows each person what is theirs, from what is stored, and follows what happens without being opened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from world import MANAGER, OTHER_MANAGER, PEOPLE, REP, World, a_world, buttons, some_records, words

from bot.coaching.commitment import GoalState
from bot.services.shelf import Shelf
from bot.views.ids import ActionId

ADMIN = OTHER_MANAGER
WITH_ADMIN = some_records(people=(*PEOPLE[:3], replace(PEOPLE[3], is_admin=True)))


async def opened(world: World, user: str) -> str:
    """Open the home tab and return all that it says."""
    await world.sandbox.open_home(user)
    await world.settle()
    return shown(world, user)


def shown(world: World, user: str) -> str:
    return words(home(world, user))


def home(world: World, user: str) -> dict[str, Any]:
    view = world.sandbox.workspace.views.home(user)
    assert view is not None
    return {"blocks": view.blocks}


async def press(world: World, user: str, action: ActionId) -> None:
    view = world.sandbox.workspace.views.home(user)
    assert view is not None
    (first, *_) = buttons({"blocks": view.blocks}, action)
    outcome = await world.sandbox.click_in_view(user, view.id, action, first.get("value"))
    assert outcome.acked
    await world.settle()


async def test_a_rep_sees_the_next_1on1_and_makes_a_goal_from_there(database_url: str) -> None:
    async with a_world(database_url) as world:
        said = await opened(world, REP)
        assert "Your next 1:1 with Mara Quinn" in said
        assert "None now." in said
        assert "/awesome set 250000" in said
        await press(world, REP, ActionId.HOME_NEW_GOAL)
        view = world.sandbox.open_view(REP)
        assert view is not None
        groups = view["blocks"][1]["element"]["option_groups"]
        option = next(o for group in groups for o in group["options"] if "Discovery" in o["text"]["text"])
        for values in ({"choice": {"choice": option["value"]}}, {}):
            view = world.sandbox.open_view(REP)
            assert view is not None
            assert not (await world.sandbox.submit(REP, view["id"], values)).errors
        await world.settle()
        assert "waiting for approval" in shown(world, REP), "it changed without being opened again"


async def test_what_happens_shows_on_both_tabs_without_opening_them_again(database_url: str) -> None:
    async with a_world(database_url) as world:
        for user in (REP, MANAGER):
            await opened(world, user)
        assert "Nothing now." in shown(world, MANAGER)
        await world.press(REP, (await world.to_forks())[0], ActionId.FORK_YES)
        assert "waiting for approval" in shown(world, REP)
        assert "1 goal for your approval" in shown(world, MANAGER)
        await press(world, MANAGER, ActionId.GOAL_APPROVE)
        (goal,) = await world.goals(GoalState.ACTIVE)
        assert f"0 of {goal.terms.number}" in shown(world, REP)
        assert "(active)" in shown(world, REP)
        assert "Nothing now." in shown(world, MANAGER)
        await press(world, REP, ActionId.HOME_REPORT)
        view = world.sandbox.open_view(REP)
        assert view is not None
        await world.sandbox.submit(REP, view["id"], {"result": {"choice": "partly"}, "number": {"number": "1"}})
        await world.settle()
        assert f"1 of {goal.terms.number}" in shown(world, REP)


async def test_a_choice_can_be_made_on_the_tab_itself(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await opened(world, REP)
        await world.to_forks()
        assert "Waiting for your yes" in shown(world, REP)
        await press(world, REP, ActionId.FORK_YES)
        assert len(await world.goals(GoalState.ACCEPTED)) == 1


async def test_a_manager_sees_the_own_consistency_first_and_the_week_in_its_order(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        said = await opened(world, MANAGER)
        heads = ["your own consistency first", "Today and this week", "Waiting for your approval", "Who needs what"]
        assert [said.index(head) for head in heads] == sorted(said.index(head) for head in heads)
        assert "hour" in said
        assert said.index("*Omar Blake*") < said.index("*Ruth Adler*"), "by name, not by need"
        await world.to_forks()
        assert "*Today*" in shown(world, MANAGER) or "not closed yet" in shown(world, MANAGER)


async def test_an_admin_sees_health_sources_people_and_playbook_and_nobodys_goals(database_url: str) -> None:
    async with a_world(database_url, WITH_ADMIN) as world:
        (goal, *_) = await _agreed(world)
        said = await opened(world, ADMIN)
        for head in ("Health", "Connections", "People without a match in Slack", "Playbook"):
            assert head in said
        assert "Files: last import" in said
        assert "All 4 people are found." in said
        assert goal.terms.title not in said
        assert goal.terms.item not in said
        stray = replace(PEOPLE[2], id="paul", name="Paul New", email="paul@nowhere.example")
        await world.import_people(stray)
        await world.go_to(world.bot.clock.now() + timedelta(days=1))
        assert "1 of 5 people" in shown(world, ADMIN), "each new day shows it anew"
        assert "Paul New" in shown(world, ADMIN)


async def test_an_admin_reads_on_the_tab_that_slack_has_no_connection_and_when_it_is_back(sqlite_url: str) -> None:
    async with a_world(sqlite_url, WITH_ADMIN) as world:
        assert "All that is due is done." in await opened(world, ADMIN)
        await world.bot.cases.troubles.deaf()
        await world.settle()
        assert "I hear no clicks, since Mon 2 Oct 2017, 03:00" in shown(world, ADMIN)
        await world.bot.cases.troubles.hears()
        await world.settle()
        assert "All that is due is done." in shown(world, ADMIN)


async def _agreed(world: World) -> tuple[Any, ...]:
    await world.agree()
    return await world.goals()


async def test_no_tab_computes_the_book(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_world(sqlite_url, WITH_ADMIN) as world:
        await world.agree()

        async def never(*_: object) -> None:
            raise AssertionError("a home tab asked for numbers")

        monkeypatch.setattr(Shelf, "book", never)
        for user in (REP, MANAGER, ADMIN):
            assert await opened(world, user)


async def test_several_changes_at_once_are_shown_once(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await opened(world, REP)
        sent = len([one for one in world.sandbox.journal.entries if one.get("method") == "views.publish"])
        async with world.bot.database.transaction() as tx:
            for _ in range(5):
                await tx.homes.mark(PEOPLE[1].id, PEOPLE[0].id, at=world.bot.clock.now())
            await tx.people.set_awesome(PEOPLE[1].id, 250_000)
        await world.settle()
        now = len([one for one in world.sandbox.journal.entries if one.get("method") == "views.publish"])
        assert now == sent + 1, "and nothing is shown to a manager who never opened it"
        assert "$250k" in shown(world, REP)


async def test_a_tab_that_cannot_be_made_holds_up_nobody_elses(sqlite_url: str, caplog: Any) -> None:
    async with a_world(sqlite_url) as world:
        for user in (REP, MANAGER):
            await opened(world, user)
        async with world.bot.database.transaction() as tx:
            await tx.people.link(replace((await tx.people.account_of(PEOPLE[0].id)) or _none(), zone="Mars/Base"))
            await tx.people.set_awesome(PEOPLE[1].id, 300_000)
            await tx.homes.mark(PEOPLE[0].id, at=world.bot.clock.now() - timedelta(hours=1))
            await tx.homes.mark(PEOPLE[1].id, at=world.bot.clock.now())
        await world.settle()
        assert "$300k" in shown(world, REP)
        assert "home.failed" in caplog.text


def _none() -> Any:
    raise AssertionError
