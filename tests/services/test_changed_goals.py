"""What a rep may change about a goal before saying yes to it: only to what section 8 lets stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.coaching.commitment import CoachingGoal, Fork, GoalState, GoalTerms
from bot.coaching.records import Activity, PersonId
from bot.errors import BadFieldsError
from bot.services.changed_goals import NewTerms
from bot.services.forks import GoalRef
from tests.world import REP, World, a_world, some_records

TODAY = date(2017, 10, 11)
"""The day of Ruth's 1:1, at which the forks open; her next one is a week later."""

CALLS = tuple(
    Activity(PersonId(rep), "Call", date(2017, 10, 10) - timedelta(days=ago), count=2)
    for rep in ("ruth", "omar")
    for ago in range(200)
)
"""Fourteen calls a week."""


async def offered(world: World, **changes: object) -> CoachingGoal:
    """Go to the forks and return the one about a verifier, with other terms where wanted."""
    await world.to_forks()
    (goal,) = (one for one in await world.goals(GoalState.OFFERED) if one.terms.fork is Fork.VERIFIER)
    other = replace(goal, version=goal.version + 1, terms=replace(goal.terms, **changes))  # type: ignore[arg-type]
    async with world.bot.database.transaction() as tx:
        assert await tx.goals.save(other, was=goal, by=None)
    return other


async def about_calls(world: World, number: int) -> CoachingGoal:
    return await offered(
        world,
        fork=Fork.GAP,
        title="Calls",
        item="Call a new prospect and ask for a first meeting",
        number=number,
        unit="calls",
        due=TODAY + timedelta(days=14),
        deal=None,
    )


async def faults(world: World, goal: CoachingGoal, **changes: object) -> dict[str, str]:
    """Say yes to other terms and return what stands under the fields."""
    wanted: GoalTerms = replace(goal.terms, plan="Tuesdays at 9")
    wanted = replace(wanted, **changes)  # type: ignore[arg-type]
    try:
        new = NewTerms(wanted.number, wanted.due, wanted.plan)
        await world.bot.cases.forks.change(GoalRef(goal.id, goal.version), REP, new)
    except BadFieldsError as error:
        return dict(error.fields)
    return {}


async def test_more_than_ever_fitted_is_refused_with_the_largest_number_that_does(database_url: str) -> None:
    async with a_world(database_url, some_records(activities=CALLS)) as world:
        goal = await about_calls(world, 28)
        assert await faults(world, goal, number=100) == {
            "number": "100 calls are more than your own weeks have shown so far. Up to 30 are a stretch that fits."
        }
        assert not await world.goals(GoalState.ACCEPTED)
        assert await faults(world, goal, number=30) == {}
        assert [one.terms.number for one in await world.goals(GoalState.ACCEPTED)] == [30]


async def test_fewer_days_leave_room_for_fewer(sqlite_url: str) -> None:
    async with a_world(sqlite_url, some_records(activities=CALLS)) as world:
        goal = await about_calls(world, 28)
        assert (await faults(world, goal, due=TODAY + timedelta(days=7))).keys() == {"number"}
        assert await faults(world, goal, number=15, due=TODAY + timedelta(days=7)) == {}


async def test_a_number_that_was_offered_is_never_too_much(sqlite_url: str) -> None:
    async with a_world(sqlite_url, some_records(activities=CALLS)) as world:
        assert await faults(world, await about_calls(world, 60)) == {}


async def test_without_an_activity_feed_no_number_is_too_much(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        assert await faults(world, await about_calls(world, 28), number=100) == {}


async def test_what_a_customer_has_to_give_is_due_by_the_next_meeting(database_url: str) -> None:
    async with a_world(database_url, some_records(activities=CALLS)) as world:
        goal = await offered(world)
        refused = await faults(world, goal, due=TODAY + timedelta(days=8))
        assert refused == {
            "due": "It is due on 19 October 2017, after our next 1:1 on 18 October. "
            "Choose a day from tomorrow to 18 October."
        }
        assert await faults(world, goal, due=TODAY + timedelta(days=7)) == {}


async def test_a_day_that_was_offered_stands_even_past_the_next_meeting(sqlite_url: str) -> None:
    async with a_world(sqlite_url, some_records(activities=CALLS)) as world:
        assert await faults(world, await offered(world, due=TODAY + timedelta(days=9))) == {}


async def test_other_goals_may_be_due_within_a_month(sqlite_url: str) -> None:
    async with a_world(sqlite_url, some_records(activities=CALLS)) as world:
        goal = await about_calls(world, 28)
        assert (await faults(world, goal, due=TODAY + timedelta(days=32))).keys() == {"due"}
        assert await faults(world, goal, due=TODAY + timedelta(days=31)) == {}
