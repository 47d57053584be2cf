"""Nobody gets more messages a week than the budget says, unless something would be lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from world import MANAGER, OTHER_REP, PEOPLE, REP, World, a_world, words

from bot.coaching.rhythm.wall_time import local_day
from bot.services.budget import COUNTED, LIGHT, NEEDED
from bot.storage.tables import outbox
from bot.views.ids import ActionId

MARA, RUTH, *_ = PEOPLE
MONDAY_EVENING = datetime(2017, 10, 2, 22, tzinfo=UTC)  # five in Chicago
DAY = timedelta(days=1)


async def counted(world: World, person: str = "ruth") -> dict[date, list[str]]:
    """Return the kinds of messages that were posted to somebody, by the Monday of the week in which they began."""
    async with world.bot.database._begin() as connection:
        mine = select(outbox).where(outbox.c.recipient == person, outbox.c.ts.is_not(None))
        rows = (await connection.execute(mine.order_by(outbox.c.begins_at, outbox.c.id))).all()
    found: dict[date, list[str]] = {}
    for row in rows:
        if row.kind in COUNTED:
            day = local_day(row.begins_at, RUTH.timezone)
            found.setdefault(day - day.weekday() * DAY, []).append(row.kind)
    return found


async def fix(world: World, days: int, reason: str) -> None:
    assert "every" in (await world.ask(MANAGER, "/cadence", f"set @ruth {days} because {reason}")).lower()


async def test_past_the_budget_what_can_wait_comes_in_one_message_next_week(database_url: str) -> None:
    async with a_world(database_url, CADENCE_MESSAGES_A_WEEK="2") as world:
        await world.go_to(MONDAY_EVENING)
        await fix(world, 28, "number <one>")
        before = len(world.texts(REP))
        for number, days in enumerate((14, 28, 14)):
            await world.go_to(MONDAY_EVENING + (number + 1) * DAY)
            await fix(world, days, f"later {number}")
        assert len(world.texts(REP)) == before, "the date and one change were two"
        assert (await counted(world))[date(2017, 10, 2)] == ["scheduled", "cadence"]
        await world.go_to(datetime(2017, 10, 10, 13, 59, tzinfo=UTC))  # Monday is Columbus Day
        gathered = [m for m in world.sandbox.messages(REP) if "What could wait from last week" in m["text"]]
        assert not gathered
        await world.go_to(datetime(2017, 10, 10, 14, tzinfo=UTC))  # nine in Chicago
        (gathered,) = [m for m in world.sandbox.messages(REP) if "What could wait from last week" in m["text"]]
        kinds = [block["type"] for block in gathered["blocks"]]
        assert kinds == ["section"] * 4, "all three, each once"
        assert "gathered" in (await counted(world))[date(2017, 10, 9)]


async def test_what_would_be_lost_is_said_though_the_budget_is_used_up(database_url: str) -> None:
    async with a_world(database_url, CADENCE_MESSAGES_A_WEEK="1") as world:
        await world.until(REP, ActionId.PROMPT_OPEN)
        await world.until(REP, ActionId.PRE_READ_HOW)
        weeks = await counted(world)
        assert weeks[date(2017, 10, 2)] == ["scheduled", "prompt"]
        assert "pre_read" in weeks[date(2017, 10, 9)]
        await fix(world, 28, "a change")
        assert "cadence" not in (await counted(world))[date(2017, 10, 9)]


async def test_week_after_week_what_can_wait_never_goes_over_the_budget(sqlite_url: str) -> None:
    async with a_world(sqlite_url, CADENCE_MESSAGES_A_WEEK="4") as world:
        await world.go_to(MONDAY_EVENING)
        for day in range(26):
            await world.go_to(MONDAY_EVENING + day * DAY)
            await fix(world, (7, 14)[day % 2], f"day {day}")
            if world.find(MANAGER, ActionId.MEETING_HELD):
                await world.bot.cases.closing.held((await world.meeting()).id, MANAGER)
        weeks = await counted(world)
        assert len(weeks) == 4
        for kinds in weeks.values():
            until_the_last_light = len(kinds) - next((n for n, kind in enumerate(reversed(kinds)) if kind in LIGHT), 0)
            assert until_the_last_light <= 4 or set(kinds) <= NEEDED | {"gathered"}, kinds
            assert kinds.count("gathered") <= 1
        assert any("gathered" in kinds for kinds in weeks.values())


async def test_rewriting_a_message_uses_nothing_up_and_the_week_is_shown(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.go_to(MONDAY_EVENING)
        said = await world.ask(REP, "/1on1", "quiet")
        assert "1 message from me this week, of at most 7" in said
        assert "between 08:00 and 18:00 on your working days (America/Chicago)" in said
        form = await world.bot.cases.moving.form((await world.meeting()).id, REP)
        slot = form["blocks"][1]["element"]["options"][0]["value"]
        await world.bot.cases.moving.move((await world.meeting()).id, REP, slot, "")
        await world.settle()
        assert "1 message from me this week" in await world.ask(REP, "/1on1", "quiet"), "an own move is an answer"
        assert "3 messages from me this week" in await world.ask(MANAGER, "/1on1", "quiet")
        await world.bot.cases.home.show(REP)
        await world.settle()
        assert "1 message from me this week, of at most 7" in words(world.sandbox.home(REP))


async def test_two_changes_at_one_moment_are_not_one_too_many(database_url: str) -> None:
    async with a_world(database_url, CADENCE_MESSAGES_A_WEEK="2") as world:
        await world.go_to(MONDAY_EVENING)
        await fix(world, 28, "one")
        await fix(world, 14, "two")
        assert (await counted(world))[date(2017, 10, 2)] == ["scheduled", "cadence"], "of one day only the last is read"
        assert not [text for text in world.texts(OTHER_REP) if "What could wait" in text]
