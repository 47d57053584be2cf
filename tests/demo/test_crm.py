"""The demo organisation in a local HubSpot is read as it stands on the demo's day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from bot.coaching.records import DealStatus, Records
from bot.demo.organisation import records
from bot.demo.stage import stage

START = datetime(2017, 10, 2, 7, tzinfo=UTC)


def some_facts() -> Records:
    """Return two teams' people and every twentieth deal of theirs, for a test needn't read thousands."""
    whole = records()
    people = whole.people[:12]
    named = {person.id for person in people}
    deals = [deal for deal in whole.deals if deal.owner in named][::20]
    goals = tuple(goal for goal in whole.goals if goal.rep in named)
    return Records(people=people, deals=tuple(deals), goals=goals, closings_known_since=whole.closings_known_since)


async def test_the_bot_reads_the_organisation_over_http_as_of_the_demos_day(tmp_path: Path) -> None:
    facts = some_facts()
    async with stage(tmp_path, START, speed=0, facts=facts, source="hubspot") as demo:
        async with demo.bot.database.transaction() as tx:
            found = await tx.facts.load()
            state = await tx.syncs.state("hubspot")
        assert state.failed == ""
        assert state.notes == ()
        begun = [deal for deal in facts.deals if deal.start is None or deal.start <= START.date()]
        closed = [deal for deal in begun if deal.close is not None and deal.close <= START.date()]
        assert len(found.deals) == len(begun)
        assert sum(deal.status is not DealStatus.OPEN for deal in found.deals) == len(closed)
        assert sorted(found.goals, key=repr) == sorted(facts.goals, key=repr)
        assert {person.id: person.manager_id for person in found.people} == {
            person.id: person.manager_id for person in facts.people
        }
        assert not any(deal.close is not None and deal.close > date(2017, 10, 2) for deal in found.deals)


async def test_the_crm_lives_as_the_clock_moves(tmp_path: Path) -> None:
    async with stage(tmp_path, START, speed=0, facts=some_facts(), source="hubspot") as demo:
        demo.sandbox.clock.set(START.replace(day=30))
        await demo.clock.sync()
        assert await demo.bot.syncing.run_due() == 1
        async with demo.bot.database.transaction() as tx:
            closes = [deal.close for deal in (await tx.facts.load()).deals if deal.close is not None]
        assert max(closes) > START.date()
