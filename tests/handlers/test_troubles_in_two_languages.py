"""What goes wrong with sources, files, keys and calendars is told to each reader in the own language, stored or not."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from aiohttp import web
from world import MANAGER, OTHER_MANAGER, PEOPLE, REP, START, World, a_world, key_of, some_records, words

from bot import playbook_file
from bot.sandbox.faults import refused
from bot.sandbox.hubspot import LocalHubSpot
from bot.services.ports.sync import Connection
from bot.services.sync import LONGEST_REASON
from bot.vault import Vault, new_key
from tests.crm.held import some_held
from tests.crm.hubspot_case import KEY, fill
from tests.crm.import_folders import DEALS_HEADER, a_folder
from tests.vendors.vendor_server import VendorServer, serving

GERMAN, ENGLISH = OTHER_MANAGER, MANAGER
"""Two admins: Nina chose German, Mara English."""
TWO_ADMINS = some_records(people=tuple(replace(one, is_admin=one.manager_id is None) for one in PEOPLE))
SEALING, ANOTHER = new_key(), new_key()
ENGLISH_WORDS = re.compile(
    r"(?<!:)\b(the|isn't|can't|refuses|column|row|and|is|was|of|to|write|problems?|asked|needs)\b"
)


@asynccontextmanager
async def two_admins(database_url: str, **environment: str) -> AsyncIterator[World]:
    async with a_world(database_url, TWO_ADMINS, CADENCE_SECRET_KEYS=SEALING, **environment) as world:
        await in_german(world, GERMAN)
        yield world


async def in_german(world: World, user: str) -> None:
    world.sandbox.workspace.change_person(user, locale="de-DE")
    await world.bot.match_people()


@asynccontextmanager
async def a_hubspot(world: World) -> AsyncIterator[tuple[LocalHubSpot, str]]:
    local = LocalHubSpot(token=KEY, now=world.bot.clock.now)

    async def answer(request: web.Request) -> web.Response:
        fill(local, some_held())
        return await local.answer(request)

    async with serving(VendorServer(answer)) as server:
        yield local, server.url


async def connect(world: World, name: str, sealed_with: str = SEALING, key: str = "", **options: str) -> None:
    secret = Vault([sealed_with]).seal({"key": key}) if key else ""
    await world.bot.syncing.connect(Connection(name, options, secret, START))


async def looked(world: World, *users: str) -> list[str]:
    """Have each of them ask for a look, and return what each is told of what needs somebody."""
    told = []
    for user in users:
        await world.ask(user, "/cadence", "doctor")
    assert await world.bot.cases.checkups.look()
    await world.settle()
    for user in users:
        shown = [one for one in world.sandbox.messages(user) if key_of(one).startswith("checkup:")][-1]
        told.append("\n".join(line for line in words(shown).splitlines() if line.startswith("•")))
    return told


async def home(world: World, user: str) -> str:
    await world.sandbox.open_home(user)
    await world.settle()
    shown = world.sandbox.workspace.views.home(user)
    assert shown is not None
    return words({"blocks": shown.blocks})


def bare(told: str) -> str:
    """Return what is told without what others say in their own words, and without addresses, paths and commands."""
    return re.sub(r"„[^“]*“|`[^`]*`|https?://\S+|(?<!\w)/\S+", " ", told)


async def test_a_refused_key_is_read_by_each_admin_in_the_own_language(database_url: str) -> None:
    async with two_admins(database_url) as world, a_hubspot(world) as (_, address):
        await connect(world, "hubspot", key="pat-na1-wrong", address=address)
        assert await world.bot.syncing.run_due() == 0
        german, english = await looked(world, GERMAN, ENGLISH)
        assert "HubSpot lehnt die Zugangsdaten ab (401): Sie sind falsch, abgelaufen oder widerrufen" in german
        assert "Die Antwort lautete: „" in german
        assert "HubSpot refuses the credentials (401): they are wrong, expired or revoked" in english
        assert ENGLISH_WORDS.findall(bare(german)) == []
        assert "lehnt die Zugangsdaten ab" in await home(world, GERMAN)
        assert "refuses the credentials" in await home(world, ENGLISH)


async def test_an_unreadable_file_is_told_line_by_line_and_shortened_in_both(database_url: str, tmp_path: Path) -> None:
    deals = "".join(f"{number},rob@example.com,Acme,open,Proposal,2017-03-01,,12 Euro\n" for number in range(60))
    folder = a_folder(tmp_path, deals=f"{DEALS_HEADER}\n{deals}")
    async with two_admins(database_url) as world:
        await connect(world, "csv", folder=str(folder))
        assert await world.bot.syncing.run_due() == 0
        german, english = await looked(world, GERMAN, ENGLISH)
        assert "Erst sind 60 Probleme zu beheben." in german
        assert "deals.csv Zeile 2, Spalte amount: „12 Euro“ ist keine Zahl: Schreib 12" in german
        assert "deals.csv row 2, column amount: '12 Euro' isn't a number: write 12" in english
        assert ENGLISH_WORDS.findall(bare(german)) == []
        kept = (await world.bot.syncing.state("csv")).failed
        assert len(kept) <= LONGEST_REASON
        assert kept.splitlines()[-1].endswith(": write 12"), "whole lines are left away"


async def test_a_file_that_may_not_be_read_is_told_in_the_own_language(sqlite_url: str, tmp_path: Path) -> None:
    folder = a_folder(tmp_path, deals=None)
    (folder / "deals.csv").mkdir()
    async with two_admins(sqlite_url) as world:
        await connect(world, "csv", folder=str(folder))
        assert await world.bot.syncing.run_due() == 0
        german, english = await looked(world, GERMAN, ENGLISH)
        assert "deals.csv: ist nicht lesbar (ist ein Ordner): Erlaube das Lesen" in german
        assert "deals.csv: can't be read (Is a directory): allow it" in english


async def test_what_a_sync_had_to_leave_out_is_noted_for_each_reader(database_url: str) -> None:
    async with two_admins(database_url) as world, a_hubspot(world) as (local, address):
        local.scopes.remove("crm.objects.goals.read")
        await connect(world, "hubspot", key=KEY, address=address)
        assert await world.bot.syncing.run_due() == 1
        german, english = await looked(world, GERMAN, ENGLISH)
        assert "Von HubSpot nicht zu bekommen: Ziele. GET /" in german
        assert "Gib dem Service Key in HubSpot die Berechtigung crm.objects.goals.read." in german
        assert "Not available from HubSpot: goals. HubSpot doesn't allow GET " in english
        assert "Add the scope crm.objects.goals.read to the Service Key in HubSpot." in english


async def test_secrets_that_no_key_opens_are_told_in_the_own_language(sqlite_url: str) -> None:
    async with two_admins(sqlite_url) as world:
        await connect(world, "hubspot", sealed_with=ANOTHER, key=KEY)
        assert await world.bot.syncing.run_due() == 0
        german, english = await looked(world, GERMAN, ENGLISH)
        assert "Die gespeicherten Geheimnisse lassen sich mit CADENCE_SECRET_KEYS nicht öffnen" in german
        assert "The stored secrets can't be opened with CADENCE_SECRET_KEYS" in english


async def test_a_secret_in_an_answer_is_cut_and_the_rest_told_in_the_own_language(database_url: str) -> None:
    async with two_admins(database_url) as world:
        world.sandbox.faults.next("auth.test", refused("xoxb-sandbox"))
        german, english = await looked(world, GERMAN, ENGLISH)
        assert "abgelehnt oder nicht erreicht (***)" in german
        assert "refused or not reached (***)" in english
        assert "xoxb-sandbox" not in german + english
        assert ENGLISH_WORDS.findall(bare(german)) == []


async def test_a_playbook_broken_meanwhile_is_told_in_the_own_language(sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    good = playbook_file.DEFAULT.read_text(encoding="utf-8")
    file.write_text(good, encoding="utf-8")
    async with two_admins(sqlite_url, CADENCE_PLAYBOOK=str(file)) as world:
        file.write_text(good.replace("outcome =", "outcom =", 1), encoding="utf-8")
        german, english = await looked(world, GERMAN, ENGLISH)
        assert "eine Phase hat keinen Schlüssel 'outcom': Meintest du outcome?" in german
        assert "'outcom' isn't a key of a stage: did you mean outcome?" in english
        file.write_text(good.replace("outcome =", "outcome", 1), encoding="utf-8")
        german, english = await looked(world, GERMAN, ENGLISH)
        assert "nach einem Schlüssel fehlt '='" in german
        assert "expected '=' after a key in a key/value pair" in english


async def test_a_rep_is_refused_a_calendar_in_the_own_language(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await in_german(world, REP)
        assert "CADENCE_CALENDAR_URL" in (said := await world.ask(REP, "/1on1", "calendar"))
        assert ENGLISH_WORDS.findall(bare(said)) == []
        world.sandbox.core.scopes = tuple(scope for scope in world.sandbox.core.scopes if scope != "files:write")
        await world.ask(REP, "/1on1", "calendar file")
        (refused,) = [words(one) for one in world.sandbox.messages(REP) if "files:write" in words(one)]
        assert ENGLISH_WORDS.findall(bare(refused)) == []


async def test_a_reason_kept_by_a_version_before_is_read_as_it_is(sqlite_url: str) -> None:
    async with two_admins(sqlite_url) as world:
        await connect(world, "csv", folder="/nowhere")
        async with world.bot.database.transaction() as tx:
            assert await tx.syncs.take("csv", "t", 60)
            state = replace(await tx.syncs.state("csv"), failed="It broke.", notes=("goals: no scope",), good_at=START)
            assert await tx.syncs.save(state, "t", 60)
        (german,) = await looked(world, GERMAN)
        assert "It broke." in german
        assert "goals: no scope" in german
