"""Every command does its work or says in words what is wrong, with an exit code that a script can trust."""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot import logs
from bot.cli import main
from bot.config import PREFIX
from bot.crm import csv_files, maven
from bot.crm.write_csv import write_folder
from bot.demo.organisation import DATA
from bot.playbook_file import DEFAULT
from bot.storage import engine

COMMANDS = (
    "demo",
    "run",
    "whose",
    "backup",
    "restore",
    "migrate",
    "import",
    "explain",
    "playbook",
    "playbook check",
    "manifest",
    "doctor",
)
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-sandbox", "SLACK_APP_TOKEN": "xapp-sandbox"}

SANDBOX = """
import asyncio, sys
from datetime import UTC, datetime
from bot.demo.organisation import records, slack_people
from bot.sandbox.server import Sandbox

async def main() -> None:
    box = Sandbox(slack_people(records().people), [], now=datetime(2017, 10, 2, 13, tzinfo=UTC))
    await box.start()
    print(box.api_url, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture(autouse=True)
def a_clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine's, and a database file of the test's own."""
    for name in os.environ:
        if name.startswith((PREFIX, "SLACK_")) and name != "CADENCE_TEST_DATABASES":
            monkeypatch.delenv(name)
    monkeypatch.setenv("CADENCE_DATABASE_URL", f"sqlite:///{tmp_path / 'cadence.sqlite3'}")
    monkeypatch.delenv("CADENCE_TEST_DATABASES", raising=False)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run a command in this process; returns the exit code, what it printed and what it complained of."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    assert isinstance(ended.value.code, int)
    return ended.value.code, out, err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, capsys) -> None:
    code, out, err = said(capsys, *command.split(), "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"usage: cadence {command}")


def test_the_help_lists_every_command(capsys) -> None:
    _, out, _ = said(capsys, "--help")
    assert all(f"    {command.split()[0]} " in out for command in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("", "required: COMMAND"),
        ("dance", "invalid choice: 'dance'"),
        ("demo --headless --weeks 0", "argument --weeks: must be 1 or more"),
        ("demo --headless --weeks two", "argument --weeks: 'two' isn't a whole number"),
        ("demo --now yesterday", "argument --now: 'yesterday' isn't an instant like 2017-10-02T09:00+02:00"),
        ("demo --port 70000", "argument --port: must be 0 (any free one) to 65535"),
        ("demo --seed x", "argument --seed: 'x' isn't a whole number"),
        ("run --speed fast", "argument --speed: 'fast' isn't a number"),
        ("import", "the following arguments are required: DIR"),
        ("explain --data .", "the following arguments are required: --as-of"),
        ("explain --data . --as-of 2017-02-30", "argument --as-of: '2017-02-30' isn't a day like 2017-10-02"),
        ("playbook", "the following arguments are required"),
        ("manifest --http http://bot.example.com", "argument --http: Slack must reach it"),
    ],
)
def test_a_command_that_cant_be_read_is_refused_with_2(arguments, complaint, capsys) -> None:
    code, out, err = said(capsys, *arguments.split())
    assert (code, out) == (2, "")
    assert complaint in err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("import nowhere", "nowhere isn't a folder: name the one that holds people.csv, deals.csv"),
        ("explain --data nowhere --as-of 2017-10-01", "nowhere"),
        ("playbook check nowhere.toml", "nowhere.toml"),
        ("demo --headless --transcript nowhere/x.jsonl", "No such file or directory: nowhere/x.jsonl"),
    ],
)
def test_what_isnt_there_is_said_with_1(arguments, complaint, capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = said(capsys, *arguments.split())
    assert (code, out) == (1, "")
    assert complaint in err


def test_a_broken_folder_is_refused_whole_with_every_row(capsys, tmp_path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "people.csv").write_text("email,name,manager_email\nmia@example.com,Mia,\nrob@example.com,Rob,bob\n")
    (folder / "deals.csv").write_text(
        "id,owner_email,name,status,stage,start,close,amount\n1,rob@example.com,A,won,,soon,,\n"
    )
    (folder / "goals.csv").write_text("rep_email,period_start,period_end,amount\n")
    code, out, err = said(capsys, "import", str(folder))
    assert (code, out) == (1, "")
    assert "people.csv" in err
    assert "deals.csv" in err
    assert "soon" in err
    assert not (tmp_path / "cadence.sqlite3").exists(), "nothing half-happens"


def test_a_playbook_with_a_circle_or_a_loose_end_fails_with_words(capsys, tmp_path) -> None:
    file = tmp_path / "playbook.toml"
    for good, bad, complaint in (
        ('needs = ["Discovery questions"]', 'needs = ["Planning back from the decision"]', "circle"),
        ('needs = ["Discovery questions"]', 'needs = ["Divining"]', "Divining"),
    ):
        file.write_text(DEFAULT.read_text().replace(good, bad))
        code, out, err = said(capsys, "playbook", "check", str(file))
        assert (code, err) == (1, "")
        assert complaint in out


def test_the_playbook_that_comes_with_cadence_holds_together(capsys) -> None:
    assert said(capsys, "playbook", "check") == (0, "The playbook holds together: nothing hangs loose.\n", "")


def test_explain_prints_the_one_rep_asked_for(capsys) -> None:
    arguments = ("explain", "--data", str(DATA), "--as-of", "2017-10-01", "--rep", "anna snelling")
    code, out, err = said(capsys, *arguments)
    assert (code, err) == (0, "")
    assert out.startswith("Anna Snelling")
    code, out, _ = said(capsys, *arguments, "--json")
    assert code == 0
    assert "Anna Snelling" in json.loads(out)["reps"]


def test_explain_suggests_whom_a_name_may_mean(capsys) -> None:
    code, out, err = said(capsys, "explain", "--data", str(DATA), "--as-of", "2017-10-01", "--rep", "Ana Snelling")
    assert (code, out) == (1, "")
    assert "did you mean Anna Snelling" in err


def test_explain_goes_by_the_playbook_in_use(capsys, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("CADENCE_PLAYBOOK", str(tmp_path / "ours.toml"))
    code, out, err = said(capsys, "explain", "--data", str(DATA), "--as-of", "2017-10-01")
    assert (code, out) == (1, "")
    assert "ours.toml" in err


def test_a_reader_that_has_seen_enough_is_no_fault() -> None:
    command = [sys.executable, "-m", "bot", "explain", "--data", str(DATA), "--as-of", "2017-10-01"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as explaining:  # noqa: S603
        assert explaining.stdout is not None
        assert explaining.stderr is not None
        explaining.stdout.read(10)
        explaining.stdout.close()
        assert explaining.stderr.read() == b""
        assert explaining.wait(timeout=60) == 0


def test_migrating_twice_is_as_good_as_once(capsys) -> None:
    for _ in range(2):
        assert said(capsys, "migrate") == (0, "The database is up to date.\n", "")


def test_a_database_that_cant_be_reached_is_said_without_its_password(capsys, monkeypatch) -> None:
    monkeypatch.setenv("CADENCE_DATABASE_URL", "postgresql://bot:hunter2@127.0.0.1:1/cadence")
    code, out, err = said(capsys, "migrate")
    assert (code, out) == (1, "")
    assert "check CADENCE_DATABASE_URL" in err
    assert "hunter2" not in err


def test_the_converted_public_set_is_imported_and_counted(capsys, tmp_path) -> None:
    folder = write_folder(maven.read(DATA), tmp_path / "data")
    for _ in range(2):
        code, out, err = said(capsys, "import", str(folder))
        assert (code, err) == (0, "")
        assert out.startswith("Imported 41 people, 8800 deals, ")


def test_an_import_for_which_the_disk_has_no_room_says_so_and_leaves_nothing(capsys, tmp_path) -> None:
    folder = str(write_folder(maven.read(DATA), tmp_path / "data"))
    said(capsys, "migrate")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        code, out, err = said(capsys, "import", folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (code, out) == (1, "")
    assert err.startswith("The database can't be read or written (disk I/O error): is its disk full")
    assert len(err.splitlines()) == 1
    assert said(capsys, "whose", "~00000000") == (1, "Nobody whom the database knows.\n", "")


def test_a_database_that_another_process_holds_or_that_may_only_be_read_says_what_helps(
    capsys, tmp_path, monkeypatch
) -> None:
    said(capsys, "migrate")
    monkeypatch.setattr(engine, "BUSY_MS", 50)
    with closing(sqlite3.connect(tmp_path / "cadence.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert said(capsys, "migrate") == (
            1,
            "",
            "The database is held by another process (database is locked): end that one, then try again.\n",
        )
    monkeypatch.setenv("CADENCE_DATABASE_URL", f"sqlite:///file:{tmp_path / 'cadence.sqlite3'}?mode=ro&uri=true")
    code, out, err = said(capsys, "restore")
    assert (code, out) == (1, "")
    assert err.startswith(
        "The database may only be read (attempt to write a readonly database): let whoever runs Cadence"
    )


def test_a_fault_of_ours_is_told_by_its_place_and_not_by_its_words(capsys, tmp_path, monkeypatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise LookupError("Zyqqil Foundry")

    monkeypatch.setattr(csv_files, "read_folder", broken)
    code, out, err = said(capsys, "import", str(tmp_path))
    assert (code, out) == (1, "")
    assert "process.broke exception=LookupError trace=" in err
    assert "Zyqqil" not in err


def test_a_mark_of_the_log_leads_back_to_its_person(capsys, tmp_path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "people.csv").write_text("email,name,manager_email\nmia@example.com,Mia Moon,\n")
    (folder / "deals.csv").write_text("id,owner_email,name,status,stage,start,close,amount\n")
    (folder / "goals.csv").write_text("rep_email,period_start,period_end,amount\n")
    said(capsys, "import", str(folder))
    assert said(capsys, "whose", logs.mark("mia@example.com")) == (0, "Mia Moon <mia@example.com>\n", "")
    assert said(capsys, "whose", "~00000000") == (1, "Nobody whom the database knows.\n", "")


def test_a_backup_is_made_and_put_back_and_the_bot_knows_of_it(capsys, tmp_path) -> None:
    said(capsys, "migrate")
    copy = str(tmp_path / "copy.sqlite3")
    assert "All that was committed" in said(capsys, "backup", copy)[1]
    assert said(capsys, "backup", copy)[0] == 1
    code, out, err = said(capsys, "restore", copy)
    assert (code, err) == (0, "")
    assert "is the database now. What was there before is" in out
    assert "Now start the bot." in out
    code, out, _ = said(capsys, "restore")
    assert (code, "is the database now" in out) == (0, False)


def test_a_backup_of_a_newer_version_is_refused_before_it_takes_the_place(capsys, tmp_path) -> None:
    said(capsys, "migrate")
    copy = tmp_path / "copy.sqlite3"
    said(capsys, "backup", str(copy))
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    code, out, err = said(capsys, "restore", str(copy))
    assert (code, out) == (1, "")
    assert "Nothing was changed. The database was migrated by a newer Cadence: install that version" in err
    assert sorted(file.name for file in tmp_path.iterdir()) == ["cadence.sqlite3", "copy.sqlite3"]
    assert said(capsys, "migrate")[0] == 0


def test_the_manifest_is_printed_as_json_for_both_ways_in(capsys) -> None:
    code, out, _ = said(capsys, "manifest")
    assert code == 0
    assert '"socket_mode_enabled": true' in out
    code, out, _ = said(capsys, "manifest", "--http", "https://bot.example.com/slack/events")
    assert code == 0
    assert "https://bot.example.com/slack/events" in out


def test_running_names_every_problem_at_once_and_no_secret(capsys, monkeypatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xapp-secret-in-the-wrong-place")
    monkeypatch.setenv("CADENCE_PORT", "secret-port")
    monkeypatch.setenv("CADENCE_PLAYBOK", "x")
    code, out, err = said(capsys, "run")
    assert (code, out) == (1, "")
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "CADENCE_PORT", "CADENCE_PLAYBOK"):
        assert name in err
    assert "secret" not in err


@pytest.mark.parametrize("moved", [("--now", "2017-10-02T09:00"), ("--speed", "60")])
def test_the_clock_isnt_moved_for_real_people(moved, capsys, monkeypatch, tmp_path) -> None:
    for name, value in TOKENS.items():
        monkeypatch.setenv(name, value)
    code, out, err = said(capsys, "run", *moved)
    assert (code, out) == (1, "")
    assert "set SLACK_API_URL to an address on loopback" in err
    assert not (tmp_path / "cadence.sqlite3").exists()


@pytest.fixture(scope="module")
def slack() -> Iterator[str]:
    """The address of a sandbox in a process of its own."""
    with a_process(["-c", SANDBOX], stdout=subprocess.PIPE) as sandbox:
        assert sandbox.stdout is not None
        yield sandbox.stdout.readline().strip()


@contextmanager
def a_process(arguments: list[str], **options) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, *arguments], text=True, **options)  # noqa: S603 - our own program
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_wrong_token_stops_the_start_with_what_to_do(slack, capsys, monkeypatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", slack)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-sandbox")
    code, _, err = said(capsys, "run")
    assert code == 1
    assert "Slack answered invalid_auth. Check the tokens" in err
    assert "xoxb-wrong" not in err


def test_a_wrong_app_token_stops_the_start_with_what_to_do(slack, capsys, monkeypatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", slack)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-sandbox")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-wrong")
    monkeypatch.setenv("CADENCE_HEALTH_PORT", "0")
    code, _, err = said(capsys, "run")
    assert code == 1
    assert "Slack refused SLACK_APP_TOKEN (invalid_auth)" in err


def test_a_key_that_isnt_one_stops_the_start_in_one_line(capsys, monkeypatch) -> None:
    for name, value in {**TOKENS, "CADENCE_SECRET_KEYS": "hunter2"}.items():
        monkeypatch.setenv(name, value)
    code, out, err = said(capsys, "run")
    gc.collect()  # what was left open would be told now
    err += capsys.readouterr().err
    assert (code, out) == (1, "")
    assert err.splitlines() == ["CADENCE_SECRET_KEYS has a key that isn't one: `cadence keys new` prints one."]


@pytest.mark.parametrize(("transport", "setting"), [("socket", "CADENCE_HEALTH_PORT"), ("http", "CADENCE_PORT")])
def test_a_port_that_is_taken_stops_the_start_with_what_to_do(transport, setting, slack, capsys, monkeypatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        given = {
            "SLACK_API_URL": slack,
            "SLACK_SIGNING_SECRET": "secret",
            "CADENCE_TRANSPORT": transport,
            "CADENCE_HEALTH_PORT": "0",
            setting: str(port),
        }
        for name, value in {**TOKENS, **given}.items():
            monkeypatch.setenv(name, value)
        code, _, err = said(capsys, "run")
    assert code == 1
    host = setting.replace("PORT", "HOST")
    assert f"on 127.0.0.1, port {port} (Address already in use): choose others with {host} and {setting}, or" in err


def test_after_an_import_the_doctor_is_content_and_its_exit_code_says_so(slack, capsys, monkeypatch, tmp_path) -> None:
    for name, value in {**TOKENS, "SLACK_API_URL": slack}.items():
        monkeypatch.setenv(name, value)
    code, out, _ = said(capsys, "doctor")
    assert code == 1
    assert "FIX  database: is new or not up to date: run cadence migrate" in out
    known = maven.read(DATA)
    said(capsys, "import", str(write_folder(known, tmp_path / "data")))
    code, out, _ = said(capsys, "doctor")
    assert (code, "FIX  people: nobody is an admin" in out) == (1, True)
    monkeypatch.setenv("CADENCE_ADMINS", known.people[0].email)
    code, out, err = said(capsys, "doctor")
    assert (code, err) == (0, "")
    assert out.count("ok  ") == 7
    assert "all 41 are found in Slack" in out


def test_a_running_bot_says_that_it_is_well_and_drains_when_told_to_stop(slack, tmp_path) -> None:
    port = a_free_port()
    environment = {
        **os.environ,
        **TOKENS,
        "SLACK_API_URL": slack,
        "CADENCE_HEALTH_PORT": str(port),
        "CADENCE_DATABASE_URL": f"sqlite:///{tmp_path / 'run.sqlite3'}",
    }
    arguments = ["-m", "bot", "run", "--now", "2017-10-02T07:00", "--speed", "60"]
    with a_process(arguments, env=environment, stderr=subprocess.PIPE) as bot:
        assert until_well(port, bot)
        bot.send_signal(signal.SIGTERM)
        _, log = bot.communicate(timeout=20)
    assert bot.returncode == 0, log
    assert log.index("runner.draining") < log.index("runner.stopped")
    assert "hangs" not in log
    assert "Traceback" not in log


def test_a_start_that_waits_for_slack_ends_when_told_to_stop(tmp_path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        silent.settimeout(60)
        environment = {
            **os.environ,
            **TOKENS,
            "SLACK_API_URL": f"http://127.0.0.1:{silent.getsockname()[1]}/api/",
            "CADENCE_HEALTH_PORT": "0",
            "CADENCE_DATABASE_URL": f"sqlite:///{tmp_path / 'run.sqlite3'}",
        }
        with a_process(["-m", "bot", "run"], env=environment, stderr=subprocess.PIPE) as bot:
            line, _ = silent.accept()
            with line:
                bot.send_signal(signal.SIGTERM)
                _, log = bot.communicate(timeout=20)  # Slack is waited for longer
    assert bot.returncode == 0, log
    assert "runner.stopped" in log
    assert len(log.splitlines()) == 1


def until_well(port: int, bot: subprocess.Popen[str], *, within: float = 60) -> bool:
    """Ask for the health until it is good; False when the process ended or time is up."""
    end = time.monotonic() + within
    while time.monotonic() < end and bot.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
                line.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                if line.recv(100).startswith(b"HTTP/1.0 200"):
                    return True
        except OSError:
            pass
        time.sleep(0.1)
    return False


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
