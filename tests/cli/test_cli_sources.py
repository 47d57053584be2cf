"""A CRM is connected, read, matched and left from the command line, without a secret ever in sight."""

from __future__ import annotations

import asyncio
import io
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from aiohttp import web

from bot.cli import main
from bot.coaching.records import PeriodGoal, Person, PersonId, Records
from bot.crm.write_csv import write_folder
from bot.sandbox.hubspot import SCOPES, LocalHubSpot
from bot.vault import Vault, new_key
from tests.crm.held import Held, some_held
from tests.crm.hubspot_case import KEY, fill

SEALED = new_key()


@dataclass
class Place:
    """A local HubSpot in a thread of its own, for a command has a loop of its own."""

    local: LocalHubSpot
    held: Held
    url: str = ""


@pytest.fixture
def hubspot() -> Iterator[Place]:
    place = Place(LocalHubSpot(token=KEY), some_held())

    async def answer(request: web.Request) -> web.Response:
        fill(place.local, place.held)
        return await place.local.answer(request)

    loop, ready, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def serve() -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        place.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait()
    yield place
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sqlite_url: str) -> Run:
    """Run a command; returns its exit code and all it printed."""
    for name, value in {"CADENCE_DATABASE_URL": sqlite_url, "CADENCE_SECRET_KEYS": SEALED}.items():
        monkeypatch.setenv(name, value)

    def command(*arguments: str, given: str = "") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        printed = capsys.readouterr()
        return int(str(ended.value.code)), printed.out + printed.err

    return command


def connect(run: Run, place: Place, key: str = KEY) -> tuple[int, str]:
    answers = json.dumps({"key": key, "address": place.url})
    return run("connect", "hubspot", "--stdin", given=answers)


def kept(sqlite_url: str, query: str) -> list[tuple]:
    with sqlite3.connect(Path(sqlite_url.removeprefix("sqlite:///"))) as database:
        rows = database.execute(query).fetchall()
    database.close()
    return rows


def test_hubspot_is_tried_connected_and_read(run: Run, hubspot: Place, sqlite_url: str) -> None:
    code, said = connect(run, hubspot)
    assert (code, "HubSpot is connected." in said) == (0, True), said
    assert "ok   stage history: can be read" in said
    assert KEY not in said
    [(secret,)] = kept(sqlite_url, "SELECT secret FROM connection")
    assert KEY not in secret
    assert Vault([SEALED]).open(secret) == {"key": KEY}
    code, said = run("sync")
    assert (code, "HubSpot: read everything, 3 deals." in said) == (0, True), said
    assert len(kept(sqlite_url, "SELECT id FROM deal")) == 3
    code, said = run("sync")
    assert "read what changed" in said


@pytest.mark.parametrize(
    ("missing", "need"),
    [
        ("deals", "deals"),
        ("owners", "people"),
        ("goal_targets", "goals"),
        ("schemas", "fields"),
        ("emails", "activities"),
    ],
)
def test_a_missing_scope_is_named_and_stops_only_what_cannot_be_without(
    run: Run, hubspot: Place, missing: str, need: str
) -> None:
    hubspot.local.scopes -= {SCOPES[missing]}
    code, said = connect(run, hubspot)
    needed = need in ("deals", "people")
    assert f"{'FIX ' if needed else 'no  '} {need}: " in said
    assert f"Add the scope {SCOPES[missing]} to the Service Key" in said
    assert code == (1 if needed else 0)


def test_a_wrong_key_connects_nothing(run: Run, hubspot: Place, sqlite_url: str) -> None:
    code, said = connect(run, hubspot, "pat-wrong-key-0000")
    assert code == 1
    assert "HubSpot refuses the credentials (401)" in said
    assert "pat-wrong" not in said
    assert kept(sqlite_url, "SELECT * FROM connection") == []


def test_what_is_needed_and_not_given_is_named(run: Run) -> None:
    assert run("connect", "hubspot")[1].startswith("key is needed: Service Key")
    assert "isn't asked for: there are key, address, version" in run("connect", "hubspot", "--set", "token=x")[1]
    assert "isn't JSON" in run("connect", "hubspot", "--stdin", given="key")[1]


def test_a_secret_on_the_command_line_is_refused(run: Run) -> None:
    """A shell keeps what was typed."""
    code, said = run("connect", "hubspot", "--set", f"key={KEY}")
    assert (code, "stays in the shell's history" in said, KEY in said) == (1, True, False)


def test_who_is_of_a_source_that_is_not_connected_cannot_be_said(run: Run) -> None:
    code, said = run("match", "pipedrive", "2", "ana@example.com")
    assert (code, said) == (1, "pipedrive isn't connected: `cadence doctor` says what is.\n")


def test_without_a_key_of_ours_no_secret_is_kept(run: Run, hubspot: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CADENCE_SECRET_KEYS")
    code, said = connect(run, hubspot)
    assert (code, "`cadence keys new` prints a key" in said) == (1, True)


def test_one_crm_at_a_time(run: Run, hubspot: Place, tmp_path: Path) -> None:
    connect(run, hubspot)
    (tmp_path / "people.csv").write_text("email,name,manager_email\n")
    (tmp_path / "deals.csv").write_text("id,owner_email,name,status,stage,start,close,amount\n")
    (tmp_path / "goals.csv").write_text("rep_email,period_start,period_end,amount\n")
    code, said = run("connect", "csv", "--set", f"folder={tmp_path}")
    assert (code, "HubSpot is connected already" in said) == (1, True), said


def test_keys_turn_without_connecting_anew(
    run: Run, hubspot: Place, monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    connect(run, hubspot)
    new = run("keys", "new")[1].strip()
    monkeypatch.setenv("CADENCE_SECRET_KEYS", f"{new},{SEALED}")
    assert run("keys", "rotate")[0] == 0
    monkeypatch.setenv("CADENCE_SECRET_KEYS", new)
    assert run("sync")[0] == 0
    monkeypatch.setenv("CADENCE_SECRET_KEYS", SEALED)
    code, said = run("sync")
    assert (code, "can't be opened with CADENCE_SECRET_KEYS" in said) == (1, True)
    assert Vault([new]).open(kept(sqlite_url, "SELECT secret FROM connection")[0][0]) == {"key": KEY}


def test_who_is_nobody_of_ours_is_listed_and_matched(run: Run, hubspot: Place, sqlite_url: str) -> None:
    hubspot.held.people[1] = replace(hubspot.held.people[1], email="")
    connect(run, hubspot)
    run("sync")
    said = run("doctor")[1]
    assert "so what they own is in nobody's 1:1: Rob Rep (id 2)" in said
    assert run("match", "hubspot", "2", "nobody@example.com")[0] == 1
    assert run("match", "hubspot", "99", "ana@example.com")[0] == 1
    code, said = run("match", "hubspot", "2", "Ana@example.com")
    assert (code, "2 is Ana Rep" in said) == (0, True)
    run("sync")
    assert kept(sqlite_url, "SELECT owner FROM deal WHERE id = '101'") == [("ana@example.com",)]
    assert "HubSpot people" not in run("doctor")[1]


def test_stages_the_playbook_does_not_place_are_found(run: Run, hubspot: Place) -> None:
    hubspot.held.stages[1] = replace(hubspot.held.stages[1], name="Haggling")
    connect(run, hubspot)
    run("sync")
    code, said = run("playbook", "check", "--source")
    assert (code, "the stage 'Haggling' of Sales is in no stage of the playbook" in said) == (1, True), said
    assert "'Won'" not in said
    assert "in no stage of the playbook: Haggling" in run("doctor")[1]


def test_a_source_that_fails_is_said_by_the_doctor(run: Run, hubspot: Place) -> None:
    connect(run, hubspot)
    run("sync")
    hubspot.local.token = "another"  # noqa: S105
    code, said = run("sync")
    assert (code, "HubSpot refuses the credentials" in said) == (1, True)
    assert "Nothing of it is shown: what was read last stands." in said
    assert "HubSpot: can't be read (last read well on" in run("doctor")[1]


def test_leaving_a_source_forgets_its_secret_and_if_asked_all_of_it(run: Run, hubspot: Place, sqlite_url: str) -> None:
    connect(run, hubspot)
    run("sync")
    assert run("disconnect", "hubspot")[0] == 0
    assert kept(sqlite_url, "SELECT secret FROM connection") == []
    assert len(kept(sqlite_url, "SELECT id FROM deal WHERE absent_since IS NULL")) == 3
    assert run("disconnect", "hubspot")[0] == 1
    connect(run, hubspot)
    run("sync")
    said = run("disconnect", "hubspot", "--forget")[1]
    assert "Its deals, activities and revenue goals no longer count. What you imported" in said
    assert "Only HubSpot knew these: Ana Rep, Rob Rep. They stay, with what they said and agreed" in said
    assert kept(sqlite_url, "SELECT count(*) FROM person WHERE manager_id IS NOT NULL") == [(0,)]
    assert kept(sqlite_url, "SELECT id FROM deal WHERE absent_since IS NULL") == []
    assert kept(sqlite_url, "SELECT rep FROM period_goal") == []
    assert run("sync")[1].startswith("No source is connected")


def test_what_was_imported_stays_when_a_source_is_forgotten(
    run: Run, hubspot: Place, sqlite_url: str, tmp_path: Path
) -> None:
    mine = Records(
        people=(Person(PersonId("rob@example.com"), "Rob Rep", "rob@example.com"),),
        goals=tuple(PeriodGoal(PersonId("rob@example.com"), one.start, one.end, 8.0) for one in hubspot.held.goals),
    )
    write_folder(mine, tmp_path / "mine")
    amount = "SELECT amount, source FROM period_goal"
    assert run("import", str(tmp_path / "mine"))[0] == 0
    assert kept(sqlite_url, amount) == [(8.0, None)]
    connect(run, hubspot)
    run("sync")
    assert kept(sqlite_url, amount) == [(50_000.0, "hubspot")]
    assert run("disconnect", "hubspot", "--forget")[0] == 0
    assert kept(sqlite_url, amount) == [(8.0, None)]


def test_a_value_that_cannot_be_read_is_unknown_and_listed(run: Run, hubspot: Place, sqlite_url: str) -> None:
    hubspot.held.put(replace(hubspot.held.deals["101"], amount=float("nan")))
    connect(run, hubspot)
    assert "deals 101 amount: 'nan' isn't a number" in run("sync")[1]
    assert kept(sqlite_url, "SELECT amount FROM deal WHERE id = '101'") == [(None,)]
    assert "deals 101 amount: 'nan' isn't a number" in run("doctor")[1]
