"""A goal changes only from what its editor saw, and every version of it is kept with who said it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from examples import LATER, MANAGER, NOW, OTHER, REP, TERMS, BreakError, a_goal, a_meeting, broken, with_people

from bot.coaching.commitment import CoachingGoal, GoalId, GoalState
from bot.coaching.meeting import MeetingId, MeetingState
from bot.coaching.records import PersonId
from bot.services.ports import Report, Store
from bot.storage.engine import connect
from bot.storage.store import Database
from bot.storage.tables import goal_history

FULL = a_goal(
    state=GoalState.ACTIVE,
    version=7,
    words="Zoë said: 'do it' \N{WHITE HEAVY CHECK MARK}",
    done=0.1 + 0.2,
    reported_at=LATER,
    active_since=date(2017, 10, 3),
)
ACCEPTED = a_goal(state=GoalState.ACCEPTED, version=2, changed_at=LATER, words="Yes")


@pytest.fixture
async def goals(store: Database) -> Database:
    """The store with a held 1:1 of each rep."""
    await with_people(store)
    async with store.transaction() as tx:
        await tx.meetings.add(a_meeting(state=MeetingState.HELD))
        await tx.meetings.add(a_meeting(id=MeetingId("m2"), rep=OTHER, state=MeetingState.HELD))
    return store


async def add(store: Store, *goals: CoachingGoal, by: PersonId | None = None) -> None:
    async with store.transaction() as tx:
        for goal in goals:
            await tx.goals.add(goal, by=by)


async def save(store: Store, goal: CoachingGoal, was: CoachingGoal, by: PersonId | None = REP) -> bool:
    async with store.transaction() as tx:
        return await tx.goals.save(goal, was=was, by=by)


async def stored(store: Store) -> CoachingGoal | None:
    async with store.transaction() as tx:
        return await tx.goals.get(GoalId("g1"))


@pytest.mark.parametrize("goal", [a_goal(), FULL, a_goal(terms=replace(TERMS, deal=None, worth=None))])
async def test_a_goal_comes_back_equal(goals: Database, goal: CoachingGoal) -> None:
    await add(goals, goal)
    assert await stored(goals) == goal


@pytest.mark.parametrize("state", GoalState)
async def test_a_goal_may_be_kept_in_every_state(goals: Database, state: GoalState) -> None:
    await add(goals, a_goal(state=state))
    assert await stored(goals) == a_goal(state=state)


async def test_an_unknown_goal_is_none(goals: Database) -> None:
    assert await stored(goals) is None


async def test_a_change_of_what_is_there_is_kept_as_given(goals: Database) -> None:
    await add(goals, a_goal())
    assert await save(goals, replace(FULL, manager=OTHER, meeting="m2"), was=a_goal())
    assert await stored(goals) == replace(FULL, manager=OTHER, meeting="m2")


@pytest.mark.parametrize("seen", [a_goal(version=2), a_goal(state=GoalState.ACCEPTED), a_goal(id=GoalId("g9"))])
async def test_a_change_of_what_is_no_longer_there_changes_nothing(goals: Database, seen: CoachingGoal) -> None:
    await add(goals, a_goal())
    assert not await save(goals, ACCEPTED, was=seen)
    assert await stored(goals) == a_goal()
    async with goals.transaction() as tx:
        assert await tx.goals.history(GoalId("g1")) == (a_goal(),)


async def test_of_two_who_answer_at_once_one_is_told_that_it_was_settled(goals: Database, database_url: str) -> None:
    await add(goals, a_goal())
    replica = connect(database_url)
    declined = replace(ACCEPTED, state=GoalState.DECLINED)
    answers = await asyncio.gather(save(goals, ACCEPTED, a_goal()), save(replica, declined, a_goal()))
    await replica.dispose()
    assert sorted(answers) == [False, True]
    async with goals.transaction() as tx:
        assert await tx.goals.history(GoalId("g1")) == (a_goal(), ACCEPTED if answers[0] else declined)


async def test_every_version_is_kept_with_who_said_it(goals: Database) -> None:
    approved = replace(ACCEPTED, state=GoalState.ACTIVE, version=3)
    await add(goals, a_goal(), by=None)
    await save(goals, ACCEPTED, was=a_goal(), by=REP)
    await save(goals, approved, was=ACCEPTED, by=MANAGER)
    async with goals.transaction() as tx:
        assert await tx.goals.history(GoalId("g1")) == (a_goal(), ACCEPTED, approved)
        assert await tx.goals.history(GoalId("g9")) == ()
    async with goals._begin() as connection:
        said = (await connection.scalars(sa.select(goal_history.c.said_by).order_by(goal_history.c.id))).all()
    assert said == [None, REP, MANAGER]


async def test_a_version_of_a_transaction_that_fails_is_not_kept(goals: Database) -> None:
    await add(goals, a_goal())
    with pytest.raises(BreakError):
        async with broken(goals) as tx:
            assert await tx.goals.save(ACCEPTED, was=a_goal(), by=REP)
    async with goals.transaction() as tx:
        assert await tx.goals.history(GoalId("g1")) == (a_goal(),)


async def test_a_reps_goals_come_newest_first_and_in_the_states_asked_for(goals: Database) -> None:
    old, new = a_goal(), a_goal(id=GoalId("g2"), changed_at=LATER, state=GoalState.DECLINED)
    await add(goals, old, new, a_goal(id=GoalId("g3"), rep=OTHER))
    await save(goals, a_goal(version=2, changed_at=LATER + timedelta(1)), was=old)  # offered first all the same
    async with goals.transaction() as tx:
        assert [goal.id for goal in await tx.goals.of_rep(REP)] == ["g2", "g1"]
        assert [goal.id for goal in await tx.goals.of_rep(REP, states=frozenset({GoalState.OFFERED}))] == ["g1"]
        assert await tx.goals.of_rep(REP, states=frozenset()) == ()


async def test_a_meetings_goals_come_in_the_order_they_were_offered(goals: Database) -> None:
    await add(
        goals,
        a_goal(id=GoalId("g3"), changed_at=LATER),
        a_goal(id=GoalId("g2")),
        a_goal(),
        a_goal(id=GoalId("g4"), meeting="m2"),
    )
    async with goals.transaction() as tx:
        assert [goal.id for goal in await tx.goals.of_meeting(MeetingId("m1"))] == ["g2", "g1", "g3"]


async def test_goals_offered_at_once_stay_in_the_order_they_were_offered(goals: Database) -> None:
    names = ("g5", "g1", "g4", "g2", "g3")
    await add(goals, *(a_goal(id=GoalId(name)) for name in names), a_goal(id=GoalId("g6"), changed_at=LATER))
    await save(goals, ACCEPTED, was=a_goal())
    async with goals.transaction() as tx:
        assert [goal.id for goal in await tx.goals.of_rep(REP)] == ["g6", *names]
        assert [goal.id for goal in await tx.goals.of_meeting(MeetingId("m1"))] == [*names, "g6"]


async def test_what_awaits_a_manager_was_accepted_and_the_longest_waiting_comes_first(goals: Database) -> None:
    await add(
        goals,
        a_goal(),
        replace(ACCEPTED, id=GoalId("g2")),
        replace(ACCEPTED, id=GoalId("g3"), changed_at=NOW),
        replace(ACCEPTED, id=GoalId("g4"), manager=OTHER),
        replace(FULL, id=GoalId("g5")),
    )
    async with goals.transaction() as tx:
        assert [goal.id for goal in await tx.goals.awaiting(MANAGER)] == ["g3", "g2"]


async def test_a_weeks_report_is_replaced_and_the_weeks_come_in_order(goals: Database) -> None:
    await add(goals, a_goal())
    first, second = date(2017, 10, 2), date(2017, 10, 9)
    async with goals.transaction() as tx:
        await tx.goals.report(Report(GoalId("g1"), second, "partly", 1 / 3, LATER))
        await tx.goals.report(Report(GoalId("g1"), first, "partly", 1.0, NOW))
        await tx.goals.report(Report(GoalId("g1"), first, "obsolete", None, LATER))
    async with goals.transaction() as tx:
        assert await tx.goals.reports(GoalId("g1")) == (
            Report(GoalId("g1"), first, "obsolete", None, LATER),
            Report(GoalId("g1"), second, "partly", 1 / 3, LATER),
        )
        assert await tx.goals.reports(GoalId("g2")) == ()
