"""How often they meet: the rep reads why, the manager may decide otherwise, and is asked about a falling market."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from world import (
    MANAGER,
    OTHER_MANAGER,
    OTHER_REP,
    PEOPLE,
    REP,
    World,
    a_world,
    buttons,
    some_deals,
    some_records,
    words,
)

from bot.coaching.meeting import MeetingState
from bot.coaching.records import Deal, DealId, DealStatus, PersonId, Records
from bot.coaching.rhythm.cadence import CadenceDecision
from bot.views.ids import ActionId


def some_starts(rep: str, days: Iterable[date]) -> tuple[Deal, ...]:
    """Return a deal started on each of the days, two of three won after ten days."""
    return tuple(
        Deal(
            DealId(f"{rep}-{n}"),
            PersonId(rep),
            f"Deal {n}",
            DealStatus.WON if n % 3 else DealStatus.LOST,
            start=day,
            close=day + timedelta(days=10),
            amount=9_000.0,
        )
        for n, day in enumerate(days)
    )


def a_market(*falling: str) -> Records:
    """Return two reps who start a deal every other day; ``falling`` are those who nearly stopped in July."""
    every_other_day = [date(2017, 4, 3) + timedelta(days=day) for day in range(0, 170, 2)]
    till_july = [day for day in every_other_day if day.month < 7 or day.day == 5]
    return some_records(
        people=tuple(replace(person, first_day=None) for person in PEOPLE),
        deals=tuple(
            deal
            for rep in ("ruth", "omar")
            for deal in some_starts(rep, till_july if rep in falling else every_other_day)
        ),
    )


async def cadence_of(world: World, rep: str = "ruth") -> CadenceDecision:
    async with world.bot.database.transaction() as tx:
        found = await tx.cadences.latest(PersonId(rep))
    assert found is not None
    return found


async def hold(world: World) -> None:
    """Hold Ruth's first 1:1, so that the next is planned by her cadence."""
    while not told(world, MANAGER, "1:1 with Ruth Adler now"):
        due = await world.bot.next_due()
        assert due is not None
        await world.go_to(max(due, world.bot.clock.now()))
    (message,) = told(world, MANAGER, "1:1 with Ruth Adler now")
    await world.press(MANAGER, message, ActionId.MEETING_HELD)


def told(world: World, user: str, text: str) -> list[dict[str, Any]]:
    return [message for message in world.sandbox.messages(user) if text in message["text"]]


async def test_a_rep_reads_what_the_own_cadence_came_from(sqlite_url: str) -> None:
    async with a_world(sqlite_url, a_market()) as world:
        decided = await cadence_of(world)
        for text in ("", "why", "Why?"):
            said = await world.ask(REP, "/cadence", text)
            assert "How often you meet your manager" in said
            assert decided.sentence in said
            assert "A typical win takes about" in said
            assert "We look again" in said
        assert "speak to Ruth Adler" in await world.ask(MANAGER, "/cadence", "@ruth")


async def test_a_manager_sees_the_team_by_name_with_the_hours_a_week(sqlite_url: str) -> None:
    async with a_world(sqlite_url, a_market()) as world:
        for text in ("team", "", "why"):
            said = await world.ask(MANAGER, "/cadence", text)
            assert said.index("Omar Blake") < said.index("Ruth Adler")
            assert "hours a week" in said or "hour a week" in said
            assert "warning" not in said
        for somebody in (REP, OTHER_MANAGER):
            assert "Only a manager has a team" in await world.ask(somebody, "/cadence", "team")


async def test_what_the_manager_decides_moves_the_next_1on1_and_both_are_told_once(database_url: str) -> None:
    async with a_world(database_url, a_market()) as world:
        await hold(world)
        held, before = (await world.meetings())[1], await world.meeting()
        other = 28 if (await cadence_of(world)).interval < 28 else 7
        said = await world.ask(MANAGER, "/cadence", f"@ruth set {other} because of <the> launch")
        assert "Ruth Adler reads your reason" in said
        assert "The next 1:1 moves from" in said
        after = await world.meeting()
        assert 7 <= (after.appointment.day - held.appointment.day).days <= 31
        assert abs((after.appointment.day - held.appointment.day).days - other) <= 3
        assert (after.state, after.interval, after.due) == (MeetingState.PLANNED, other, after.appointment.day)
        moved = next(one for one in await world.meetings() if one.id == before.id)
        assert moved.state is MeetingState.MOVED
        decided = await cadence_of(world)
        assert (decided.interval, decided.fixed_by_manager) == (other, True)

        await world.go_to(datetime(2017, 10, 16, 15, tzinfo=UTC))  # a working hour of both
        (news,) = told(world, REP, "Mara Quinn decided that you meet")
        assert "of &lt;the&gt; launch" in words(news)
        assert "moves from" in words(news)
        dates = [m for user in (REP, MANAGER) for m in told(world, user, "is planned for")]
        assert len([m for m in dates if "of &lt;the&gt; launch" in words(m)]) == 2, "one message each, rewritten"
        assert decided.sentence.split(":")[0] in await world.ask(REP, "/cadence")
        assert "until your manager frees it" in await world.ask(REP, "/cadence")


async def test_the_rep_is_told_in_the_own_working_hours(sqlite_url: str) -> None:
    async with a_world(sqlite_url, a_market()) as world:
        await world.go_to(datetime(2017, 10, 3, 7, tzinfo=UTC))  # two in the morning in Chicago
        await world.ask(MANAGER, "/cadence", "set @ruth weekly because the launch is near")
        await world.ask(MANAGER, "/cadence", "set @ruth monthly because the launch is over")
        assert not told(world, REP, "decided that you meet")
        await world.go_to(datetime(2017, 10, 3, 14, tzinfo=UTC))
        (news,) = told(world, REP, "decided that you meet")
        assert "every 4 weeks" in news["text"]
        assert "the launch is over" in words(news), "of two changes before the morning only the last is read"


async def test_deciding_the_same_twice_is_the_same_as_once(sqlite_url: str) -> None:
    async with a_world(sqlite_url, a_market()) as world:
        await hold(world)
        for _ in range(2):
            await world.ask(MANAGER, "/cadence", "set @ruth 28 because she asked for it")
            meetings = await world.meetings()
        assert meetings == await world.meetings()
        assert len([one for one in meetings if one.state is MeetingState.MOVED]) <= 1


async def test_a_fixed_cadence_stays_until_it_is_freed_and_then_follows_the_numbers(database_url: str) -> None:
    async with a_world(database_url, a_market()) as world:
        await world.ask(MANAGER, "/cadence", "set @ruth 28 because she asked for it")
        await hold(world)
        assert (await cadence_of(world)).interval == 28, "what was computed since didn't change it"
        meeting = await world.meeting()
        said = await world.ask(MANAGER, "/cadence", "@ruth free")
        assert "The numbers choose again" in said
        freed = await cadence_of(world)
        assert (freed.interval, freed.fixed_by_manager, freed.reason) == (28, False, "")
        assert (await world.meeting()).id == meeting.id, "its interval is the same, so it stays where it is"
        assert "isn't fixed how often" in await world.ask(MANAGER, "/cadence", "free @ruth")
        await world.go_to(datetime(2017, 10, 16, 15, tzinfo=UTC))
        assert told(world, REP, "lets the numbers choose again")


async def test_a_1on1_whose_agenda_is_out_stays_where_it_is(sqlite_url: str) -> None:
    async with a_world(sqlite_url, a_market()) as world:
        await hold(world)
        await world.ask(MANAGER, "/cadence", "set @ruth 28 because she asked for it")
        meeting = await world.meeting()
        while (await world.meeting()).state is not MeetingState.PUBLISHED:
            due = await world.bot.next_due()
            assert due is not None
            await world.go_to(max(due, world.bot.clock.now()))
        assert "stays on" in await world.ask(MANAGER, "/cadence", "set @ruth 7 because she needs it")
        assert (await world.meeting()).id == meeting.id


async def test_only_a_reps_own_manager_decides(sqlite_url: str) -> None:
    async with a_world(sqlite_url, a_market()) as world:
        before = await cadence_of(world)
        for somebody in (REP, OTHER_REP, OTHER_MANAGER):
            for text in ("set @ruth 7 because I say so", "free @ruth"):
                said = await world.ask(somebody, "/cadence", text)
                assert "Only a rep's own manager" in said or "Say whose" in said
        assert "Say whose" in await world.ask(MANAGER, "/cadence", "set 7 because")
        assert "7, 14, 28 days" in await world.ask(MANAGER, "/cadence", "set @ruth 10 because ten is nice")
        assert "why: the rep will read it" in await world.ask(MANAGER, "/cadence", "set @ruth 7")
        assert "Say how often" in await world.ask(MANAGER, "/cadence", "set @ruth because")
        assert await cadence_of(world) == before


async def test_where_one_rep_of_two_turns_down_nobody_is_asked(sqlite_url: str) -> None:
    async with a_world(sqlite_url, a_market("ruth")) as world:
        decided = await cadence_of(world)
        assert (decided.trend, decided.flags) == ("negative", ())
        assert decided.interval == max(7, decided.base // 2)
        await world.go_to(datetime(2017, 10, 2, 15, tzinfo=UTC))
        assert world.find(MANAGER, ActionId.MARKET_LEAVE) is None


async def test_where_most_turn_down_the_manager_is_asked_once_and_nothing_changes(database_url: str) -> None:
    async with a_world(database_url, a_market("ruth", "omar")) as world:
        for rep in ("ruth", "omar"):
            decided = await cadence_of(world, rep)
            assert (decided.trend, decided.flags) == ("negative", ("market wide",))
            assert decided.interval > 7
            assert "your manager decides" in decided.sentence
        asked = await world.until(MANAGER, ActionId.MARKET_LEAVE)
        assert world.bot.clock.now() == datetime(2017, 10, 2, 13, tzinfo=UTC), "nine in New York"
        assert len(told(world, MANAGER, "turn down at once")) == 1
        assert "2 of your 2 reps" in asked["text"]
        assert "Omar Blake: every week instead of every 2 weeks" in words(asked)
        assert "Omar" not in await world.ask(REP, "/cadence")
        await hold(world)
        assert len(told(world, MANAGER, "turn down at once")) == 1, "once in an evaluation period"
        assert "market wide" in (await cadence_of(world)).flags


async def test_meet_more_often_does_it_for_each_of_them_once(database_url: str) -> None:
    async with a_world(database_url, a_market("ruth", "omar")) as world:
        asked = await world.until(MANAGER, ActionId.MARKET_MORE_OFTEN)
        for again in (False, True):
            await world.press(MANAGER, asked, ActionId.MARKET_MORE_OFTEN, again=again)
            assert world.sandbox.open_view(MANAGER) is None
        for rep in ("ruth", "omar"):
            decided = await cadence_of(world, rep)
            assert (decided.interval, decided.flags) == (7, ())
            assert "your manager meets you more often" in decided.sentence
        await world.go_to(datetime(2017, 10, 3, 15, tzinfo=UTC))
        for user in (REP, OTHER_REP):
            assert len(told(world, user, "You meet Mara Quinn every week from now on")) == 1
        shown = next(m for m in world.sandbox.messages(MANAGER) if m["ts"] == asked["ts"])
        assert "to meet more often" in shown["text"]
        assert not buttons(shown, ActionId.MARKET_LEAVE)
        await world.press(MANAGER, asked, ActionId.MARKET_LEAVE, again=True)
        assert "answered this already" in world.told(MANAGER)
        assert (await cadence_of(world)).interval == 7


async def test_leave_it_changes_nothing_and_the_reps_read_so(sqlite_url: str) -> None:
    async with a_world(sqlite_url, a_market("ruth", "omar")) as world:
        before = await cadence_of(world)
        asked = await world.until(MANAGER, ActionId.MARKET_LEAVE)
        await world.press(MANAGER, asked, ActionId.MARKET_LEAVE)
        left = await cadence_of(world)
        assert left == replace(before, sentence=left.sentence)
        assert "your manager keeps it as it is" in await world.ask(REP, "/cadence")
        await hold(world)
        held = await cadence_of(world)
        assert held.interval == before.interval
        assert "keeps it as it is" in held.sentence, "the answer goes for the whole evaluation period"
        assert world.find(MANAGER, ActionId.MARKET_LEAVE) is None


async def test_a_rep_who_recovered_meanwhile_is_left_alone(sqlite_url: str) -> None:
    async with a_world(sqlite_url, a_market("ruth", "omar")) as world:
        asked = await world.until(MANAGER, ActionId.MARKET_MORE_OFTEN)
        await world.import_people(
            deals=some_starts("ruth", [date(2017, 7, 5) + timedelta(days=day) for day in range(80)])
        )
        before = await cadence_of(world)
        await world.press(MANAGER, asked, ActionId.MARKET_MORE_OFTEN)
        assert await cadence_of(world) == before
        assert (await cadence_of(world, "omar")).interval == 7


async def test_after_four_weeks_the_manager_is_asked_anew(sqlite_url: str) -> None:
    async with a_world(sqlite_url, a_market("ruth", "omar")) as world:
        await world.until(MANAGER, ActionId.MARKET_LEAVE)
        async with world.bot.database.transaction() as tx:
            first = await tx.market_proposals.latest(PersonId("mara"))
            assert first is not None
        async with world.bot.database.transaction() as tx:
            old = replace(first, asked_on=date(2017, 9, 4), version=first.version + 1)
            assert await tx.market_proposals.save(old, was=first)
        await hold(world)
        await world.settle()
        assert len(told(world, MANAGER, "turn down at once")) == 2


@pytest.mark.parametrize("action", [ActionId.MARKET_MORE_OFTEN, ActionId.MARKET_LEAVE])
async def test_only_the_manager_who_was_asked_answers(sqlite_url: str, action: ActionId) -> None:
    async with a_world(sqlite_url, a_market("ruth", "omar")) as world:
        asked = await world.until(MANAGER, action)
        (button,) = buttons(asked, action)
        before = await cadence_of(world)
        for somebody in (REP, OTHER_MANAGER):
            await world.press_unseen(somebody, action, button["value"])
            assert "Only the manager who was asked" in world.told(somebody)
        for value, said in ((button["value"].replace(":1", ":7"), "one rep more"), ("gone:1", "no longer there")):
            await world.press_unseen(MANAGER, action, value)
            assert said in world.told(MANAGER)
        assert await cadence_of(world) == before


async def test_a_manager_sees_the_hours_and_for_how_many_one_multiple_would_be_right(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        assert (await world.sandbox.open_home(MANAGER)).acked
        await world.settle()
        home = words(world.sandbox.home(MANAGER))
        team = await world.ask(MANAGER, "/1on1")
        for said in (home, team):
            assert "Your 1:1s take about" in said
        (line,) = {line for line in team.splitlines() if line.startswith("Against one multiple for everybody")}
        assert "Ruth" not in line
        assert "Omar" not in line
        assert line not in home, "a home tab computes nothing when it is opened"
        agenda = await world.ask(REP, "/pipeline")
        assert "One multiple for everybody would" in agenda
        assert "your own number is" in agenda


async def test_a_manager_alone_sees_what_makes_the_difference_for_everybody_together(sqlite_url: str) -> None:
    others = tuple(replace(PEOPLE[1], id=PersonId(f"rep{n}"), email=f"rep{n}@example.com") for n in range(7))
    sold = [deal for one in others for deal in some_deals(one.id)[:: 1 + int(one.id[-1]) % 3]]
    records = some_records(people=(*PEOPLE, *others), deals=(*some_deals("ruth"), *some_deals("omar"), *sold))
    async with a_world(sqlite_url, records) as world:
        (line,) = [said for said in (await world.ask(MANAGER, "/1on1")).splitlines() if "makes the difference" in said]
        assert "quarters of everybody together" in line
        assert not [person.name for person in PEOPLE if person.name.split()[0] in line]
        for typed in ("/1on1", "/pipeline", "/cadence", "/awesome"):
            assert "makes the difference" not in await world.ask(REP, typed)
