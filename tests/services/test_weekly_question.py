"""The weekly question comes once a week to where the rep is by then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from bot.coaching.commitment import CoachingGoal, Fork, GoalId, GoalState, GoalTerms
from bot.coaching.records import PersonId
from bot.services.ports import SlackAccount
from bot.storage.store import Database
from bot.storage.tables import outbox
from tests.company import Company, a_company, a_team

NINE_IN_KARACHI = datetime(2026, 3, 9, 4, tzinfo=UTC)
"""On a Monday, at the very instant of the look at everybody."""

NINE_IN_LOS_ANGELES = datetime(2026, 3, 9, 16, tzinfo=UTC)


async def with_a_goal(store: Database) -> Company:
    """Return a company whose Ruth, in Karachi, said yes to something."""
    mara, ruth = a_team("mara", "Europe/Berlin", ("ruth", "Asia/Karachi"))
    company = await a_company(store, (mara, ruth))
    await company.cases.rounds.plan_all()
    terms = GoalTerms(Fork.GAP, "Call", "Calls", ("Calls",), 5, "calls", date(2026, 12, 1), "At ten.", "")
    async with store.transaction() as tx:
        meeting = await tx.meetings.open_of(ruth.id)
        assert meeting is not None
        now = company.clock.now()
        goal = CoachingGoal(GoalId("g"), ruth.id, mara.id, meeting.id, GoalState.ACTIVE, 1, terms, now)
        await tx.goals.add(goal, by=ruth.id)
    return company


async def go_to(company: Company, moment: datetime) -> None:
    """Let what falls due be done at its instant."""
    while (due := await company.cases.ticks.next_due()) is not None and due <= moment:
        company.clock.move_to(max(due, company.clock.now()))
        await company.cases.ticks.run_due(company.clock.now())
    company.clock.move_to(moment)


async def asked(store: Database, person: str) -> list[tuple[str, datetime]]:
    """Return the weekly messages to somebody, each with when it is said."""
    async with store._begin() as connection:
        theirs = select(outbox.c.key, outbox.c.due_at).where(outbox.c.kind == "reminder", outbox.c.recipient == person)
        return [(key, due) for key, due in await connection.execute(theirs.order_by(outbox.c.due_at))]


async def test_who_went_west_over_a_monday_unnoticed_is_asked_when_the_week_begins_there(store: Database) -> None:
    company = await with_a_goal(store)
    await go_to(company, NINE_IN_KARACHI - timedelta(seconds=1))
    company.clock.move_to(NINE_IN_KARACHI + timedelta(seconds=1))
    await company.cases.roster.link([SlackAccount(PersonId("ruth"), "U-ruth", "America/Los_Angeles")])
    await go_to(company, NINE_IN_KARACHI + timedelta(days=7))
    assert await asked(store, "ruth") == [("reminder:2026-03-09:ruth", NINE_IN_LOS_ANGELES)]
    await go_to(company, NINE_IN_LOS_ANGELES + timedelta(days=7))
    assert [key for key, _ in await asked(store, "ruth")] == ["reminder:2026-03-09:ruth", "reminder:2026-03-16:ruth"]
