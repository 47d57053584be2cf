"""From a fresh installation to the first 1:1s: the admin is guided, a manager is asked, then the reps hear of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from world import (
    MANAGER,
    OTHER_MANAGER,
    OTHER_REP,
    PEOPLE,
    REP,
    STRANGER,
    World,
    a_world,
    buttons,
    key_of,
    some_records,
    words,
)

from bot.coaching.meeting import MeetingState
from bot.coaching.records import Person, PersonId, Records
from bot.sandbox.acts import Outcome
from bot.services.intake import take_in
from bot.services.ports.invitations import Reach
from bot.views.ids import ActionId

ADMIN = OTHER_MANAGER
MARA, RUTH, OMAR, NINA = PEOPLE
NOBODY = Records()
WITH_ADMIN = some_records(people=(MARA, RUTH, OMAR, replace(NINA, is_admin=True)))
SET_BY = {"CADENCE_ADMINS": "nina@example.com"}


async def fresh(world: World) -> None:
    """Begin again as an installation in which nothing was planned, and start the bot as `cadence run` does."""
    await world.bot.cases.first_day.open()
    await world.bot.match_people()
    await world.bot.cases.first_day.greet()
    await world.bot.cases.rounds.plan_all()
    await world.settle()


async def take(world: World, records: Records) -> None:
    async with world.bot.database.transaction() as tx:
        await take_in(tx, records)
    await world.settle()


def guide(world: World, user: str = ADMIN) -> dict[str, Any]:
    """Return the admin's one message."""
    (found,) = [one for one in world.sandbox.messages(user) if key_of(one).startswith("first_day:")]
    return found


def asked(world: World, user: str = MANAGER) -> dict[str, Any]:
    (found,) = [one for one in world.sandbox.messages(user) if key_of(one).startswith("first_ones:")]
    return found


def times(world: World) -> list[str]:
    """Return the lines of the manager's message that say when each rep's first 1:1 is."""
    return [line for line in words(asked(world)).splitlines() if "Ruth Adler" in line or "Omar Blake" in line]


async def choose(world: World, action: ActionId, manager: PersonId, by: str = ADMIN) -> Outcome:
    """Press a button on the admin's home tab and choose a manager in the form that opens."""
    await world.sandbox.open_home(by)
    await world.settle()
    home = world.sandbox.workspace.views.home(by)
    assert home is not None
    (button,) = buttons({"blocks": home.blocks}, action)
    assert (await world.sandbox.click_in_view(by, home.id, action, button["value"])).acked
    form = world.sandbox.open_view(by)
    assert form is not None, "no form opened"
    outcome = await world.sandbox.submit(by, form["id"], {"choice": {"choice": manager}})
    await world.settle()
    return outcome


def tab(world: World, user: str = ADMIN) -> str:
    home = world.sandbox.workspace.views.home(user)
    return words({"blocks": home.blocks}) if home else ""


async def to_office_hours(world: World) -> None:
    await world.go_to(world.bot.clock.now().replace(hour=15))


async def test_a_fresh_installation_greets_the_admin_named_by_setting_and_follows_each_step(database_url: str) -> None:
    async with a_world(database_url, NOBODY, **SET_BY) as world:
        await fresh(world)
        assert "4 steps left" in guide(world)["text"]
        assert "*1. People* (to do): none yet" in words(guide(world))
        await take(world, WITH_ADMIN)
        assert "*1. People* (done): 3 people, 1 of them with reps." in words(guide(world))
        assert "*2. Deals* (done): 186 from your files" in words(guide(world))
        assert "2 steps left" in guide(world)["text"]
        assert [world.texts(user) for user in (MANAGER, REP, OTHER_REP)] == [[], [], []], "nobody else hears anything"
        assert not await world.meetings()


async def test_a_manager_looks_the_first_meetings_over_before_any_rep_is_written_to(database_url: str) -> None:
    async with a_world(database_url, NOBODY) as world:
        await fresh(world)
        await take(world, WITH_ADMIN)
        assert not (await choose(world, ActionId.HOME_INVITE, MARA.id)).errors
        assert "*Mara Quinn* is invited" in world.told(ADMIN)
        assert "hasn't answered yet" in words(guide(world))
        assert not world.texts(MANAGER), "it is night where Mara is"
        await to_office_hours(world)
        said = words(asked(world))
        assert "Shall I prepare your 1:1s, Mara Quinn?" in said
        assert "Nina Cole invited you" in said
        assert "Ruth Adler" in said
        assert [world.texts(user) for user in (REP, OTHER_REP)] == [[], []]
        assert not await world.meetings()
        await world.press(MANAGER, asked(world), ActionId.INVITATION_WHY)
        assert "*Ruth Adler* reads: “We meet" in world.told(MANAGER)
        await world.press(MANAGER, asked(world), ActionId.INVITATION_BEGIN)
        meeting = await world.meeting()
        assert meeting.state is MeetingState.PLANNED
        assert "You began on" in asked(world)["text"]
        assert len(world.texts(MANAGER)) == 1, "one list and not a message for each rep"
        (told,) = [one for one in world.sandbox.messages(REP) if key_of(one).startswith("next:")]
        assert "What this is" in words(told)
        assert "set up" in guide(world)["text"]
        assert "Begun: Mara Quinn" in tab(world)


async def test_the_times_that_are_shown_are_the_ones_that_are_planned(sqlite_url: str) -> None:
    async with a_world(sqlite_url, NOBODY) as world:
        await fresh(world)
        await take(world, WITH_ADMIN)
        await choose(world, ActionId.HOME_INVITE, MARA.id)
        await to_office_hours(world)
        before = times(world)
        await world.press(MANAGER, asked(world), ActionId.INVITATION_BEGIN)
        assert [
            line for line in words(asked(world)).splitlines() if "Ruth Adler" in line or "Omar Blake" in line
        ] == before
        starts = {(await world.meeting(rep)).appointment.starts_at for rep in ("ruth", "omar")}
        assert len(starts) == 2


async def test_an_invitation_that_waits_shows_times_that_are_still_ahead(sqlite_url: str) -> None:
    async with a_world(sqlite_url, NOBODY) as world:
        await fresh(world)
        await take(world, WITH_ADMIN)
        await choose(world, ActionId.HOME_INVITE, MARA.id)
        await to_office_hours(world)
        before = words(asked(world))
        await world.go_to(world.bot.clock.now() + timedelta(days=7))
        assert words(asked(world)) != before
        await world.press(MANAGER, asked(world), ActionId.INVITATION_BEGIN)
        assert (await world.meeting()).appointment.starts_at > world.bot.clock.now()


async def test_not_now_writes_to_nobody_and_an_admin_can_ask_again(sqlite_url: str) -> None:
    async with a_world(sqlite_url, NOBODY) as world:
        await fresh(world)
        await take(world, WITH_ADMIN)
        await choose(world, ActionId.HOME_INVITE, MARA.id)
        await to_office_hours(world)
        old = asked(world)
        await world.press(MANAGER, old, ActionId.INVITATION_LATER)
        assert "You said “not now”" in asked(world)["text"]
        assert "Stopped: Mara Quinn" in tab(world)
        assert not await world.meetings()
        world.told(ADMIN)
        await choose(world, ActionId.HOME_INVITE, MARA.id)
        assert "Shall I prepare" in asked(world)["text"], "the same message asks again"
        await world.press(MANAGER, old, ActionId.INVITATION_BEGIN, again=True)
        assert "This isn't open any more" in world.told(MANAGER)
        await world.press(MANAGER, asked(world), ActionId.INVITATION_BEGIN)
        assert await world.meeting()


async def test_to_stop_with_a_manager_ends_what_is_open_and_it_can_begin_again(database_url: str) -> None:
    async with a_world(database_url, WITH_ADMIN) as world:
        await world.agree()
        before = len(world.texts(REP))
        assert not (await choose(world, ActionId.HOME_STOP, MARA.id)).errors
        open_, *_ = await world.meetings()
        assert open_.state is MeetingState.EXCUSED
        assert open_.closing_words == "1:1s with Mara Quinn are stopped for now; an admin can start them again."
        await world.go_to(world.bot.clock.now() + timedelta(days=21))
        assert len(world.texts(REP)) == before, "also the weekly question rests"
        assert "Stopped: Mara Quinn" in tab(world)
        world.told(ADMIN)
        assert not (await choose(world, ActionId.HOME_INVITE, MARA.id)).errors
        await world.press(MANAGER, await world.until(MANAGER, ActionId.INVITATION_BEGIN), ActionId.INVITATION_BEGIN)
        assert (await world.meeting()).state is MeetingState.PLANNED


async def test_an_installation_from_before_goes_on_with_everybody_and_greets_nobody(database_url: str) -> None:
    async with a_world(database_url, WITH_ADMIN) as world:
        await fresh(world)
        assert not [one for one in world.sandbox.messages(ADMIN) if key_of(one).startswith("first_day:")]
        async with world.bot.database.transaction() as tx:
            assert await tx.invitations.reach() == Reach()
        await world.sandbox.open_home(ADMIN)
        await world.settle()
        assert "1:1s are planned for everybody who has a manager." in tab(world)


async def test_an_admin_may_begin_with_everybody_at_once_and_each_manager_reads_what_it_is(sqlite_url: str) -> None:
    async with a_world(sqlite_url, NOBODY) as world:
        await fresh(world)
        await take(world, WITH_ADMIN)
        await world.sandbox.open_home(ADMIN)
        await world.settle()
        home = world.sandbox.workspace.views.home(ADMIN)
        assert home is not None
        await world.sandbox.click_in_view(ADMIN, home.id, ActionId.HOME_EVERYBODY, "everybody")
        await world.settle()
        assert (await world.meeting()).state is MeetingState.PLANNED
        await to_office_hours(world)
        assert "You began on" in asked(world)["text"]
        nina = replace(NINA, is_admin=True)
        sam = Person(PersonId("sam"), "Sam Stranger", "sam@elsewhere.example", nina.id, timezone="America/New_York")
        await take(world, Records(people=(nina, sam)))
        await to_office_hours(world)
        assert "You began on" in asked(world, ADMIN)["text"], "who becomes a manager later hears of it too"


@pytest.mark.parametrize("action", [ActionId.HOME_INVITE, ActionId.HOME_STOP, ActionId.HOME_EVERYBODY])
async def test_nobody_but_an_admin_decides_who_begins(sqlite_url: str, action: ActionId) -> None:
    async with a_world(sqlite_url, WITH_ADMIN) as world:
        await world.press_unseen(MANAGER, action, "x")
        assert "Only an admin can do this" in world.told(MANAGER)


@pytest.mark.parametrize("action", [ActionId.INVITATION_BEGIN, ActionId.INVITATION_LATER, ActionId.INVITATION_WHY])
async def test_nobody_but_the_invited_manager_answers(sqlite_url: str, action: ActionId) -> None:
    async with a_world(sqlite_url, NOBODY) as world:
        await fresh(world)
        await take(world, WITH_ADMIN)
        await choose(world, ActionId.HOME_INVITE, MARA.id)
        world.told(ADMIN)
        for user in (REP, ADMIN):
            await world.press_unseen(user, action, "mara:1")
            assert "Only the manager who was invited" in world.told(user)
        assert not await world.meetings()


async def test_begin_that_comes_twice_is_one_beginning(sqlite_url: str) -> None:
    async with a_world(sqlite_url, NOBODY) as world:
        await fresh(world)
        await take(world, WITH_ADMIN)
        await choose(world, ActionId.HOME_INVITE, MARA.id)
        await to_office_hours(world)
        message = asked(world)
        for _ in range(2):
            await world.press(MANAGER, message, ActionId.INVITATION_BEGIN, again=True)
        assert len(await world.meetings()) == 1
        assert world.sandbox.open_view(MANAGER) is None


async def test_commands_show_what_is_left_and_invite(sqlite_url: str) -> None:
    async with a_world(sqlite_url, NOBODY) as world:
        await fresh(world)
        await take(world, WITH_ADMIN)
        assert "2 steps left" in await world.ask(ADMIN, "/cadence", "setup")
        assert "Only an admin can do this" in await world.ask(MANAGER, "/cadence", "setup")
        assert "Say whom" in await world.ask(ADMIN, "/cadence", "invite")
        assert "Nobody reports to Ruth Adler" in await world.ask(ADMIN, "/cadence", f"invite <@{REP}>")
        assert "*Mara Quinn is invited.*" in await world.ask(ADMIN, "/cadence", f"invite <@{MANAGER}>")
        assert "*Mara Quinn is invited.*" in await world.ask(ADMIN, "/cadence", f"invite <@{MANAGER}>")
        await to_office_hours(world)
        await world.press(MANAGER, asked(world), ActionId.INVITATION_BEGIN)
        assert "has begun already" in await world.ask(ADMIN, "/cadence", f"invite <@{MANAGER}>")


async def test_a_rep_without_an_account_is_named_to_the_manager_and_planned_once_found(sqlite_url: str) -> None:
    async with a_world(sqlite_url, NOBODY) as world:
        await fresh(world)
        lost = replace(OMAR, email="nobody@example.com")
        await take(world, Records(people=(MARA, RUTH, lost, replace(NINA, is_admin=True))))
        assert "1 isn't found in Slack" in words(guide(world))
        await choose(world, ActionId.HOME_INVITE, MARA.id)
        await to_office_hours(world)
        assert "*Omar Blake*: no time yet. An admin has to find their account" in words(asked(world))
        await world.press(MANAGER, asked(world), ActionId.INVITATION_BEGIN)
        assert not await world.meetings("omar")
        await take(world, Records(people=(OMAR,)))
        assert await world.meeting("omar")
        assert "no time yet" not in words(asked(world))


async def test_the_ways_to_connect_a_source_name_no_field_for_a_secret(sqlite_url: str) -> None:
    async with a_world(sqlite_url, NOBODY, **SET_BY) as world:
        await fresh(world)
        await world.press(ADMIN, guide(world), ActionId.FIRST_DAY_SOURCE)
        view = world.sandbox.open_view(ADMIN)
        assert view is not None
        assert not [block for block in view["blocks"] if block["type"] == "input"]
        assert "cadence connect hubspot" in world.told(ADMIN)


async def test_an_admin_by_setting_who_is_in_the_records_under_an_id_is_one_person(database_url: str) -> None:
    async with a_world(database_url, NOBODY, **SET_BY) as world:
        await fresh(world)
        await take(world, Records(people=(MARA, RUTH, NINA)))
        await take(world, Records(people=(MARA, RUTH, NINA)))
        async with world.bot.database.transaction() as tx:
            nina = [one for one in await tx.people.all() if one.email == NINA.email and one.active]
            assert [(one.id, one.is_admin) for one in nina] == [(NINA.id, True)]
            assert await tx.people.by_slack(ADMIN) == nina[0]


async def test_a_stranger_who_is_named_an_admin_is_greeted_once_there_is_an_account(sqlite_url: str) -> None:
    async with a_world(sqlite_url, NOBODY, CADENCE_ADMINS="SAM@elsewhere.example") as world:
        await fresh(world)
        assert "installed" in guide(world, STRANGER)["text"]


async def test_an_admin_has_everything_looked_over_and_reads_what_helps(database_url: str) -> None:
    async with a_world(database_url, NOBODY, **SET_BY) as world:
        await fresh(world)
        assert "*3. Checks* (to do): I look everything over" in words(guide(world))
        assert await world.bot.cases.checkups.look(), "on the first day it comes by itself"
        await world.settle()
        assert "*3. Checks* (done)" in words(guide(world))
        assert not await world.bot.cases.checkups.look()
        await take(world, some_records(people=(*PEOPLE[:3], replace(NINA, email="gone@example.com"))))
        assert "I'm looking everything over." in await world.ask(ADMIN, "/cadence", "doctor")
        assert await world.bot.cases.checkups.look()
        await world.settle()
        (told,) = [one for one in world.sandbox.messages(ADMIN) if key_of(one).startswith("checkup:")]
        assert "1 of 7 checks needs you" in told["text"]
        assert "gone@example.com" in words(told)
        assert "xoxb-" not in words(told)
        await world.sandbox.open_home(ADMIN)
        await world.settle()
        assert "gone@example.com" in tab(world)


async def test_a_look_asked_for_by_button_shows_its_outcome_where_the_button_is(sqlite_url: str) -> None:
    async with a_world(sqlite_url, WITH_ADMIN) as world:
        await world.sandbox.open_home(ADMIN)
        await world.settle()
        assert "nobody has looked yet" in tab(world)
        home = world.sandbox.workspace.views.home(ADMIN)
        assert home is not None
        for _ in range(2):
            await world.sandbox.click_in_view(ADMIN, home.id, ActionId.HOME_CHECK, "check")
        assert await world.bot.cases.checkups.look()
        assert not await world.bot.cases.checkups.look()
        await world.settle()
        assert "*Checks*: All 7 checks are well." in tab(world)
        assert not [one for one in world.sandbox.messages(ADMIN) if key_of(one).startswith("checkup:")]


async def test_nobody_but_an_admin_has_everything_looked_over(sqlite_url: str) -> None:
    async with a_world(sqlite_url, WITH_ADMIN) as world:
        assert "Only an admin can do this" in await world.ask(MANAGER, "/cadence", "doctor")
        await world.press_unseen(MANAGER, ActionId.HOME_CHECK, "check")
        assert "Only an admin can do this" in world.told(MANAGER)
        assert not await world.bot.cases.checkups.look()
