"""What Slack tells of people is followed, once, however often it tells."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from world import MANAGER, OTHER_MANAGER, OTHER_REP, REP, STRANGER, World, a_click, a_world, buttons, words

from bot.coaching.commitment import GoalState
from bot.coaching.meeting import MeetingState
from bot.coaching.records import PersonId
from bot.views.ids import ActionId


def an_event(number: int, **event: Any) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": "T0SANDBOX", "event_id": f"Ev{number}", "event": event}


async def heard(world: World) -> set[str]:
    return {user for user in (MANAGER, REP, OTHER_REP, OTHER_MANAGER) if world.sandbox.messages(user)}


async def test_the_home_tab_is_published_when_it_is_opened(sqlite_url: str, over: dict[str, str]) -> None:
    async with a_world(sqlite_url, **over) as world:
        for user in (REP, MANAGER):
            assert (await world.sandbox.open_home(user)).acked
            await world.settle()
        assert "Your next 1:1 with Mara Quinn" in words(world.sandbox.home(REP))
        page = words(world.sandbox.home(MANAGER))
        assert "your own consistency first" in page
        assert "none of our 1:1s has come and gone yet" in page
        assert page.index("Omar Blake") < page.index("Ruth Adler")
        assert (await world.sandbox.open_home(REP, "messages")).acked
        assert (await world.sandbox.open_home(STRANGER)).acked, "nobody waits for an answer"
        assert world.sandbox.home(STRANGER) is None


async def test_the_managers_own_record_stands_on_the_home_tab(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.to_forks()
        await world.settle()
        message = next(m for m in world.sandbox.messages(MANAGER) if "1:1 with Ruth Adler now" in m["text"])
        await world.press(MANAGER, message, ActionId.MEETING_HELD)
        await world.sandbox.open_home(MANAGER)
        await world.settle()
        assert "only one of our 1:1s has come and gone" in words(world.sandbox.home(MANAGER))


async def test_a_rep_who_moves_zone_is_asked_at_nine_of_the_new_one(database_url: str) -> None:
    async with a_world(database_url) as world:
        await world.settle()
        await world.sandbox.change_person(REP, tz="America/Los_Angeles")
        await world.until(REP, ActionId.PROMPT_OPEN)
        assert world.bot.clock.now() == datetime(2017, 10, 6, 16, tzinfo=UTC)
        user = {"id": REP, "tz": "Mars/Olympus", "deleted": False, "profile": {}}
        assert (await world.deliver("events_api", an_event(1, type="user_change", user=user))).acked
        async with world.bot.database.transaction() as tx:
            ruth = await tx.people.get(PersonId("ruth"))
        assert ruth is not None
        assert ruth.timezone == "America/Chicago", "what this machine doesn't know falls back to the records"


async def test_nothing_more_is_sent_to_a_deactivated_person_and_all_begins_anew_on_return(database_url: str) -> None:
    async with a_world(database_url) as world:
        await world.to_forks()
        before = len(world.texts(REP))
        await world.sandbox.change_person(REP, deleted=True)
        await world.go_to(datetime(2017, 11, 20, 12, tzinfo=UTC))
        assert len(world.texts(REP)) == before
        (closed,) = await world.meetings()
        assert closed.state is MeetingState.EXCUSED
        assert "can't be reached" in closed.closing_words
        assert {goal.state for goal in await world.goals()} == {GoalState.OBSOLETE}
        record = next(
            m for m in world.sandbox.messages(MANAGER) if "can&#39;t be reached" in words(m) or "can't be" in words(m)
        )
        assert not buttons(record, ActionId.MEETING_HELD)

        await world.sandbox.change_person(REP, deleted=False)
        await world.settle()
        assert (await world.meeting()).state is MeetingState.PLANNED


async def test_an_old_account_that_is_deactivated_does_not_take_the_place_of_the_new_one(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        old = {"id": "U0777", "deleted": True, "profile": {"email": "ruth@example.com"}}
        assert (await world.deliver("events_api", an_event(1, type="user_change", user=old))).acked
        async with world.bot.database.transaction() as tx:
            account = await tx.people.account_of(PersonId("ruth"))
        assert account is not None
        assert (account.user, account.deleted) == (REP, False)


async def test_somebody_who_joins_with_an_address_of_the_records_gets_a_first_meeting(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        async with world.bot.database.transaction() as tx:
            nina = await tx.people.get(PersonId("nina"))
        assert nina is not None
        await world.import_people(
            nina.__class__(PersonId("sam"), "Sam Stranger", "Sam@elsewhere.example", PersonId("nina"), country="US")
        )
        user = {"id": STRANGER, "deleted": False, "tz": "Europe/London", "profile": {"email": "sam@ELSEWHERE.example"}}
        await world.deliver("events_api", an_event(1, type="team_join", user=user))
        assert (await world.meeting("sam")).manager == "nina"
        await world.until(STRANGER, ActionId.PROMPT_OPEN)


async def test_every_kind_of_event_is_acknowledged(sqlite_url: str, over: dict[str, str]) -> None:
    async with a_world(sqlite_url, **over) as world:
        assert (await world.sandbox.say(REP, "Hello?")).acked
        for number, event in enumerate(
            (
                {"type": "message", "subtype": "message_changed", "channel": "D0002"},
                {"type": "app_uninstalled"},
                {"type": "tokens_revoked", "tokens": {}},
                {"type": "user_change", "user": {"id": "U0404", "profile": {}}},
            )
        ):
            assert (await world.deliver("events_api", an_event(number, **event))).acked


async def test_an_event_that_comes_again_is_acknowledged_and_changes_nothing(
    database_url: str, over: dict[str, str]
) -> None:
    async with a_world(database_url, **over) as world:
        user = {"id": REP, "tz": "America/Denver", "deleted": False, "profile": {"email": "ruth@example.com"}}
        first = an_event(1, type="user_change", user=user)
        assert (await world.deliver("events_api", first)).acked
        later = {**user, "tz": "America/New_York"}
        assert (await world.deliver("events_api", an_event(2, type="user_change", user=later))).acked
        assert (await world.deliver("events_api", deepcopy(first))).acked, "late, and out of order"
        async with world.bot.database.transaction() as tx:
            ruth = await tx.people.get(PersonId("ruth"))
        assert ruth is not None
        assert ruth.timezone == "America/New_York"


async def test_of_what_slack_says_of_a_person_the_newest_counts_whenever_it_arrives(
    database_url: str, over: dict[str, str]
) -> None:
    async with a_world(database_url, **over) as world:
        now = int(world.bot.clock.now().timestamp())
        zones = {
            now + 30: "America/Denver",
            now + 20: "Asia/Tokyo",
            now + 31: "America/New_York",
            now + 29: "Asia/Dubai",
        }
        known = []
        for number, (seconds, zone) in enumerate(zones.items()):
            user = {"id": REP, "tz": zone, "deleted": seconds == 29, "updated": now + seconds, "profile": {}}
            assert (await world.deliver("events_api", an_event(number, type="user_change", user=user))).acked
            async with world.bot.database.transaction() as tx:
                account = await tx.people.account_of(PersonId("ruth"))
            assert account is not None
            known.append((account.zone, account.deleted))
        denver, new_york = ("America/Denver", False), ("America/New_York", False)
        assert known == [denver, denver, new_york, new_york]


@pytest.mark.parametrize("updated", [0, None, "soon", 10**30])
async def test_an_event_that_does_not_say_when_counts_as_it_comes(sqlite_url: str, updated: object) -> None:
    async with a_world(sqlite_url) as world:
        user = {"id": REP, "tz": "Asia/Tokyo", "deleted": False, "updated": updated, "profile": {}}
        assert (await world.deliver("events_api", an_event(1, type="user_change", user=user))).acked
        async with world.bot.database.transaction() as tx:
            ruth = await tx.people.get(PersonId("ruth"))
        assert ruth is not None
        assert ruth.timezone == "Asia/Tokyo"


@pytest.mark.parametrize("again", ["click", "form", "command"])
async def test_a_delivery_that_comes_again_is_acknowledged_and_has_one_effect(
    sqlite_url: str, over: dict[str, str], again: str
) -> None:
    async with a_world(sqlite_url, **over) as world:
        fork = (await world.to_forks())[0]
        if again == "click":
            click = a_click(world.sandbox, REP, ActionId.FORK_NOT_NOW, buttons(fork, ActionId.FORK_NOT_NOW)[0]["value"])
            await world.deliver("interactive", click)
            world.told(REP)
            assert (await world.deliver("interactive", click)).acked
            assert world.sandbox.open_view(REP) is None, "no second form"
        elif again == "form":
            await world.press(REP, fork, ActionId.FORK_NOT_NOW)
            view = deepcopy(world.sandbox.open_view(REP))
            assert view is not None
            view["state"] = {"values": {"reason": {"text": {"type": "plain_text_input", "value": "Later"}}}}
            form = {"type": "view_submission", "user": {"id": REP}, "team": {"id": "T0SANDBOX"}, "view": view}
            for _ in range(2):
                ack = await world.deliver("interactive", form)
                assert (ack.acked, ack.payload) == (True, {}), "not: settled already"
            assert len(await world.goals(GoalState.DECLINED)) == 1
        else:
            command = {
                "command": "/awesome",
                "text": "set 300k",
                "user_id": REP,
                "team_id": "T0SANDBOX",
                "channel_id": "D0002",
                "trigger_id": "one",
            }
            assert "$300k" in str((await world.deliver("slash_commands", command)).payload)
            async with world.bot.database.transaction() as tx:
                await tx.people.set_awesome(PersonId("ruth"), 400_000)
            assert (await world.deliver("slash_commands", command)).acked
            assert "$400k" in await world.ask(REP, "/awesome")


async def test_a_delivery_that_was_refused_may_come_again(sqlite_url: str, over: dict[str, str]) -> None:
    async with a_world(sqlite_url, **over) as world:
        fork = (await world.to_forks())[0]
        await world.press(REP, fork, ActionId.FORK_NOT_NOW)
        assert (await world.fill(REP, lambda _: {"text": " "})).errors
        assert not (await world.fill(REP, lambda _: {"text": "The same form, mended"})).errors
        assert len(await world.goals(GoalState.DECLINED)) == 1
