"""A goal of one's own: built from the playbook or from one's own words, tested, and only made by the rep's yes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from world import MANAGER, OTHER_MANAGER, OTHER_REP, REP, World, a_world, some_records, title, words

from bot.coaching.commitment import CoachingGoal, Fork, GoalState, Origin
from bot.coaching.records import Activity, DealStatus, PersonId
from bot.sandbox import Mishap
from bot.views.ids import ActionId
from bot.views.languages import GERMAN

TODAY = date(2017, 10, 2)
CALLS = tuple(
    Activity(PersonId("ruth"), "Call", date(2017, 7, 1) + timedelta(days=number), count=3) for number in range(90)
)


MANY_CALLS = tuple(replace(one, count=400) for one in CALLS)


async def start(world: World, user: str = REP, text: str = "new") -> dict[str, Any]:
    outcome = await world.sandbox.command(user, "/goals", text)
    assert outcome.acked
    await world.settle()
    view = world.sandbox.open_view(user)
    assert view is not None, outcome.response
    return view


def offered(view: dict[str, Any]) -> dict[str, str]:
    """Return what the form offers: title to value."""
    element = next(block["element"] for block in view["blocks"] if block.get("block_id") == "choice")
    options = element.get("options") or [one for group in element["option_groups"] for one in group["options"]]
    return {option["text"]["text"]: option["value"] for option in options}


async def fill(world: World, user: str = REP, **typed: dict[str, str]) -> dict[str, str]:
    """Submit the form in front and return what stands under its fields."""
    view = world.sandbox.open_view(user)
    assert view is not None
    outcome = await world.sandbox.submit(user, view["id"], typed)
    assert not outcome.problem
    await world.settle()
    return dict(outcome.errors)


async def choose(world: World, what: str, user: str = REP, text: str = "new") -> dict[str, Any]:
    """Begin a goal, choose the first thing that is called so, and return the second form."""
    view = await start(world, user, text)
    value = next(value for name, value in offered(view).items() if what in name)
    assert not await fill(world, user, choice={"choice": value})
    following = world.sandbox.open_view(user)
    assert following is not None
    return following


def field(view: dict[str, Any], block: str) -> dict[str, Any]:
    element: dict[str, Any] = next(one["element"] for one in view["blocks"] if one.get("block_id") == block)
    return element


async def the_goal(world: World, *states: GoalState) -> CoachingGoal:
    (goal,) = await world.goals(*states)
    return goal


async def test_who_never_saw_the_second_page_gets_it_when_asking_again(database_url: str, over: dict[str, str]) -> None:
    async with a_world(database_url, **over) as world:
        (value, *_) = offered(await start(world)).values()
        world.sandbox.courier.next(Mishap.UNHEARD)
        for acked in (False, True):
            view = world.sandbox.open_view(REP)
            assert view is not None
            sent = await world.sandbox.submit(REP, view["id"], {"choice": {"choice": value}})
            assert sent.acked is acked
        following = world.sandbox.open_view(REP)
        assert following is not None, "the form didn't close as if all were done"
        assert {"number", "due", "plan"} <= {block.get("block_id") for block in following["blocks"]}


async def test_a_goal_is_built_from_the_playbook_and_prefilled_so_that_one_tap_takes_it(database_url: str) -> None:
    async with a_world(database_url, some_records(activities=CALLS)) as world:
        view = await choose(world, "Call a new prospect")
        assert title(view) == "New goal"
        number, due = int(field(view, "number")["initial_value"]), field(view, "due")["initial_date"]
        assert number > 1
        assert TODAY < date.fromisoformat(due) <= TODAY + timedelta(days=31)
        assert field(view, "plan")["initial_value"].startswith("If it is Tuesday 9:00, then I call a new prospect")
        assert "Worth" in words(view), "the dollars are told where the numbers allow it"
        assert "Path: Win new customers ← Discovery ←" in words(view)
        assert "What helps: " in words(view)
        assert not await fill(world)
        assert "You said yes" in title(world.sandbox.open_view(REP))
        goal = await the_goal(world, GoalState.ACCEPTED)
        assert (goal.terms.number, goal.terms.due.isoformat(), goal.terms.origin) == (number, due, Origin.REP)
        assert goal.terms.fork is Fork.GAP
        assert goal.terms.worth is not None
        assert any("Call a new prospect" in text for text in world.texts(REP))
        await world.press(MANAGER, await world.until(MANAGER, ActionId.GOAL_APPROVE), ActionId.GOAL_APPROVE)
        assert (await the_goal(world, GoalState.ACTIVE)).id == goal.id
        async with world.bot.database.transaction() as tx:
            states = [version.state for version in await tx.goals.history(goal.id)]
        assert states == [GoalState.OFFERED, GoalState.ACCEPTED, GoalState.ACTIVE]


async def test_what_does_not_fit_is_refused_under_its_field_with_what_would(sqlite_url: str) -> None:
    async with a_world(sqlite_url, some_records(activities=CALLS)) as world:
        await choose(world, "Call a new prospect")
        late = (TODAY + timedelta(days=40)).isoformat()
        faults = await fill(world, number={"number": "5000"}, plan={"text": "   "})
        assert faults.keys() == {"number", "plan"}
        assert "are a stretch that fits" in faults["number"]
        faults = await fill(world, due={"day": late}, plan={"text": "At my desk"}, number={"number": "2"})
        assert faults.keys() == {"due"}
        assert "Choose a day from tomorrow to" in faults["due"]
        assert not await world.goals()
        assert not await fill(world, due={"day": (TODAY + timedelta(days=5)).isoformat()})
        goal = await the_goal(world, GoalState.ACCEPTED)
        assert (goal.terms.number, goal.terms.plan) == (2, "At my desk")


async def test_an_outcome_becomes_the_activity_that_leads_there_and_one_tap_takes_it(database_url: str) -> None:
    async with a_world(database_url, some_records(activities=CALLS)) as world:
        await start(world)
        assert not await fill(world, words={"text": "close 3 deals"})
        view = world.sandbox.open_view(REP)
        assert view is not None
        assert "'close 3 deals' depends on the customer" in words(view)
        assert "3 deals usually take you" in words(view)
        assert field(view, "choice")["initial_option"], "the nearest is chosen already"
        assert not await fill(world)
        goal = await the_goal(world, GoalState.ACCEPTED)
        assert goal.terms.item == "Call a new prospect and ask for a first meeting"
        assert goal.terms.number > 1
        assert goal.terms.plan


@pytest.mark.parametrize(("typed", "agreed"), [("1,100 calls", "1,200 calls"), ("1.100 Anrufe", "1,200 Anrufe")])
async def test_own_words_have_the_agreed_number_in_each_readers_figures(
    sqlite_url: str, typed: str, agreed: str
) -> None:
    async with a_world(sqlite_url, some_records(activities=MANY_CALLS)) as world:
        await start(world)
        assert not await fill(world, words={"text": f"{typed} from the train by Friday"})
        assert not await fill(world, number={"number": "1200"})
        goal = await the_goal(world, GoalState.ACCEPTED)
        assert goal.terms.title == f"{agreed} from the train"
        assert GERMAN.written(goal.terms.title) == f"{agreed.replace(',', '.')} from the train"


async def test_own_words_that_name_a_customer_lead_to_that_customers_deal(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await start(world, text="new win Acme")
        view = world.sandbox.open_view(REP)
        assert view is not None
        assert field(view, "words")["initial_value"] == "win Acme"
        assert not await fill(world)
        assert not await fill(world)
        goal = await the_goal(world, GoalState.ACCEPTED)
        assert (goal.terms.fork, goal.terms.deal) == (Fork.VERIFIER, "ruth-open-0")


async def test_own_words_that_are_a_goal_are_kept_as_they_were_said(sqlite_url: str) -> None:
    async with a_world(sqlite_url, some_records(activities=CALLS)) as world:
        await start(world)
        assert not await fill(world, words={"text": "14 calls from the train by Friday"})
        view = world.sandbox.open_view(REP)
        assert view is not None
        assert (field(view, "number")["initial_value"], field(view, "due")["initial_date"]) == ("14", "2017-10-06")
        assert not await fill(world, number={"number": "12"})
        goal = await the_goal(world, GoalState.ACCEPTED)
        assert (goal.terms.title, goal.terms.number) == ("12 calls from the train", 12)
        assert goal.terms.item == "Call a new prospect and ask for a first meeting"


async def test_own_words_that_are_too_much_are_offered_as_what_fits(sqlite_url: str) -> None:
    async with a_world(sqlite_url, some_records(activities=CALLS)) as world:
        await start(world)
        assert not await fill(world, words={"text": "500 calls"})
        view = world.sandbox.open_view(REP)
        assert view is not None
        assert "500 calls are more than your own weeks have shown so far" in words(view)
        assert any("Call a new prospect" in name for name in offered(view))


async def test_nothing_chosen_or_both_is_refused_under_the_field(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        view = await start(world)
        assert (await fill(world)).keys() == {"choice"}
        both = {"choice": {"choice": next(iter(offered(view).values()))}, "words": {"text": "9 calls"}}
        assert (await fill(world, **both)).keys() == {"words"}
        assert not await world.goals()


async def test_a_form_sent_twice_makes_one_goal(database_url: str) -> None:
    async with a_world(database_url) as world:
        view = await choose(world, "Discovery questions")
        payload = {"type": "view_submission", "user": {"id": REP}, "team": {"id": "T0SANDBOX"}, "view": view}
        other = payload | {"view": view | {"hash": "another"}}
        acks = await asyncio.gather(*(world.deliver("interactive", one) for one in (payload, other)))
        assert [title(ack.payload["view"]) for ack in acks] == ["You said yes"] * 2
        await world.settle()
        assert len(await world.goals()) == 1


async def test_a_stale_form_says_so_when_its_goal_is_no_longer_there(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await choose(world, "Acme")
        (acme,) = (deal for deal in some_records().deals if deal.id == "ruth-open-0")
        await world.import_people(deals=(replace(acme, status=DealStatus.WON, close=TODAY),))
        assert not await fill(world)
        assert "isn't open to you any more" in world.told(REP)
        assert not await world.goals()


async def test_a_manager_proposes_and_only_the_reps_yes_makes_it_a_goal(database_url: str) -> None:
    async with a_world(database_url) as world:
        view = await choose(world, "Discovery questions", MANAGER, "new ruth")
        assert title(view) == "Propose a goal"
        assert "plan" not in {block.get("block_id") for block in view["blocks"]}
        assert not await fill(world, MANAGER)
        goal = await the_goal(world, GoalState.OFFERED)
        assert (goal.terms.origin, goal.manager) == (Origin.MANAGER, "mara")
        message = await world.until(REP, ActionId.FORK_YES)
        await world.press(REP, message, ActionId.FORK_YES)
        assert {one.state for one in await world.goals()} <= {GoalState.ACCEPTED, GoalState.ACTIVE}


async def test_a_proposal_waits_for_the_reps_working_hours(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:  # seven in the morning UTC is two at night in Chicago
        await choose(world, "Discovery questions", MANAGER, "new ruth")
        assert not await fill(world, MANAGER)
        assert world.find(REP, ActionId.FORK_YES) is None
        await world.until(REP, ActionId.FORK_YES)
        assert world.bot.clock.now().hour == 14


async def test_only_the_own_manager_proposes(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        for user in (OTHER_MANAGER, OTHER_REP):
            assert "only to somebody who reports to you" in await world.ask(user, "/goals", "new @ruth")
        assert "Say to whom" in await world.ask(MANAGER, "/goals", "new")
        view = await choose(world, "Discovery questions", MANAGER, "new ruth")
        payload = {"type": "view_submission", "user": {"id": OTHER_REP}, "team": {"id": "T0SANDBOX"}, "view": view}
        ack = await world.deliver("interactive", payload)
        assert "only to somebody who reports to you" in words(ack.payload["view"])
        assert not await world.goals()


async def test_a_third_goal_finds_no_room(database_url: str) -> None:
    async with a_world(database_url) as world:
        for what in ("Discovery questions", "Trading terms"):
            await choose(world, what)
            assert not await fill(world)
            world.sandbox.workspace.views.close_all(REP)
        assert "has 2 goals to work on or to answer" in await world.ask(MANAGER, "/goals", "new ruth")
        await choose(world, "Asking for introductions")
        assert not await fill(world)
        assert len(await world.goals(GoalState.ACCEPTED)) == 2
        third = await the_goal(world, GoalState.OFFERED)
        assert third.terms.title in world.told(REP)


async def test_a_rep_with_nothing_on_record_may_still_practise(sqlite_url: str) -> None:
    async with a_world(sqlite_url, some_records(deals=(), goals=())) as world:
        assert any("Discovery questions" in name for name in offered(await start(world)))


@pytest.mark.parametrize("metadata", ["", "x", "{}", '{"goal": 1}', "[]"])
async def test_a_form_that_is_not_ours_is_refused(sqlite_url: str, metadata: str) -> None:
    async with a_world(sqlite_url) as world:
        view = await choose(world, "Discovery questions")
        payload = {
            "type": "view_submission",
            "user": {"id": REP},
            "team": {"id": "T0SANDBOX"},
            "trigger_id": world.sandbox.tickets.trigger(REP),
            "view": view | {"private_metadata": metadata},
        }
        await world.deliver("interactive", payload)
        assert not await world.goals()
