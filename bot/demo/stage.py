"""Sets the stage: a local Slack with the demo organisation, and the real bot connected to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.app import Bot, open_bot
from bot.coaching.records import Records
from bot.config import Settings, load
from bot.demo import crm
from bot.demo.clock import FollowedClock
from bot.demo.organisation import ADMIN, records, slack_people
from bot.sandbox.people import SandboxPerson
from bot.sandbox.server import Sandbox
from bot.slack.manifest import COMMANDS
from bot.storage import migrate
from bot.vault import new_key

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-sandbox", "SLACK_APP_TOKEN": "xapp-sandbox"}


@dataclass(frozen=True, slots=True)
class Stage:
    sandbox: Sandbox
    bot: Bot
    clock: FollowedClock
    people: tuple[SandboxPerson, ...]


@asynccontextmanager
async def stage(
    folder: Path,
    start: datetime,
    *,
    speed: float,
    port: int = 0,
    facts: Records | None = None,
    source: str | None = None,
    **settings: Any,
) -> AsyncIterator[Stage]:
    """Open a sandbox and a bot with ``facts`` imported and matched: the demo organisation, unless others are given.

    The database lies in ``folder``. With a ``source`` the facts are in a local stand-in for it, which the bot reads;
    the demo organisation has an admin then.
    """
    if facts is None:
        facts = records()
        facts = replace(facts, people=(*facts.people, ADMIN)) if source else facts
    people = slack_people(facts.people)
    sandbox = Sandbox(people, [command for command, *_ in COMMANDS], now=start, speed=speed, port=port)
    await sandbox.start()
    try:
        chosen = demo_settings(folder, sandbox.api_url, **settings)
        migrate.upgrade(chosen.database_url)
        clock = FollowedClock(sandbox.url, start)
        bot = await open_bot(chosen, clock, paced=False, trust_slack_clock=False)
        try:
            await clock.sync()
            async with AsyncExitStack() as stack:
                if source is None:
                    async with bot.database.transaction() as tx:
                        await tx.facts.upsert(facts)
                else:
                    address = await stack.enter_async_context(crm.serving(facts, clock.now))
                    await crm.connect(bot, facts, address)
                await bot.match_people()
                yield Stage(sandbox, bot, clock, people)
        finally:
            await bot.close()
            await clock.close()
    finally:
        await sandbox.stop()


def demo_settings(folder: Path, api_url: str, **settings: Any) -> Settings:
    return load(
        {
            **TOKENS,
            "SLACK_API_URL": api_url,
            "CADENCE_DATABASE_URL": f"sqlite:///{folder / 'cadence.sqlite3'}",
            "CADENCE_COUNTRY": "US",
            "CADENCE_SECRET_KEYS": new_key(),
            **{f"CADENCE_{name.upper()}": str(value) for name, value in settings.items()},
        },
        need_slack=True,
    )
