"""A manager reads once a week what waits for a yes, whom to congratulate and whom to meet; nobody is ranked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from world import MANAGER, OTHER_MANAGER, PEOPLE, REP, STRANGER, World, a_world, words

from bot.coaching.commitment import GoalId, GoalState
from bot.coaching.records import PersonId
from bot.services.posting import tell
from bot.views.commands import refused
from bot.views.ids import ActionId

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
        await world.bot.cases.rounds.plan_all()
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


async def test_what_of_a_week_has_no_room_on_one_screen_is_one_click_away_as_it_stands_then(database_url: str) -> None:
    async with a_world(database_url) as world:
        goal = await world.agree()
        waiting = [
            replace(goal, id=GoalId(f"g{n}"), state=GoalState.ACCEPTED, terms=replace(goal.terms, title=f"Goal {n}"))
            for n in range(4)
        ]
        async with world.bot.database.transaction() as tx:
            for one in waiting:
                await tx.goals.add(one, by=None)
        await world.go_to(MONDAY)
        message = digests(world)[-1]
        assert "4 goals wait for your yes" in words(message)
        assert "and 2 more" in words(message)
        assert "Goal 3" not in words(message)
        await world.press(MANAGER, message, ActionId.DIGEST_WHOLE)
        assert "Goal 3" in world.told(MANAGER)
        approved = replace(waiting[3], state=GoalState.ACTIVE, version=waiting[3].version + 1)
        async with world.bot.database.transaction() as tx:
            assert await tx.goals.save(approved, was=waiting[3], by=None)
        await world.press(MANAGER, message, ActionId.DIGEST_WHOLE)
        now = world.told(MANAGER)
        assert "3 goals wait for your yes" in now
        assert "Goal 3" not in now


async def test_a_week_is_each_managers_own_and_over_when_it_is(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.go_to(TUESDAY)
        this_week = TUESDAY.date() - timedelta(days=1)
        await world.press_unseen(MANAGER, ActionId.DIGEST_WHOLE, this_week.isoformat())
        assert "2 1:1s" in world.told(MANAGER)
        for user in (OTHER_MANAGER, REP):
            await world.press_unseen(user, ActionId.DIGEST_WHOLE, this_week.isoformat())
            told = world.told(user)
            assert "nothing waits for you" in told
            assert "Ruth" not in told.replace("Your week, Ruth Adler", "")
        await world.press_unseen(STRANGER, ActionId.DIGEST_WHOLE, this_week.isoformat())
        assert "I don't find you" in world.told(STRANGER)
        for value, why in (
            ((this_week - timedelta(days=7)).isoformat(), "That week is over."),
            ("", "can't be read any more"),
        ):
            await world.press_unseen(MANAGER, ActionId.DIGEST_WHOLE, value)
            assert why in world.told(MANAGER)
