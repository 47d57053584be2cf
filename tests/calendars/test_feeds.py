"""A person subscribes to the own 1:1s: the address works, follows what happens, and dies when it has to."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import httpx
import pytest
from icalendar import Calendar
from icalendar.cal import Event
from world import MANAGER, OVER, PEOPLE, REP, STRANGER, World, a_world, words

from bot.coaching.meeting import MeetingState

BASE = "https://cadence.example.com/bot"


@dataclass(slots=True)
class Feeds:
    world: World
    http: httpx.AsyncClient

    async def subscribe(self, user: str, words: str = "") -> str:
        """Type the command and return the path of the address it shows."""
        said = await self.world.ask(user, "/1on1", f"calendar {words}")
        (address,) = set(re.findall(rf"{BASE}/ics/[^`]+", said))
        return address.removeprefix(BASE)

    async def events(self, path: str) -> list[Event]:
        answer = await self.http.get(path)
        assert answer.status_code == httpx.codes.OK
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        return list(Calendar.from_ical(answer.content).events)


@asynccontextmanager
async def feeds(database_url: str, **environment: str) -> AsyncIterator[Feeds]:
    given = {"CADENCE_CALENDAR_URL": BASE, "CADENCE_PORT": "0", **environment}
    async with a_world(database_url, **given) as world:
        door = world.bot.feeds or world.bot.sockets
        if world.bot.feeds is not None:
            await world.bot.feeds.start()
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{door.port}") as http:
                yield Feeds(world, http)
        finally:
            if world.bot.feeds is not None:
                await world.bot.feeds.close()


async def test_rep_and_manager_each_see_whom_they_meet_and_when(database_url: str) -> None:
    async with feeds(database_url) as shown:
        (event,) = await shown.events(await shown.subscribe(REP))
        assert event["SUMMARY"] == "1:1 with Mara Quinn"
        assert event.start == (await shown.world.meeting()).appointment.starts_at
        of_manager = await shown.events(await shown.subscribe(MANAGER))
        assert {str(event["SUMMARY"]) for event in of_manager} == {"1:1 with Ruth Adler", "1:1 with Omar Blake"}
        assert event.uid in {event.uid for event in of_manager}, "two calendars know the same 1:1"


async def test_a_calendar_speaks_its_owners_language(sqlite_url: str) -> None:
    async with feeds(sqlite_url) as shown:
        shown.world.sandbox.workspace.change_person(REP, locale="de-DE")
        await shown.world.bot.match_people()
        path, of_manager = await shown.subscribe(REP), await shown.subscribe(MANAGER)
        for _ in range(2):  # the same connection asks for both
            (event,) = await shown.events(path)
            assert event["SUMMARY"] == "1:1 mit Mara Quinn"
            assert "1:1 with Ruth Adler" in {str(event["SUMMARY"]) for event in await shown.events(of_manager)}
        assert "Meine 1:1s" in (await shown.http.get(path)).text
        assert "My 1:1s" in (await shown.http.get(of_manager)).text


async def test_a_moved_one_is_the_same_entry_at_another_time(database_url: str) -> None:
    async with feeds(database_url) as shown:
        path = await shown.subscribe(REP)
        (before,) = await shown.events(path)
        world, meeting = shown.world, await shown.world.meeting()
        form = await world.bot.cases.moving.form(meeting.id, MANAGER)
        slot = form["blocks"][1]["element"]["options"][0]["value"]
        await world.bot.cases.moving.move(meeting.id, MANAGER, slot, "A customer")
        (after,) = await shown.events(path)
        assert (after.uid, after.start) == (before.uid, datetime.fromisoformat(slot))
        assert after["SEQUENCE"] > before["SEQUENCE"]
        assert after["DTSTAMP"].dt >= before["DTSTAMP"].dt


async def test_an_excused_one_stays_as_cancelled_for_thirty_days(database_url: str) -> None:
    async with feeds(database_url) as shown:
        path, world = await shown.subscribe(REP), shown.world
        (before,) = await shown.events(path)
        await world.bot.cases.closing.excuse((await world.meeting()).id, MANAGER, "Ill")
        gone, following = sorted(await shown.events(path), key=lambda event: str(event["STATUS"]))
        assert (gone.uid, gone["STATUS"]) == (before.uid, "CANCELLED")
        assert gone["SEQUENCE"] > before["SEQUENCE"]
        assert (following["STATUS"], (await world.meeting()).state) == ("CONFIRMED", MeetingState.PLANNED)
        world.sandbox.clock.set(world.sandbox.clock.now() + timedelta(days=31))
        assert gone.uid not in {event.uid for event in await shown.events(path)}


async def test_what_has_not_changed_is_not_sent_again(sqlite_url: str) -> None:
    async with feeds(sqlite_url) as shown:
        path = await shown.subscribe(REP)
        first = await shown.http.get(path)
        shown.world.sandbox.clock.set(shown.world.sandbox.clock.now() + timedelta(hours=5))
        again = await shown.http.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (httpx.codes.NOT_MODIFIED, b"")
        assert "private" in first.headers["Cache-Control"]


async def test_a_new_address_ends_the_old_one_and_off_ends_both(database_url: str) -> None:
    async with feeds(database_url) as shown:
        old = await shown.subscribe(REP)
        assert "have a calendar address" in await shown.world.ask(REP, "/1on1", "calendar")
        new = await shown.subscribe(REP, "new")
        assert (await shown.http.get(old)).status_code == httpx.codes.NOT_FOUND
        assert len(await shown.events(new)) == 1
        assert "has ended" in await shown.world.ask(REP, "/1on1", "calendar off")
        assert (await shown.http.get(new)).status_code == httpx.codes.NOT_FOUND
        assert "no calendar address" in await shown.world.ask(REP, "/1on1", "calendar off")


async def test_who_leaves_has_no_calendar_any_more(database_url: str) -> None:
    async with feeds(database_url) as shown:
        path = await shown.subscribe(REP)
        await shown.world.import_people(replace(PEOPLE[1], active=False))
        assert (await shown.http.get(path)).status_code == httpx.codes.NOT_FOUND


async def test_the_database_holds_no_address_that_could_be_used(sqlite_url: str) -> None:
    async with feeds(sqlite_url) as shown:
        secret = (await shown.subscribe(REP)).removeprefix("/ics/").removesuffix(".ics")
        async with shown.world.bot.database.transaction() as tx:
            kept = await tx.calendar_feeds.of_person(PEOPLE[1].id)
        assert kept is not None
        assert secret not in kept.digest


@pytest.mark.parametrize("path", ["/ics/guess.ics", "/ics/.ics", "/ics/", "/ics/a/b.ics", "/"])
async def test_what_is_no_address_is_not_found(sqlite_url: str, path: str) -> None:
    async with feeds(sqlite_url) as shown:
        assert (await shown.http.get(path)).status_code == httpx.codes.NOT_FOUND


async def test_over_http_calendars_come_in_by_slacks_door(sqlite_url: str) -> None:
    async with feeds(sqlite_url, **OVER["http"]) as shown:
        assert shown.world.bot.feeds is None
        assert len(await shown.events(await shown.subscribe(REP))) == 1


async def test_strangers_and_odd_words_are_refused(sqlite_url: str) -> None:
    async with feeds(sqlite_url) as shown:
        assert "don't find you" in await shown.world.ask(STRANGER, "/1on1", "calendar")
        assert "for another" in await shown.world.ask(REP, "/1on1", "calendar tomorrow")


@pytest.mark.parametrize(("typed", "said"), [("rotate", "yours alone"), ("make", "since"), ("stop", "has ended")])
async def test_what_people_say_for_it_is_understood(sqlite_url: str, typed: str, said: str) -> None:
    async with feeds(sqlite_url) as shown:
        await shown.subscribe(REP)
        assert said in await shown.world.ask(REP, "/1on1", f"calendar {typed}")


async def test_without_a_public_address_the_admin_is_named(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        assert world.bot.feeds is None
        assert "CADENCE_CALENDAR_URL" in await world.ask(REP, "/1on1", "calendar")


async def test_the_next_one_comes_as_a_file_that_a_calendar_takes_in(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        assert "into our conversation now" in await world.ask(REP, "/1on1", "calendar file")
        (message,) = [one for one in world.sandbox.messages(REP) if one.get("files")]
        async with httpx.AsyncClient() as http:
            had = await http.get(message["files"][0]["url_private_download"])
        (event,) = Calendar.from_ical(had.content).events
        assert event.start == (await world.meeting()).appointment.starts_at
        assert message["files"][0]["name"] == "1on1.ics"
        assert "Mara Quinn on <!date^" in message["text"]


async def test_a_file_is_acknowledged_before_slack_takes_it(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        assert (await world.sandbox.command(REP, "/1on1", "calendar file")).acked
        assert not any(one.get("files") for one in world.sandbox.messages(REP))
        await world.settle()
        assert any(one.get("files") for one in world.sandbox.messages(REP))


async def test_a_file_without_the_scope_says_what_the_admin_has_to_do(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        world.sandbox.core.scopes = tuple(scope for scope in world.sandbox.core.scopes if scope != "files:write")
        await world.ask(REP, "/1on1", "calendar file")
        assert any("files:write" in words(one) for one in world.sandbox.messages(REP))
        assert not any(one.get("files") for one in world.sandbox.messages(REP))
