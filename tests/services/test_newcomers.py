"""Who joins while the bot runs is found in Slack and planned, without a restart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from world import MANAGER, PEOPLE, REP, STRANGER, World, a_world, key_of, words

from bot.coaching.commitment import Fork
from bot.coaching.meeting import MeetingState
from bot.coaching.records import Person, PersonId, Records
from bot.sandbox.faults import refused
from bot.services.intake import take_in
from bot.views.ids import ActionId

MARA, RUTH, *_ = PEOPLE
IDA = Person(PersonId("ida"), "Ida New", "Sam@elsewhere.example", MARA.id, timezone="America/New_York")


async def take(world: World, *people: Person) -> None:
    async with world.bot.database.transaction() as tx:
        await take_in(tx, Records(people=people))


async def test_an_import_into_a_running_bot_is_followed_at_once(database_url: str) -> None:
    async with a_world(database_url) as world:
        await world.settle()
        await take(world, IDA)
        await world.settle()
        assert (await world.meeting("ida")).state is MeetingState.PLANNED
        await world.until(STRANGER, ActionId.PROMPT_OPEN)
        await take(world, replace(IDA, active=False))
        await world.settle()
        (closed,) = await world.meetings("ida")
        assert (closed.state, closed.closing_words) == (MeetingState.EXCUSED, "Ida New has left.")


async def test_who_gets_an_account_in_slack_later_is_found_the_next_morning(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await take(world, replace(IDA, email="ida@example.com"))
        await world.settle()
        assert not await world.meetings("ida")
        await world.import_people(IDA)
        await world.settle()
        assert not await world.meetings("ida"), "nothing said that there is somebody new"
        await world.go_to(world.bot.clock.now() + timedelta(days=1))
        assert (await world.meeting("ida")).manager == MARA.id


async def test_slack_is_not_asked_while_everybody_is_known(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        asked: list[str] = []
        world.sandbox.journal.subscribe(lambda entry: asked.append(str(entry.get("method"))))
        await take(world, RUTH)
        await world.go_to(world.bot.clock.now() + timedelta(days=2))
        assert "users.list" not in asked


async def test_a_slack_that_does_not_say_who_is_new_holds_up_nobody_and_is_asked_again(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_world(sqlite_url) as world:
        await world.settle()
        async with world.bot.database.transaction() as tx:
            meeting = await tx.meetings.open_of(RUTH.id)
            assert meeting is not None
            assert await tx.meetings.save(replace(meeting, state=MeetingState.EXCUSED), was=meeting)
        world.sandbox.faults.next("users.list", refused("missing_scope"))
        await take(world, IDA)
        await world.settle()
        assert [record.message for record in caplog.records if record.message == "people.not_looked_up"]
        assert (await world.meeting()).state is MeetingState.PLANNED
        assert not await world.meetings("ida")
        await world.go_to(world.bot.clock.now() + timedelta(minutes=59))
        assert not await world.meetings("ida")
        await world.go_to(world.bot.clock.now() + timedelta(minutes=1))
        assert (await world.meeting("ida")).state is MeetingState.PLANNED


async def test_no_transaction_is_open_while_slack_is_asked(postgresql_url: str) -> None:
    async with a_world(postgresql_url) as world:
        await world.settle()
        roster = world.bot.cases.roster
        directory, inside = roster._directory, []

        class Watched:
            async def accounts(self, *asked: object, **_: object) -> object:
                inside.append(set(world.bot.database._inside))
                return await directory.accounts(*asked)  # type: ignore[arg-type]

        roster._directory = Watched()  # type: ignore[assignment]
        await take(world, IDA)
        await world.settle()
        assert inside == [set()]
        assert (await world.meeting("ida")).state is MeetingState.PLANNED


async def test_an_import_before_the_first_start_is_taken_up_by_it_and_said_once(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await take(world, *PEOPLE)
        await world.restart()
        await world.bot.cases.rounds.plan_all()
        await world.go_to(world.bot.clock.now() + timedelta(hours=9))
        assert len([text for text in world.texts(MANAGER) if "planned for" in text]) == 2
        assert len(await world.meetings()) == 1


@pytest.mark.parametrize("weekday", range(5))
async def test_who_has_just_joined_has_the_first_meeting_within_a_week(sqlite_url: str, weekday: int) -> None:
    async with a_world(sqlite_url) as world:
        await world.go_to(world.bot.clock.now() + timedelta(days=weekday, hours=6))
        today = world.bot.clock.now().date()
        await take(world, replace(IDA, first_day=today))
        await world.settle()
        assert timedelta(days=3) <= (await world.meeting("ida")).appointment.day - today <= timedelta(days=7)


async def test_nobody_is_met_before_the_first_day_in_the_job(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        joins = world.bot.clock.now().date() + timedelta(days=30)
        await take(world, replace(IDA, first_day=joins))
        await world.settle()
        assert joins <= (await world.meeting("ida")).appointment.day <= joins + timedelta(days=7)


async def test_a_joiner_is_asked_for_no_number_that_nobody_can_have_yet(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await take(world, replace(IDA, first_day=world.bot.clock.now().date()))
        await world.until(STRANGER, ActionId.FORK_YES)
        told = next(one for one in world.sandbox.messages(STRANGER) if key_of(one).startswith("next:"))
        assert [line.split("*")[1] for line in words(told).splitlines() if line.startswith("• *")] == [
            "What this is",
            "What it isn't",
            "What comes when",
            "If it doesn't suit you",
        ]
        (goal,) = await world.goals(rep="ida")
        assert (goal.terms.fork, goal.terms.deal, goal.terms.worth) == (Fork.ASPIRATION, None, None)


async def test_the_first_days_words_are_gone_once_a_meeting_was_held(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.to_forks()
        await world.bot.cases.closing.held((await world.meeting()).id, MANAGER)
        await world.settle()
        (told,) = [one for one in world.sandbox.messages(REP) if key_of(one).startswith("next:ruth")]
        assert "What this is" not in words(told)
