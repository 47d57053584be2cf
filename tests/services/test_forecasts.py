"""Every forecast is kept as it was shown, settled when its days are over, and the record widens the next ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot import playbook_file
from bot.coaching.book import Book
from bot.coaching.commitment import CoachingGoal, Fork, GoalState
from bot.coaching.four_ps.predict import forecast, planned_for
from bot.coaching.records import Activity, Deal, DealId, DealStatus, PersonId
from bot.coaching.settings import Settings
from bot.services.forks import GoalRef
from bot.services.ports import ForecastKind, ToldForecast, range_key
from bot.views.ids import ActionId
from tests.world import MANAGER, PEOPLE, REP, World, a_world, buttons, some_records, words

RUTH = PersonId("ruth")
TODAY = date(2017, 10, 11)
"""The day of Ruth's 1:1, and of the manager's yes."""

CALLS = tuple(
    Activity(PersonId(rep), "Call", date(2017, 10, 10) - timedelta(days=ago), count=2)
    for rep in ("ruth", "omar")
    for ago in range(200)
)


async def approved(world: World, fork: Fork = Fork.GAP) -> CoachingGoal:
    """Let Ruth and her manager agree on 28 calls within two weeks."""
    await world.to_forks()
    (goal,) = (one for one in await world.goals(GoalState.OFFERED) if one.terms.fork is Fork.VERIFIER)
    item = "Call a new prospect and ask for a first meeting"
    due = TODAY + timedelta(days=14)
    terms = replace(goal.terms, fork=fork, title="Calls", item=item, number=28, unit="calls", due=due, deal=None)
    calls = replace(goal, version=2, terms=terms)
    async with world.bot.database.transaction() as tx:
        assert await tx.goals.save(calls, was=goal, by=None)
    await world.bot.cases.forks.accept(GoalRef(goal.id, 2), REP)
    await world.bot.cases.approvals.approve(GoalRef(goal.id, 3), MANAGER)
    await world.settle()
    return calls


async def told(world: World, key: str) -> ToldForecast | None:
    async with world.bot.database.transaction() as tx:
        return await tx.forecasts.get(key)


async def with_record(world: World, held: int, over: int) -> None:
    """Put ranges of earlier forecasts in, of which ``held`` held."""
    async with world.bot.database.transaction() as tx:
        for number in range(over):
            made = ToldForecast(
                key=f"range:old{number}",
                kind=ForecastKind.RANGE,
                rep=PersonId("omar"),
                made_on=date(2017, 8, 1),
                first_day=date(2017, 8, 2),
                last_day=date(2017, 8, 29),
                expected=5.0,
                sentence="",
                low=2.0,
                high=8.0,
            )
            await tx.forecasts.keep(made)
            await tx.forecasts.settle(made.key, 5.0 if number < held else 20.0)


async def test_an_approved_gap_goal_is_told_and_kept_with_what_it_is_to_bring(database_url: str) -> None:
    async with a_world(database_url, some_records(activities=CALLS)) as world:
        goal = await approved(world)
        kept = await told(world, range_key(goal.id))
        assert kept is not None
        assert (kept.rep, kept.made_on) == (RUTH, TODAY)
        assert (kept.first_day, kept.last_day) == (TODAY + timedelta(days=1), TODAY + timedelta(days=28))
        assert kept.sentence.startswith("With your usual calls after that: 56 calls in the next 28 days: about ")
        assert kept.low is not None
        assert kept.high is not None
        assert kept.low < kept.expected < kept.high
        assert kept.sentence in words(world.course(REP))
        assert kept.happened is None


async def test_goals_of_other_topics_bring_nothing_that_could_be_counted(sqlite_url: str) -> None:
    async with a_world(sqlite_url, some_records(activities=CALLS)) as world:
        goal = await approved(world, Fork.ASPIRATION)
        assert await told(world, range_key(goal.id)) is None


async def test_a_range_is_settled_with_the_starts_of_its_days_once_they_are_over(database_url: str) -> None:
    async with a_world(database_url, some_records(activities=CALLS)) as world:
        goal = await approved(world)
        days = (0, 1, 28, 29)  # the day it was made on, its first and last, and the day after
        started = tuple(
            Deal(DealId(f"new{ago}"), RUTH, "New", DealStatus.OPEN, start=TODAY + timedelta(days=ago)) for ago in days
        )
        await world.import_people(*PEOPLE, deals=started)
        last = datetime.combine(TODAY + timedelta(days=28), datetime.min.time(), UTC)
        await world.go_to(last + timedelta(hours=5))
        assert (await told(world, range_key(goal.id))).happened is None  # type: ignore[union-attr]
        await world.go_to(last + timedelta(days=1, hours=5))
        assert (await told(world, range_key(goal.id))).happened is None, "it is still that day in Chicago"  # type: ignore[union-attr]
        await world.go_to(last + timedelta(days=2, hours=5))
        assert (await told(world, range_key(goal.id))).happened == 2.0  # type: ignore[union-attr]


async def test_the_chance_of_a_published_agenda_is_kept_and_settled_with_what_was_won(database_url: str) -> None:
    async with a_world(database_url) as world:
        await world.until(REP, ActionId.PRE_READ_HOW)
        key = f"chance:{(await world.meeting()).id}"
        kept = await told(world, key)
        assert kept is not None
        assert (kept.first_day, kept.last_day, kept.goal) == (date(2017, 10, 1), date(2017, 12, 31), 90_000.0)
        assert 0 < kept.expected < 1
        assert kept.sentence.endswith("of 100 cases.")
        won = Deal(DealId("big"), RUTH, "Big", DealStatus.WON, date(2017, 10, 2), date(2017, 12, 31), amount=95_000.0)
        await world.import_people(*PEOPLE, deals=(won,))
        await world.go_to(datetime(2018, 1, 2, 5, tzinfo=UTC))
        settled = await told(world, key)
        assert settled is not None
        assert settled.happened == pytest.approx(95_000.0)
        async with world.bot.database.transaction() as tx:
            chances = await tx.forecasts.settled(ForecastKind.CHANCE)
        assert key in {one.key for one in chances}


async def why_of_aspirations(world: World) -> str:
    """Return what stands behind the published agenda."""
    agenda = await world.until(REP, ActionId.PRE_READ_HOW)
    (last,) = buttons(agenda, ActionId.PRE_READ_HOW)
    channel = world.sandbox.workspace.person(REP).channel
    await world.sandbox.click(REP, channel, agenda["ts"], ActionId.PRE_READ_HOW, last["value"])
    await world.settle()
    return world.told(REP)


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        (5, "5 of 8 forecast ranges held, so the next ones are 25% wider."),
        (6, "6 of 8 forecast ranges held."),
    ],
)
async def test_from_eight_on_the_agenda_says_how_many_ranges_held(sqlite_url: str, held: int, sentence: str) -> None:
    async with a_world(sqlite_url) as world:
        await with_record(world, held, 8)
        assert sentence in await why_of_aspirations(world)


async def test_with_fewer_than_eight_nothing_is_said_of_them(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await with_record(world, 2, 7)
        assert "forecast range" not in await why_of_aspirations(world)


async def test_the_widened_range_is_what_is_shown_and_kept(sqlite_url: str) -> None:
    records = some_records(activities=CALLS)
    async with a_world(sqlite_url, records) as world:
        await with_record(world, 5, 8)
        kept = await told(world, range_key((await approved(world)).id))
    finding = Book(records, playbook_file.load(None), TODAY, Settings()).finding.of(RUTH)
    assert kept is not None
    assert finding is not None
    assert finding.reach is not None
    planned = planned_for(28, 14, finding.reach.usual)
    plain, wide = (forecast(planned, finding.rate, TODAY, ("calls", "starts"), widening=times) for times in (1.0, 1.25))
    assert plain is not None
    assert wide is not None
    assert (kept.low, kept.high) == pytest.approx((wide.low, wide.high))
    assert kept.high != pytest.approx(plain.high)
    assert kept.sentence.endswith(wide.sentence)
