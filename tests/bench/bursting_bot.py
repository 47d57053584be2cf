"""The bot as ``cadence run`` runs it, in a process of its own, whose address of Slack and database come in by name."""

from __future__ import annotations

import asyncio
import logging
import os
import sys

from bot.app import open_bot
from bot.clock import SystemClock
from bot.config import load
from scheduler.runner import stopped_by_signals


async def main(crowd: int) -> None:
    """Run until SIGTERM; from ``crowd`` clicks under way on, what comes next is written down first."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that outlasts a second is no news here
    bot = await open_bot(load(os.environ, need_slack=True), SystemClock())
    bot.cases.receipts.crowd = crowd
    async with stopped_by_signals() as stop:
        await bot.runner().run_until(stop)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
