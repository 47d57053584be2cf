"""When somebody joins, leaves or changes manager, nothing is lost and nobody gone is written to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from world import MANAGER, OTHER_MANAGER, PEOPLE, REP, World, a_world, buttons, words

from bot.coaching.commitment import GoalState
from bot.coaching.meeting import MeetingState
from bot.coaching.records import Person, PersonId, Records, WorkingHours
from bot.services.ports import SlackAccount, Standing
from bot.storage.store import Database
from bot.views.ids import ActionId
from tests.company import a_company, a_team

MARA, RUTH, OMAR, NINA = PEOPLE


async def next_morning(world: World) -> None:
    """Let the bot look at the records again, as it does each day."""
    await world.go_to(world.bot.clock.now() + timedelta(days=1))


async def test_a_rep_who_changes_manager_keeps_the_goals_and_starts_clean_with_the_new_one(database_url: str) -> None:
    async with a_world(database_url) as world:
        for fork in await world.to_forks():
            await world.press(REP, fork, ActionId.FORK_YES)
        request = await world.until(MANAGER, ActionId.GOAL_APPROVE)
        await world.press(MANAGER, request, ActionId.GOAL_APPROVE)
        (goal,) = await world.goals(GoalState.ACTIVE)
        await world.import_people(replace(RUTH, manager_id=NINA.id))
        await next_morning(world)

        following, before = await world.meetings()
        assert (before.manager, before.state) == ("mara", MeetingState.EXCUSED)
        assert "another manager" in before.closing_words
        assert (following.manager, following.state) == ("nina", MeetingState.PLANNED)
        async with world.bot.database.transaction() as tx:
            standing = await tx.standings.get(RUTH.id)
        assert standing is not None
        assert standing.manager == "nina"

        (kept,) = await world.goals(GoalState.ACTIVE)
        assert (kept.id, kept.manager, kept.terms) == (goal.id, "nina", goal.terms)
        (waiting,) = await world.goals(GoalState.ACCEPTED)
        assert waiting.manager == "nina"
        old = [m for m in world.sandbox.messages(MANAGER) if "went along" in m["text"]]
        assert old
        assert not any(buttons(m, ActionId.GOAL_APPROVE) for m in old)
        request = await world.until(OTHER_MANAGER, ActionId.GOAL_APPROVE)
        await world.press(OTHER_MANAGER, request, ActionId.GOAL_APPROVE)
        assert len(await world.goals(GoalState.ACTIVE)) == 2

        await world.press_unseen(OTHER_MANAGER, ActionId.PRE_READ_HOW, before.id)
        assert "for the two who hold it" in world.told(OTHER_MANAGER), "what was said with another stays there"
        assert "nobody else's" in await world.ask(MANAGER, "/goals", "@ruth")
        assert "It's too early" in await world.ask(OTHER_MANAGER, "/1on1", "@ruth")


async def test_a_leavers_meeting_and_goals_end_with_a_reason_and_nothing_is_sent(database_url: str) -> None:
    async with a_world(database_url) as world:
        await world.agree()
        before = {user: len(world.texts(user)) for user in (REP, MANAGER)}
        await world.import_people(replace(RUTH, active=False, last_day=date(2017, 10, 11)))
        await next_morning(world)
        (closed,) = await world.meetings()
        assert (closed.state, closed.closing_words) == (MeetingState.EXCUSED, "Ruth Adler has left.")
        assert {goal.state for goal in await world.goals()} == {GoalState.OBSOLETE}
        assert {goal.words for goal in await world.goals()} == {"Ruth Adler has left."}
        await world.go_to(world.bot.clock.now() + timedelta(days=40))
        assert len(world.texts(REP)) == before[REP]
        assert not [text for text in world.texts(MANAGER)[before[MANAGER] :] if "Ruth" in text]
        record = next(m for m in world.sandbox.messages(MANAGER) if "1:1 with Ruth Adler of" in m["text"])
        assert "Ruth Adler has left." in words(record)
        assert not buttons(record, ActionId.MEETING_HELD)
        assert "Ruth" not in await world.ask(MANAGER, "/1on1")


@pytest.mark.parametrize("gone", ["ruth", "mara"])
async def test_who_left_today_is_not_met_tomorrow_morning(sqlite_url: str, gone: str) -> None:
    async with a_world(sqlite_url) as world:
        meeting = await world.meeting()
        await world.go_to(meeting.appointment.starts_at - timedelta(minutes=1))
        leaver = next(person for person in PEOPLE if person.id == gone)
        await world.import_people(replace(leaver, active=False))
        await world.go_to(meeting.appointment.starts_at)
        (closed,) = await world.meetings()
        assert (closed.state, closed.closing_words) == (MeetingState.EXCUSED, f"{leaver.name} has left.")
        assert not await world.goals()
        assert world.find(REP, ActionId.FORK_YES) is None


async def test_a_joiner_gets_a_first_meeting_once_both_are_in_slack(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        ida = Person(PersonId("ida"), "Ida New", "sam@elsewhere.example", MARA.id, timezone="America/New_York")
        await world.import_people(ida)
        await world.settle()
        assert not await world.meetings("ida"), "nobody knows yet who Ida is in Slack"
        await next_morning(world)
        first = await world.meeting("ida")
        async with world.bot.database.transaction() as tx:
            standings = {(one.weekday, one.at) for one in await tx.standings.of_manager(MARA.id)}
        assert len(standings) == 3, "a place of Ida's own"
        assert first.appointment.day >= world.bot.clock.now().date() + timedelta(days=3)


async def test_a_full_week_is_told_to_the_manager_and_holds_up_nobody_else(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.settle()
        async with world.bot.database.transaction() as tx:
            await tx.people.set_hours(MARA.id, WorkingHours(weekdays=(2,), minutes=480))
        ida = Person(PersonId("ida"), "Ida <New>", "sam@elsewhere.example", MARA.id, timezone="America/New_York")
        last = Person(PersonId("zoe"), "Zoe", "zoe@elsewhere.example", NINA.id)
        await world.import_people(ida, last)
        await world.bot.match_people()
        await world.bot.cases.rounds.plan_all()
        await world.go_to(world.bot.clock.now() + timedelta(hours=7))
        await next_morning(world)
        assert not await world.meetings("ida")
        said = [text for text in world.texts(MANAGER) if "can't plan a 1:1 with Ida &lt;New&gt;" in text]
        assert len(said) == 1
        assert "open longer hours" in said[0]


async def test_a_leavers_place_in_the_week_is_free_again(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        async with world.bot.database.transaction() as tx:
            left = await tx.standings.get(OMAR.id)
        assert left is not None
        async with world.bot.database.transaction() as tx:
            await tx.people.set_hours(MARA.id, WorkingHours(weekdays=(1, 2), minutes=480))
        await world.import_people(
            replace(OMAR, active=False),
            Person(PersonId("ida"), "Ida", "sam@elsewhere.example", MARA.id, timezone="America/New_York"),
        )
        await world.bot.match_people()
        await world.bot.cases.rounds.plan_all()
        async with world.bot.database.transaction() as tx:
            found = await tx.standings.get(PersonId("ida"))
        assert found is not None
        assert (found.weekday, found.at) == (left.weekday, left.at)


async def test_a_rep_with_reports_is_never_in_two_meetings_at_once(sqlite_url: str) -> None:
    people = (
        MARA,
        replace(NINA, manager_id=MARA.id),
        replace(RUTH, manager_id=NINA.id),
        replace(OMAR, manager_id=NINA.id),
    )
    async with a_world(sqlite_url) as world:
        await world.import_people(*people)
        await world.bot.cases.rounds.plan_all()
        own, *theirs = [await world.meeting(rep) for rep in ("nina", "ruth", "omar")]
        starts = {one.appointment.starts_at for one in (own, *theirs)}
        assert len(starts) == 3
        for other in theirs:
            form = await world.bot.cases.moving.form(other.id, OTHER_MANAGER)
            offered = {option["value"] for option in form["blocks"][1]["element"]["options"]}
            assert own.appointment.starts_at.isoformat() not in offered


async def test_people_are_written_to_in_their_own_working_hours_only(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.settle()
        assert not world.texts(REP), "it is two at night in Chicago"
        assert not world.texts(MANAGER)
        await world.go_to(world.bot.clock.now() + timedelta(hours=6))
        assert [text for text in world.texts(MANAGER) if "planned for" in text]
        assert not world.texts(REP)
        await world.go_to(world.bot.clock.now() + timedelta(hours=1))
        assert [text for text in world.texts(REP) if "planned for" in text]


async def test_who_comes_back_leaves_the_place_in_the_week_to_who_has_it_by_now(store: Database) -> None:
    mara, ruth, omar = a_team("mara", "Europe/Berlin", ("ruth", "Europe/Berlin"), ("omar", "Europe/Berlin"))
    company = await a_company(store, (mara, ruth))

    async def standing(person: Person) -> Standing | None:
        async with store.transaction() as tx:
            return await tx.standings.get(person.id)

    async def bring(person: Person) -> None:
        async with store.transaction() as tx:
            await tx.facts.upsert(Records(people=(person,)))
        await company.cases.roster.link([SlackAccount(person.id, f"U-{person.id}")])
        await company.cases.rounds.plan_all()

    await company.cases.rounds.plan_all()
    first = await standing(ruth)
    assert first is not None
    await bring(replace(ruth, active=False))
    await bring(omar)
    assert await standing(omar) == replace(first, rep=omar.id), "Ruth holds none"
    await bring(ruth)
    again = await standing(ruth)
    assert again is not None
    assert (again.weekday, again.at) != (first.weekday, first.at)
    assert await standing(omar) == replace(first, rep=omar.id)


async def test_where_there_is_no_room_for_a_place_of_ones_own_the_one_that_was_stays(store: Database) -> None:
    mara, *reps = a_team("mara", "Europe/Berlin", ("ruth", "Europe/Berlin"), ("omar", "Europe/Berlin"))
    company = await a_company(store, (mara, *reps))
    await company.cases.rounds.plan_all()
    async with store.transaction() as tx:
        places = [await tx.standings.get(rep.id) for rep in reps]
        await tx.people.set_hours(mara.id, WorkingHours(weekdays=(1,), minutes=480))
        for rep in reps:
            assert await company.cases.closing._planning.find(tx, rep, mara)
        assert [await tx.standings.get(rep.id) for rep in reps] == places
