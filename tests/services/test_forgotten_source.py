"""When a source is left for another, nobody goes on as if it were still there, and nothing that people said is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from world import MANAGER, PEOPLE, REP, a_world

from bot.clock import ManualClock
from bot.coaching.commitment import GoalState
from bot.coaching.meeting import MeetingState
from bot.coaching.records import Person, PersonId, Records
from bot.config import load
from bot.services.office import Office
from bot.services.ports.sync import Connection
from bot.services.roster import bring
from bot.services.sync import Sync
from bot.storage.store import Database
from bot.surroundings import office, syncing
from bot.views.ids import ActionId
from tests.crm.held import NOW, Held, some_held
from tests.crm.memory_source import MemorySource

RUTH = PEOPLE[1]
ROB, ANA, MIA = (PersonId(f"{one}@example.com") for one in ("rob", "ana", "mia"))
FORMER, NEXT = "salesforce", "hubspot"


@pytest.fixture
def house(store: Database) -> Office:
    return office(load({}, need_slack=False), store, ManualClock(NOW))


def managed() -> Held:
    """Mia manages Rob and Ana, as the source says."""
    held = some_held()
    held.people = [replace(one, manager="1") if one.id in ("2", "3") else one for one in held.people]
    return held


async def read(house: Office, held: Held, name: str = FORMER) -> None:
    async with house.store.transaction() as tx:
        await tx.connections.put(Connection(name, {}, "", NOW))
    await Sync(house, MemorySource(held, name=name)).run(whole=True)


async def leave(house: Office, name: str = FORMER, *, forget: bool = True) -> list[str]:
    return [one.name for one in await syncing(load({}, need_slack=False), house).disconnect(name, forget=forget)]


async def people(house: Office) -> dict[str, Person]:
    async with house.store.transaction() as tx:
        return {one.id: one for one in await tx.people.all()}


async def test_who_was_known_from_it_alone_has_no_manager_any_more_and_is_named(house: Office) -> None:
    await read(house, managed())
    assert (await people(house))[ROB].manager_id == MIA
    assert await leave(house) == ["Ana Rep", "Mia Boss", "Rob Rep"]
    left = await people(house)
    assert {left[ROB].manager_id, left[ANA].manager_id} == {None}
    assert left[ROB].active


async def test_without_forgetting_everybody_stays_as_they_were(house: Office) -> None:
    await read(house, managed())
    before = await people(house)
    assert await leave(house, forget=False) == []
    assert await people(house) == before


@pytest.mark.parametrize("since", [False, True])
async def test_who_was_imported_before_or_since_stays_as_imported(house: Office, since: bool) -> None:  # noqa: FBT001
    mine = Records(people=(Person(MIA, "Mia B.", MIA), Person(ROB, "Robert", ROB, MIA)))
    if since:
        await read(house, managed())
    async with house.store.transaction() as tx:
        await bring(tx, mine)
    await read(house, managed())
    assert (await people(house))[ROB].name == "Robert", "what is imported of a person isn't changed by the CRM"
    assert await leave(house) == ["Ana Rep"]
    assert (await people(house))[ROB].manager_id == MIA


@pytest.mark.parametrize("forget", [False, True])
async def test_who_is_met_again_by_the_address_follows_the_next_source(house: Office, forget: bool) -> None:  # noqa: FBT001
    await read(house, managed())
    await leave(house, forget=forget)
    held = managed()
    held.people[1] = replace(held.people[1], name="Rob R.")
    await read(house, held, NEXT)
    again = (await people(house))[ROB]
    assert (again.name, again.manager_id) == ("Rob R.", MIA)
    held.people[1] = replace(held.people[1], active=False)
    await read(house, held, NEXT)
    assert not (await people(house))[ROB].active
    assert await leave(house, NEXT) == ["Ana Rep", "Mia Boss"], "who left isn't named"


async def test_two_records_there_with_one_address_are_followed_once(house: Office) -> None:
    held = managed()
    await read(house, held)
    held.people.append(replace(held.people[1], id="9", active=False))
    await read(house, held)
    assert (await people(house))[ROB].active


async def test_their_1on1s_end_with_the_reason_and_go_on_with_what_was_agreed(database_url: str) -> None:
    async with a_world(database_url) as world:
        await world.press(REP, (await world.to_forks())[0], ActionId.FORK_YES)
        await world.press(MANAGER, await world.until(MANAGER, ActionId.GOAL_APPROVE), ActionId.GOAL_APPROVE)
        (agreed,) = await world.goals(GoalState.ACTIVE)
        async with world.bot.database.transaction() as tx:
            await tx.connections.put(Connection(FORMER, {}, "", NOW))
            await tx.people.keep_made([RUTH.id], FORMER)
        left = await world.bot.syncing.disconnect(FORMER, forget=True)
        assert [one.id for one in left] == [RUTH.id]
        await world.go_to(world.bot.clock.now() + timedelta(days=1))
        (ended,) = [one for one in await world.meetings() if one.rep == RUTH.id]
        assert ended.state is MeetingState.EXCUSED
        assert ended.closing_words == "The records name no manager of Ruth Adler any more."
        assert list(await world.goals(GoalState.ACTIVE)) == [agreed], "nothing that was agreed ends"
        assert agreed.terms.title in await world.ask(REP, "/goals")

        async with world.bot.database.transaction() as tx:
            await bring(tx, Records(people=(RUTH,)))
        await world.settle()
        (following, *_) = [one for one in await world.meetings() if one.rep == RUTH.id]
        assert following.state is MeetingState.PLANNED
        assert [one.id for one in await world.goals(GoalState.ACTIVE)] == [agreed.id]
