"""Looks over an installation; each finding says what is the matter and what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from bot import playbook_file
from bot.config import Settings, load
from bot.errors import CadenceError, ConfigurationError
from bot.manifest import SCOPES
from bot.slack import directory
from bot.slack.client import open_session, web_client
from bot.slack.errors import FAILURES, failure
from bot.storage import migrate
from bot.storage.engine import connect


@dataclass(frozen=True, slots=True)
class Finding:
    about: str
    good: bool
    sentence: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.good else 'FIX '} {self.about}: {self.sentence}"


async def examine(environment: Mapping[str, str]) -> tuple[Finding, ...]:
    """Check settings, playbook, database, Slack and people, in this order; stops early only without settings."""
    try:
        settings = load(environment, need_slack=True)
    except ConfigurationError as error:
        return (Finding("settings", good=False, sentence=str(error)), *_playbook(None))
    findings = [Finding("settings", good=True, sentence="complete"), *_playbook(settings.playbook_path)]
    database = await _database(settings)
    findings.append(database)
    findings += await _slack(settings, with_people=database.good)
    return tuple(findings)


def _playbook(path: Path | None) -> tuple[Finding, ...]:
    try:
        loose = playbook_file.check_file(path)
    except CadenceError as error:
        return (Finding("playbook", good=False, sentence=str(error)),)
    if not loose:
        return (Finding("playbook", good=True, sentence="nothing hangs loose"),)
    return tuple(Finding("playbook", good=False, sentence=line) for line in loose)


async def _database(settings: Settings) -> Finding:
    try:
        await asyncio.to_thread(migrate.check, settings.database_url)
    except CadenceError as error:
        return Finding("database", good=False, sentence=str(error))
    except CommandError as error:
        return Finding("database", good=False, sentence=f"not up to date ({error}): run cadence migrate")
    except SQLAlchemyError as error:
        reason = str(error.__cause__ or error).splitlines()[0]
        return Finding(
            "database",
            good=False,
            sentence=f"can't be used ({reason}): check CADENCE_DATABASE_URL, then run cadence migrate",
        )
    return Finding("database", good=True, sentence="reachable and up to date")


async def _slack(settings: Settings, *, with_people: bool) -> list[Finding]:
    async with open_session() as session:
        client = web_client(settings.bot_token(), settings.slack_api_url, session)
        try:
            answer = await client.auth_test()
        except FAILURES as error:
            return [
                Finding(
                    "Slack",
                    good=False,
                    sentence=f"refused or not reached ({failure(error).code}): check SLACK_BOT_TOKEN and SLACK_API_URL",
                ),
            ]
        granted = set(str(answer.headers.get("x-oauth-scopes", "")).replace(" ", "").split(","))
        missing = sorted(set(SCOPES) - granted)
        scopes = (
            Finding("Slack", good=True, sentence=f"connected to {answer.get('team')} with all scopes")
            if not missing
            else Finding(
                "Slack",
                good=False,
                sentence=f"scopes are missing: {', '.join(missing)}. Update the app from `cadence manifest` "
                "and install it to the workspace again",
            )
        )
        if not with_people or missing:
            return [scopes]
        users = [user async for user in directory.users(client)]
    return [scopes, await _people(settings, users)]


async def _people(settings: Settings, users: list[directory.SlackUser]) -> Finding:
    database = connect(settings.database_url)
    try:
        async with database.transaction() as tx:
            people = tuple(person for person in await tx.people.all() if person.active)
    finally:
        await database.dispose()
    if not people:
        return Finding("people", good=False, sentence="nobody is imported yet: run cadence import DIR")
    _, unmatched = directory.match(people, users)
    if unmatched:
        names = ", ".join(f"{person.name} <{person.email}>" for person in unmatched[:20])
        return Finding(
            "people",
            good=False,
            sentence=f"{len(unmatched)} of {len(people)} have no Slack account with the same e-mail address: {names}. "
            "Correct the address in people.csv and import again, or invite them to Slack",
        )
    return Finding("people", good=True, sentence=f"all {len(people)} are found in Slack")
