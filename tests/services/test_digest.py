"""A manager reads once a week what waits for a yes, whom to congratulate and whom to meet; nobody is ranked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from world import MANAGER, OTHER_MANAGER, PEOPLE, REP, World, a_world, words

from bot.coaching.commitment import GoalId, GoalState
from bot.coaching.records import PersonId
from bot.services.posting import tell
from bot.views.commands import refused

MONDAY = datetime(2017, 10, 16, 13, tzinfo=UTC)  # nine in New York
TUESDAY = datetime(2017, 10, 10, 13, tzinfo=UTC)  # Monday is Columbus Day


def digests(world: World, user: str = MANAGER) -> list[dict[str, Any]]:
    return [message for message in world.sandbox.messages(user) if "Your week, " in message["text"]]


async def test_the_own_consistency_comes_first_and_reps_stand_by_name(database_url: str) -> None:
    async with a_world(database_url) as world:
        goal = await world.agree()
        now = world.bot.clock.now()
        done = replace(goal, state=GoalState.KEPT, version=goal.version + 1, done=3.0, changed_at=now)
        omars = replace(done, id=GoalId("gomar"), rep=PersonId("omar"), changed_at=now + timedelta(days=1))
        waits = replace(goal, id=GoalId("gwaits"), state=GoalState.ACCEPTED)
        async with world.bot.database.transaction() as tx:
            assert await tx.goals.save(done, was=goal, by=None)
            await tx.goals.add(omars, by=None)
            await tx.goals.add(waits, by=None)
        before = len(digests(world))
        await world.go_to(MONDAY - timedelta(minutes=1))
        assert len(digests(world)) == before
        await world.go_to(MONDAY)
        await world.settle()
        said = words(digests(world)[-1])
        assert len(digests(world)) == before + 1
        assert "1 goal waits for your yes, 2 commitments to congratulate on" in said
        assert said.index("too early to say how steadily we meet") < said.index("Waiting for your yes")
        assert said.index("*Omar Blake* kept") < said.index("*Ruth Adler* kept")
        assert not digests(world, OTHER_MANAGER), "nobody reports to Nina"
        assert not digests(world, REP)
        await world.go_to(MONDAY + timedelta(hours=5))
        await world.restart()
        await world.bot.cases.roster.plan_all()
        await world.settle()
        assert len(digests(world)) == before + 1, "said once"


async def test_the_weeks_meetings_stand_by_date_and_a_week_without_anything_is_quiet(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.go_to(TUESDAY)
        said = words(digests(world)[-1])
        assert "2 1:1s" in said
        assert "Waiting for your yes" not in said
        first, second = sorted(
            [await world.meeting("ruth"), await world.meeting("omar")], key=lambda one: one.appointment.starts_at
        )
        assert said.index(str(int(first.appointment.starts_at.timestamp()))) < said.index(
            str(int(second.appointment.starts_at.timestamp()))
        )


async def test_past_the_budget_a_digest_without_anything_to_answer_waits(sqlite_url: str) -> None:
    async with a_world(sqlite_url, CADENCE_MESSAGES_A_WEEK="1") as world:
        await world.go_to(TUESDAY - timedelta(days=7))
        await world.go_to(TUESDAY - timedelta(hours=1))
        async with world.bot.database.transaction() as tx:
            await tell(tx, PEOPLE[0], "no_slot", "no_slot:somebody", refused("Something to answer"), TUESDAY)
        await world.go_to(TUESDAY)
        assert not digests(world), "there was a message this week already"
        await world.go_to(MONDAY)
        (gathered,) = [m for m in world.sandbox.messages(MANAGER) if "What could wait" in m["text"]]
        assert "Your week, Mara Quinn" in words(gathered)
