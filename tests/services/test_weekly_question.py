"""The weekly message comes once a week, to where its reader is by then and whoever else takes part or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.coaching.commitment import CoachingGoal, Fork, GoalId, GoalState, GoalTerms
from bot.coaching.records import PersonId
from bot.services.ports import SlackAccount
from bot.services.ports.invitations import Invitation, InvitationState
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


async def said(store: Database, person: str, kind: str) -> list[tuple[str, datetime]]:
    """Return the weekly messages of a kind to somebody, each with when it is said."""
    async with store._begin() as connection:
        theirs = select(outbox.c.key, outbox.c.due_at).where(outbox.c.kind == kind, outbox.c.recipient == person)
        return [(key, due) for key, due in await connection.execute(theirs.order_by(outbox.c.due_at))]


async def test_who_went_west_over_a_monday_unnoticed_is_asked_when_the_week_begins_there(store: Database) -> None:
    company = await with_a_goal(store)
    await go_to(company, NINE_IN_KARACHI - timedelta(seconds=1))
    company.clock.move_to(NINE_IN_KARACHI + timedelta(seconds=1))
    await company.cases.roster.link([SlackAccount(PersonId("ruth"), "U-ruth", "America/Los_Angeles")])
    await go_to(company, NINE_IN_KARACHI + timedelta(days=7))
    assert await said(store, "ruth", "reminder") == [("reminder:2026-03-09:ruth", NINE_IN_LOS_ANGELES)]
    await go_to(company, NINE_IN_LOS_ANGELES + timedelta(days=7))
    assert [key for key, _ in await said(store, "ruth", "reminder")] == [
        "reminder:2026-03-09:ruth",
        "reminder:2026-03-16:ruth",
    ]


@pytest.mark.parametrize("why", ["the boss's team hasn't begun", "the boss isn't in Slack"])
async def test_a_manager_who_meets_nobody_above_reads_of_the_own_week(store: Database, why: str) -> None:
    mara, ruth = a_team("mara", "Europe/Berlin", ("ruth", "Europe/Berlin"))
    (zoe,) = a_team("zoe", "Europe/Berlin")
    company = await a_company(store, (zoe, replace(mara, manager_id=zoe.id), ruth))
    if why == "the boss isn't in Slack":
        await company.cases.roster.changed("U-zoe", email=None, zone=None, deleted=True)
    else:
        async with store.transaction() as tx:
            await tx.invitations.invite(Invitation(zoe.id, InvitationState.STOPPED, company.clock.now()))
    await company.cases.rounds.plan_all()
    await go_to(company, company.clock.now() + timedelta(days=8))
    assert [key for key, _ in await said(store, "mara", "digest")] == ["digest:2026-03-09:mara"]
    assert not await said(store, "zoe", "digest")
