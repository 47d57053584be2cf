"""An admin says on the home tab who of a connected source, or in Slack, is who of ours."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from world import OTHER_MANAGER, OTHER_REP, PEOPLE, REP, START, STRANGER, World, a_world, buttons, some_records, words

from bot.clock import ManualClock
from bot.coaching.records import DealId, Person, PersonId
from bot.sandbox.acts import Outcome
from bot.services.ports.sync import Connection
from bot.services.source import SourcePerson
from bot.services.sync import Sync
from bot.surroundings import office
from bot.views.ids import ActionId
from bot.views.matching import Filled
from bot.views.slack_account import Filled as AccountFilled
from tests.crm.held import NOW, Held, some_held
from tests.crm.memory_source import MemorySource

ADMIN = OTHER_MANAGER
WITH_ADMIN = some_records(people=(*PEOPLE[:3], replace(PEOPLE[3], is_admin=True)))
NAME = "hubspot"
ACME = DealId("101")


def a_crm() -> Held:
    """Acme belongs to Rob Rep, of whom the CRM has no address."""
    held = some_held()
    held.people = [SourcePerson("2", "Rob Rep"), SourcePerson("3", "Ana Rep"), SourcePerson("4", "Leo Left")]
    return held


async def connected(world: World, held: Held) -> None:
    async with world.bot.database.transaction() as tx:
        await tx.connections.put(Connection(NAME, {}, "", START))
    await read(world, held)


async def read(world: World, held: Held) -> None:
    house = office(world.bot.settings, world.bot.database, ManualClock(NOW))
    await Sync(house, MemorySource(held, name=NAME)).run(whole=True)


async def opened(world: World, user: str = ADMIN, action: ActionId = ActionId.HOME_MATCH) -> dict[str, Any]:
    """Press the button on the admin's home tab and return the form."""
    await world.sandbox.open_home(user)
    await world.settle()
    home = world.sandbox.workspace.views.home(user)
    assert home is not None
    (button,) = buttons({"blocks": home.blocks}, action)
    assert (await world.sandbox.click_in_view(user, home.id, action, button["value"])).acked
    form = world.sandbox.open_view(user)
    assert form is not None
    return form


async def fill(world: World, form: dict[str, Any], user: str = ADMIN, **chosen: str) -> Outcome:
    fields = {b["block_id"]: b["element"]["action_id"] for b in form["blocks"] if b["type"] == "input"}
    outcome = await world.sandbox.submit(user, form["id"], {key: {fields[key]: value} for key, value in chosen.items()})
    await world.settle()
    return outcome


def shown(world: World, user: str = ADMIN) -> str:
    home = world.sandbox.workspace.views.home(user)
    assert home is not None
    return words({"blocks": home.blocks})


async def whose(world: World, who: str = "2") -> tuple[PersonId | None, bool]:
    async with world.bot.database.transaction() as tx:
        found = await tx.syncs.held(NAME, who)
    assert found is not None
    return found.person, found.mapped


async def owner(world: World) -> PersonId | None:
    async with world.bot.database.transaction() as tx:
        deal = await tx.evidence.deal(ACME)
    return None if deal is None else deal.owner


async def test_an_admin_says_who_somebody_is_and_it_counts_from_the_next_sync_on(database_url: str) -> None:
    async with a_world(database_url, WITH_ADMIN) as world:
        held = a_crm()
        await connected(world, held)
        form = await opened(world)
        menu = next(block for block in form["blocks"] if block.get("block_id") == "choice")
        assert [option["text"]["text"] for option in menu["element"]["options"]] == [
            "Ana Rep (id 3)",
            "Leo Left (id 4)",
            "Rob Rep (id 2)",
        ]
        assert "Rob Rep (id 2)" in shown(world)
        assert not (await fill(world, form, choice="2", person=REP)).errors
        assert "From the next sync on *Rob Rep* is *Ruth Adler*." in world.told(ADMIN)
        assert "Rob Rep" not in shown(world), "the tab is shown anew by itself"
        assert "Leo Left (id 4)" in shown(world)
        assert await owner(world) != "ruth"
        await read(world, held)
        assert await owner(world) == "ruth"


async def test_what_an_admin_said_can_be_taken_back(database_url: str) -> None:
    async with a_world(database_url, WITH_ADMIN) as world:
        held = a_crm()
        await connected(world, held)
        await fill(world, await opened(world), choice="2", person=REP)
        world.told(ADMIN)
        assert not (await fill(world, await opened(world), forgotten="2")).errors
        assert "I go by the e-mail address of *Rob Rep* again" in world.told(ADMIN)
        assert await whose(world) == (None, False)
        held.people[0] = replace(held.people[0], email="omar@example.com")
        await read(world, held)
        assert await owner(world) == "omar"


async def test_somebody_whose_address_there_is_another_becomes_who_an_admin_says(database_url: str) -> None:
    """Until then there is a record beside the own one, which nobody in Slack has."""
    async with a_world(database_url, WITH_ADMIN) as world:
        held = a_crm()
        held.people[0] = SourcePerson("2", "Rob Rep", "rob@crm.example")
        await connected(world, held)
        await world.go_to(world.bot.clock.now() + timedelta(minutes=1))
        assert await owner(world) == "rob@crm.example"
        form = await opened(world)
        assert "Rob Rep (id 2)" in shown(world)
        assert not (await fill(world, form, choice="2", person=REP)).errors
        await read(world, held)
        assert await owner(world) == "ruth"
        assert "rob@crm.example" not in shown(world), "the other record is nobody's now"
        await fill(world, await opened(world), forgotten="2")
        await read(world, held)
        assert await owner(world) == "rob@crm.example", "and it is back once that is taken back"
        assert await whose(world) == ("rob@crm.example", False)
        await world.settle()
        assert "rob@crm.example" in shown(world)


async def test_who_is_no_admin_is_refused_the_form_and_what_it_says(database_url: str) -> None:
    async with a_world(database_url, WITH_ADMIN) as world:
        await connected(world, a_crm())
        for user in (REP, STRANGER):
            assert (await world.press_unseen(user, ActionId.HOME_MATCH, NAME)).acked
            said = world.told(user)
            assert "Not possible" in said
            assert "Rob Rep" not in said
        form = await opened(world)
        await world.import_people(PEOPLE[3])  # and is no admin any more, with the form still open
        await fill(world, form, choice="2", person=REP)
        assert "Only an admin can do this" in world.told(ADMIN)
        assert await whose(world) == (None, False)


async def test_somebody_matched_meanwhile_is_said_under_the_field(database_url: str) -> None:
    async with a_world(database_url, WITH_ADMIN) as world:
        await connected(world, a_crm())
        form = await opened(world)
        await world.bot.cases.matching.match(NAME, "2", "omar@example.com")
        outcome = await fill(world, form, choice="2", person=REP)
        assert outcome.errors == {
            "choice": "Rob Rep is Omar Blake by now, so nothing was changed. Open this form again to take that back."
        }
        assert await whose(world) == ("omar", True)


async def test_a_source_that_was_disconnected_meanwhile_is_said(database_url: str) -> None:
    async with a_world(database_url, WITH_ADMIN) as world:
        await connected(world, a_crm())
        form = await opened(world)
        await world.bot.syncing.disconnect(NAME)
        await fill(world, form, choice="2", person=REP)
        said = world.told(ADMIN)
        assert "Settled already" in said
        assert "HubSpot isn't connected any more" in said
        assert (await world.press_unseen(ADMIN, ActionId.HOME_MATCH, NAME)).acked
        assert "HubSpot isn't connected any more" in world.told(ADMIN)


async def test_saying_it_twice_is_the_same_as_once(database_url: str) -> None:
    async with a_world(database_url, WITH_ADMIN) as world:
        await connected(world, a_crm())
        form = await opened(world)
        await world.bot.cases.matching.match(NAME, "2", "ruth@example.com")
        assert not (await fill(world, form, choice="2", person=REP)).errors
        assert "*Rob Rep* is *Ruth Adler*" in world.told(ADMIN)
        assert await whose(world) == ("ruth", True)


async def test_of_two_who_say_it_otherwise_at_once_only_one_is_kept(database_url: str) -> None:
    """Whoever comes second reads what the first one said."""
    async with a_world(database_url, WITH_ADMIN) as world:
        await connected(world, a_crm())
        said = await asyncio.gather(
            *(world.bot.cases.matching.say(NAME, ADMIN, Filled("2", user, "")) for user in (REP, OTHER_REP)),
            return_exceptions=True,
        )
        (refused,) = [one for one in said if isinstance(one, Exception)]
        assert "by now, so nothing was changed" in str(refused)
        person, mapped = await whose(world)
        assert mapped
        assert person == ("ruth" if isinstance(said[1], Exception) else "omar")


async def test_what_cannot_stand_is_said_under_its_field(sqlite_url: str) -> None:
    async with a_world(sqlite_url, WITH_ADMIN) as world:
        held = a_crm()
        await connected(world, held)
        form = await opened(world)
        outcome = await fill(world, form, choice="2", person=STRANGER)
        assert outcome.errors == {
            "person": "None of your people has this account. Import them first, with the address from Slack, or say "
            "whose it is under “People without a match in Slack”."
        }
        await fill(world, await opened(world), choice="2", person=REP)
        world.told(ADMIN)
        form = await opened(world)
        assert (await fill(world, form)).errors.keys() == {"choice", "person"}, "of two things to say, neither was"
        assert (await fill(world, form, choice="3")).errors.keys() == {"person"}
        assert (await fill(world, form, choice="", person=REP)).errors.keys() == {"choice"}


PAUL = Person(PersonId("paul"), "Paul New", "paul@nowhere.example", PersonId("mara"), timezone="America/Chicago")
WITH_PAUL = replace(WITH_ADMIN, people=(*WITH_ADMIN.people, PAUL))


async def account(world: World) -> str | None:
    async with world.bot.database.transaction() as tx:
        found = await tx.people.account_of(PAUL.id)
    return None if found is None else found.user


async def test_an_admin_says_whose_an_account_with_another_address_is(database_url: str) -> None:
    async with a_world(database_url, WITH_PAUL) as world:
        form = await opened(world, action=ActionId.HOME_ACCOUNT)
        assert not (await fill(world, form, choice="paul", person=STRANGER)).errors
        assert "That account is *Paul New* from now on" in world.told(ADMIN)
        assert "All 5 people are found." in shown(world)
        assert len(await world.meetings("paul")) == 1, "and a 1:1 is planned"
        await world.go_to(world.bot.clock.now() + timedelta(days=1))
        assert await world.bot.match_people() == (), "nor does looking everybody up take it back"
        assert await account(world) == STRANGER
        again = await world.bot.cases.slack_accounts.say(ADMIN, AccountFilled(PAUL.id, STRANGER))
        assert "That account is *Paul New* from now on" in words(again), "twice is the same as once"


async def test_an_account_without_a_manager_to_meet_is_said_to_have_no_1on1(sqlite_url: str) -> None:
    alone = replace(PAUL, manager_id=None)
    async with a_world(sqlite_url, replace(WITH_ADMIN, people=(*WITH_ADMIN.people, alone))) as world:
        await fill(world, await opened(world, action=ActionId.HOME_ACCOUNT), choice="paul", person=STRANGER)
        assert "nobody is set as their manager" in world.told(ADMIN)


async def test_an_apps_account_is_nobodys(sqlite_url: str) -> None:
    async with a_world(sqlite_url, WITH_PAUL) as world:
        form = await opened(world, action=ActionId.HOME_ACCOUNT)
        app = world.sandbox.workspace.app.bot_user
        outcome = await fill(world, form, choice="paul", person=app)
        assert outcome.errors == {"person": "That account is an app's, or deactivated: choose a person's."}
        assert await account(world) is None


async def test_an_account_is_nobodys_twice_and_only_an_admin_gives_it(database_url: str) -> None:
    async with a_world(database_url, WITH_PAUL) as world:
        assert (await world.press_unseen(REP, ActionId.HOME_ACCOUNT, "unmatched")).acked
        assert "Not possible" in world.told(REP)
        form = await opened(world, action=ActionId.HOME_ACCOUNT)
        outcome = await fill(world, form, choice="paul", person=REP)
        assert outcome.errors == {"person": "This is the account of Ruth Adler: choose another."}
        await world.import_people(replace(PEOPLE[3], is_admin=False))
        await fill(world, form, choice="paul", person=STRANGER)
        assert "Only an admin can do this" in world.told(ADMIN)
        assert await account(world) is None
