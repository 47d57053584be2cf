"""The round of the whole installation: settings, playbook, database, Slack, people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot import playbook_file
from bot.coaching.said import say
from bot.config import Settings, load
from bot.doctor.calendar import calendar
from bot.doctor.database import database
from bot.doctor.messages import messages
from bot.doctor.secrecy import without_secrets
from bot.doctor.slack import slack
from bot.doctor.sources import sources
from bot.errors import CadenceError, ConfigurationError
from bot.services.ports.checkups import Finding


async def examine(environment: Mapping[str, str]) -> tuple[Finding, ...]:
    """Check settings, playbook, database, Slack and people, in this order, as far as the settings allow."""
    try:
        settings = load(environment, need_slack=True)
    except ConfigurationError as error:
        return (Finding(say("settings"), good=False, sentence=str(error)), *await _without_slack(environment))
    return await examine_running(settings)


async def examine_running(settings: Settings) -> tuple[Finding, ...]:
    """Check the same with settings that are complete, as a running bot's are; no finding holds a secret."""
    findings = [Finding(say("settings"), good=True, sentence=say("complete")), *_playbook(settings.playbook_path)]
    stored = await database(settings)
    findings.append(stored)
    findings += [*await sources(settings), *await calendar(settings)] if stored.good else []
    findings += await messages(settings) if stored.good else ()
    findings += await slack(settings, with_people=stored.good)
    return without_secrets(findings, settings)


async def _without_slack(environment: Mapping[str, str]) -> tuple[Finding, ...]:
    try:
        settings = load(environment, need_slack=False)
    except ConfigurationError:
        return ()
    stored = await database(settings)
    connected = [*await sources(settings), *await calendar(settings)] if stored.good else []
    return without_secrets((*_playbook(settings.playbook_path), stored, *connected), settings)


def _playbook(path: Path | None) -> tuple[Finding, ...]:
    try:
        loose = playbook_file.check_file(path)
    except CadenceError as error:
        return (Finding(say("playbook"), good=False, sentence=str(error)),)
    if not loose:
        return (Finding(say("playbook"), good=True, sentence=say("nothing hangs loose")),)
    return tuple(Finding(say("playbook"), good=False, sentence=line) for line in loose)
