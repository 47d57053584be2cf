"""Whatever is the matter with an installation, the doctor finds it and says what to do."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from world import ACCOUNTS, PEOPLE, REP, START, some_records

from bot.clock import SystemClock
from bot.doctor import examine
from bot.playbook_file import DEFAULT
from bot.sandbox.faults import refused
from bot.sandbox.people import SandboxPerson
from bot.sandbox.server import Sandbox
from bot.services.ports import Outgoing, SlackAccount
from bot.services.ports.checkups import Finding
from bot.slack.manifest import COMMANDS
from bot.storage import migrate
from bot.storage.engine import connect
from bot.views.message import Message

ABOUT = ["settings", "playbook", "database", "Slack", "clocks", "Slack socket", "people"]


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    people = [SandboxPerson(user, person.name, person.email, person.timezone) for user, person in ACCOUNTS.items()]
    sandbox = Sandbox(people, [command for command, *_ in COMMANDS], now=START, speed=0)
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


def an_environment(slack: Sandbox, database_url: str, **changes: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": "xoxb-sandbox",
        "SLACK_APP_TOKEN": "xapp-sandbox",
        "SLACK_API_URL": slack.api_url,
        "CADENCE_DATABASE_URL": database_url,
        "CADENCE_ADMINS": "nina@example.com",
        **changes,
    }


async def imported(url: str, **changes: object) -> None:
    database = connect(url)
    async with database.transaction() as tx:
        await tx.facts.upsert(some_records(**changes))
    await database.dispose()


def wrong(findings: tuple[Finding, ...]) -> dict[str, str]:
    return {finding.about: finding.sentence for finding in findings if not finding.good}


async def test_a_healthy_installation_has_nothing_to_fix(slack, database_url) -> None:
    await imported(database_url)
    findings = await examine(an_environment(slack, database_url))
    assert [finding.about for finding in findings] == ABOUT
    assert wrong(findings) == {}
    assert [str(finding)[:4] for finding in findings] == ["ok  "] * 7
    assert "all 4 are found in Slack" in str(findings[-1])


async def test_settings_are_named_all_at_once_and_the_rest_is_still_looked_at(sqlite_url) -> None:
    findings = await examine({"SLACK_BOT_TOKEN": "hunter2", "CADENCE_DATABASE_URL": sqlite_url})
    assert [finding.about for finding in findings] == ABOUT[:3]
    (settings,) = wrong(findings).values()
    assert "SLACK_BOT_TOKEN" in settings
    assert "SLACK_APP_TOKEN" in settings
    assert "hunter2" not in "".join(map(str, findings))


async def test_with_a_setting_that_cant_be_read_only_that_is_said() -> None:
    (only,) = await examine({"CADENCE_PORT": "x", "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"})
    assert str(only).startswith("FIX  settings: These settings can't be used:\n  CADENCE_PORT")


async def test_every_loose_end_of_the_playbook_is_a_finding(slack, sqlite_url, tmp_path: Path) -> None:
    await imported(sqlite_url)
    findings = await examine(an_environment(slack, sqlite_url, CADENCE_PLAYBOOK=str(tmp_path / "none.toml")))
    assert list(wrong(findings)) == ["playbook"]
    assert "none.toml" in wrong(findings)["playbook"]


async def test_an_empty_database_wants_a_migration(slack, tmp_path: Path) -> None:
    findings = await examine(an_environment(slack, f"sqlite:///{tmp_path / 'new.sqlite3'}"))
    assert wrong(findings) == {
        "database": "is new or not up to date: run cadence migrate, as cadence run does by itself"
    }
    assert [finding.about for finding in findings] == ["settings", "playbook", "database", "Slack", "Slack socket"]


@pytest.mark.parametrize(("seconds", "sentence"), [(70, "70 seconds behind"), (-70, "70 seconds ahead"), (50, None)])
async def test_clocks_that_are_more_than_a_minute_apart_are_named(
    slack, postgresql_url, monkeypatch, seconds: int, sentence: str | None
) -> None:
    """The machine's clock is moved, so that Slack's and the database's both differ from it."""
    await imported(postgresql_url)
    real = SystemClock.now
    monkeypatch.setattr(SystemClock, "now", lambda clock: real(clock) + timedelta(seconds=seconds))
    said = wrong(await examine(an_environment(slack, postgresql_url)))
    if sentence is None:
        assert said == {}
    else:
        assert re.sub(r"\b[67]\d\b", "70", said["clocks"]).count(sentence) == 2
        assert "the database's" in said["clocks"]
        assert "Slack's" in said["clocks"]


async def test_an_old_schema_wants_a_migration(slack, sqlite_url) -> None:
    migrate.downgrade(sqlite_url, "base")
    assert wrong(await examine(an_environment(slack, sqlite_url))) == {
        "database": "is new or not up to date: run cadence migrate, as cadence run does by itself"
    }


@pytest.mark.parametrize(
    ("statement", "remedy"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "migrated by a newer Cadence: install that version"),
        ("ALTER TABLE person ADD COLUMN shoe_size INTEGER", "changed its tables. Restore it from a backup"),
    ],
)
async def test_a_database_that_isnt_ours_any_more_is_told_apart(statement, remedy, slack, sqlite_url) -> None:
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as connection:
        connection.execute(statement)
    connection.close()
    assert remedy in wrong(await examine(an_environment(slack, sqlite_url)))["database"]


async def test_a_database_that_is_away_is_said_without_its_password(slack) -> None:
    findings = await examine(an_environment(slack, "postgresql://bot:hunter2@127.0.0.1:1/cadence"))
    assert "check CADENCE_DATABASE_URL, then run cadence migrate" in wrong(findings)["database"]
    assert "hunter2" not in "".join(map(str, findings))


async def test_a_wrong_bot_token_is_told_from_a_wrong_app_token(slack, sqlite_url) -> None:
    await imported(sqlite_url)
    for_bot, for_app = {"SLACK_BOT_TOKEN": "xoxb-wrong"}, {"SLACK_APP_TOKEN": "xapp-wrong"}
    bot = await examine(an_environment(slack, sqlite_url, **for_bot))
    assert list(wrong(bot)) == ["Slack"]
    assert "(invalid_auth): check SLACK_BOT_TOKEN" in wrong(bot)["Slack"]
    app = await examine(an_environment(slack, sqlite_url, **for_app))
    assert list(wrong(app)) == ["Slack socket"]
    assert "(invalid_auth): SLACK_APP_TOKEN must be an app-level token" in wrong(app)["Slack socket"]


async def test_slack_out_of_reach_is_said(slack, sqlite_url) -> None:
    findings = wrong(await examine(an_environment(slack, sqlite_url, SLACK_API_URL="http://127.0.0.1:1/api/")))
    assert "(no_connection): check SLACK_BOT_TOKEN and SLACK_API_URL" in findings["Slack"]


async def test_over_http_no_socket_is_asked_for(slack, sqlite_url) -> None:
    await imported(sqlite_url)
    over_http = {"CADENCE_TRANSPORT": "http", "SLACK_SIGNING_SECRET": "s", "SLACK_APP_TOKEN": ""}
    findings = await examine(an_environment(slack, sqlite_url, **over_http))
    assert "Slack socket" not in [finding.about for finding in findings]
    assert wrong(findings) == {}


async def test_missing_scopes_are_named(slack, sqlite_url) -> None:
    slack.core.scopes = tuple(scope for scope in slack.core.scopes if scope not in {"im:history", "users:read"})
    findings = wrong(await examine(an_environment(slack, sqlite_url)))
    assert findings["Slack"] == (
        "scopes are missing: im:history, users:read. Update the app from `cadence manifest` "
        "and install it to the workspace again"
    )


async def test_a_list_of_people_that_slack_keeps_back_is_said(slack, sqlite_url) -> None:
    await imported(sqlite_url)
    slack.faults.next("users.list", refused("org_login_required"))
    findings = wrong(await examine(an_environment(slack, sqlite_url)))
    assert findings["people"].startswith("Slack answered org_login_required. Check the tokens")


async def test_before_the_first_import_there_is_nobody(slack, sqlite_url) -> None:
    findings = wrong(await examine(an_environment(slack, sqlite_url)))
    assert findings == {"people": "nobody is imported yet: run cadence import DIR"}


async def test_people_without_a_match_are_named_with_what_to_do(slack, sqlite_url) -> None:
    lost = replace(PEOPLE[1], email="ruth@old.example")
    await imported(sqlite_url, people=(PEOPLE[0], lost, *PEOPLE[2:]))
    sentence = wrong(await examine(an_environment(slack, sqlite_url)))["people"]
    assert sentence.startswith("1 of 4 without a Slack account of the same e-mail address: Ruth Adler <ruth@old.exa")
    assert "Correct the address in people.csv and import again, invite them to Slack, or let an admin say" in sentence


async def test_whom_an_admin_gave_an_account_is_not_named(slack, sqlite_url) -> None:
    lost = replace(PEOPLE[1], email="ruth@old.example")
    await imported(sqlite_url, people=(PEOPLE[0], lost, *PEOPLE[2:]))
    database = connect(sqlite_url)
    async with database.transaction() as tx:
        await tx.people.link(SlackAccount(lost.id, REP))
    await database.dispose()
    assert "people" not in wrong(await examine(an_environment(slack, sqlite_url)))


async def test_of_many_without_a_match_twenty_are_named(slack, sqlite_url) -> None:
    strangers = tuple(
        replace(PEOPLE[1], id=f"stranger-{number}", name=f"Stranger {number}", email=f"s{number}@example.org")
        for number in range(23)
    )
    await imported(sqlite_url, people=(*PEOPLE, *strangers))
    sentence = wrong(await examine(an_environment(slack, sqlite_url)))["people"]
    assert sentence.startswith("23 of 27 without")
    assert " and 3 more. Correct" in sentence


async def test_messages_that_wait_or_were_given_up_are_counted_with_what_helps(slack, sqlite_url) -> None:
    await imported(sqlite_url)
    database = connect(sqlite_url)
    ruth = next(person.id for person in PEOPLE if person.name.startswith("Ruth"))
    now = SystemClock().now()
    async with database.transaction() as tx:
        await tx.people.link(SlackAccount(ruth, "U0002"))
        for number in range(3):
            await tx.outbox.put(Outgoing(f"fork:{number}", ruth, "fork", Message("Hi", []), now))
    waits, *lost = await database.deliveries.claim(now, 10, 60)
    await database.deliveries.retry_at(waits, 0, "token_revoked", sent_maybe=False)
    for one in lost:
        await database.deliveries.give_up(one, "not_enabled")
    await database.dispose()
    findings = await examine(an_environment(slack, sqlite_url))
    waiting, given_up = [finding.sentence for finding in findings if finding.about == "messages"]
    assert waiting.startswith("1 wait because Slack answered token_revoked. Check the tokens")
    assert given_up == "2 given up for not_enabled. Turn on the Home tab under App Home in the Slack app's settings."


async def test_without_an_admin_nobody_in_slack_would_be_shown_how_all_is(slack, sqlite_url) -> None:
    await imported(sqlite_url)
    findings = await examine(an_environment(slack, sqlite_url, CADENCE_ADMINS=""))
    assert "set CADENCE_ADMINS" in wrong(findings)["people"]


async def test_people_of_whom_none_has_a_manager_are_no_team_yet(slack, sqlite_url) -> None:
    await imported(sqlite_url, people=PEOPLE[:1], deals=(), goals=())
    assert "fill manager_email" in wrong(await examine(an_environment(slack, sqlite_url)))["people"]


async def test_whatever_goes_wrong_no_secret_is_said(slack, sqlite_url) -> None:
    secrets = {"SLACK_BOT_TOKEN": "xoxb-hunter2", "SLACK_APP_TOKEN": "xapp-hunter3"}
    slack.faults.next("auth.test", refused("xoxb-hunter2"))
    findings = await examine(an_environment(slack, sqlite_url, **secrets))
    assert "***" in wrong(findings)["Slack"]
    assert not re.search("hunter[23]", "".join(map(str, findings)))


async def test_no_secret_is_said_either_while_settings_are_missing(sqlite_url, tmp_path) -> None:
    playbook = tmp_path / "ours.toml"
    playbook.write_text(DEFAULT.read_text(encoding="utf-8").replace("outcome =", "hunter2 =", 1), encoding="utf-8")
    given = {"CADENCE_DATABASE_URL": sqlite_url, "CADENCE_PLAYBOOK": str(playbook), "CADENCE_SECRET_KEYS": "hunter2"}
    found = wrong(await examine(given))
    assert "'***' isn't a key" in found["playbook"]
    assert "SLACK_BOT_TOKEN" in found["settings"]
    assert "hunter2" not in "".join(found.values())
