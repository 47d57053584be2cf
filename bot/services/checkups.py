"""Lets an admin have the installation looked over from Slack: asked for here, done beside everything else."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

from bot.coaching.said import say
from bot.services import access
from bot.services.first_day import FirstDay
from bot.services.home import Home
from bot.services.office import Office, new_id
from bot.services.ports import Transaction
from bot.services.ports.checkups import Checkup, Examiner, Finding
from bot.services.posting import AWAITED, tell
from bot.views import doctor as view
from bot.views.message import Message
from bot.views.speaking import said_to

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
"""How old what the home tab shows may become before it is looked at anew by itself."""

PATIENCE_SECONDS = 120
"""Longer than users of the largest workspaces take to list; what answers no more is a finding itself."""


class Checkups:
    def __init__(self, office: Office, examine: Examiner, home: Home, first_day: FirstDay) -> None:
        self._office = office
        self._examine = examine
        self._home = home
        self._first_day = first_day

    async def ask_by_word(self, user: str) -> Message:
        """Note that an admin wants a look; the outcome comes as a message. Raises NotAllowedError for anybody else."""
        async with self._office.store.transaction() as tx:
            admin = await access.admin(tx, user)
            if not any(one.asked_by == admin.id for one in await tx.checkups.waiting()):
                key = f"{admin.id}:{new_id('')}"
                await tx.checkups.ask(Checkup(key, self._office.clock.now(), admin.id))
        return view.looking()

    async def ask_by_button(self, user: str) -> None:
        """Note that an admin wants a look; the outcome comes to where the button is. Raises as ``ask_by_word``."""
        async with self._office.store.transaction() as tx:
            await access.admin(tx, user)
            if not await tx.checkups.waiting():
                await tx.checkups.ask(Checkup(new_id("b"), self._office.clock.now()))

    async def look(self) -> bool:
        """Look if somebody asked, or if it is time again; whether anything was done.

        Safe at any time and by replicas at the same moment: each outcome is kept and told once.
        """
        async with self._office.store.transaction() as tx:
            await self._ask_daily(tx)
            waiting = await tx.checkups.waiting()
        if not waiting:
            return False
        findings = await self._found()
        async with self._office.store.transaction() as tx:
            for one in waiting:
                await self._finish(tx, replace(one, findings=findings, done_at=self._office.clock.now()))
            await self._home.show_again(tx, *await access.admins(tx))
            await self._first_day.renew(tx)
        return True

    async def _ask_daily(self, tx: Transaction) -> None:
        """Where an installation goes by the first day's message or later, each day one look comes by itself."""
        if (await tx.invitations.reach()).version == 0:
            return
        now, latest = self._office.clock.now(), await tx.checkups.latest()
        if latest is None or latest.done_at is None or now - latest.done_at >= EVERY:
            await tx.checkups.ask(Checkup(f"day:{now.date().isoformat()}", now))

    async def _found(self) -> tuple[Finding, ...]:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._examine()
        except TimeoutError:
            late = say(
                "took longer than {n} seconds: something connected doesn't answer. Try again", n=PATIENCE_SECONDS
            )
            return (Finding(say("checks"), good=False, sentence=late),)

    async def _finish(self, tx: Transaction, done: Checkup) -> None:
        if not await tx.checkups.finish(done):
            return
        log.info("checkup.done", extra={"count": len(done.findings), "bad": sum(not one.good for one in done.findings)})
        if done.asked_by is None or done.done_at is None:
            return
        admin = await tx.people.get(done.asked_by)
        if admin is not None:
            shown = said_to(admin, view.found, done.findings, done.done_at, admin.timezone)
            key, until = f"checkup:{done.key}", done.done_at + AWAITED
            await tell(tx, admin, "checkup", key, shown, done.done_at, urgent=True, awaited_until=until)
