"""The home tab of each person: shown when it is opened, and anew when something on it changed."""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.coaching.records import Person, PersonId
from bot.services import access
from bot.services.budget import week_of
from bot.services.home_pages import admin_page, rep_page, team_page
from bot.services.office import Office
from bot.services.ports import Outgoing, Surface, Transaction
from bot.views import home as view
from bot.views import quiet
from bot.views.blocks import context
from bot.views.languages import language_of
from bot.views.message import Message
from bot.views.speaking import speaking

log = logging.getLogger(__name__)


class Home:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def show(self, user: str) -> None:
        """Publish the person's home tab anew, through the outbox like everything else."""
        async with self._office.store.transaction() as tx:
            await self._publish(tx, await access.known(tx, user))

    async def show_again(self, tx: Transaction, *people: Person) -> None:
        """Let those who have opened their tab before see it anew soon; of several changes at once it is once."""
        await tx.homes.mark(*(person.id for person in people), at=self._office.clock.now())

    async def publish_changed(self) -> int:
        """Publish the tabs on which something changed; returns how many. Safe in two processes at once."""
        done = 0
        while True:
            taken: list[PersonId] = []
            try:
                async with self._office.store.transaction() as tx:
                    if not await self._publish_one(tx, taken):
                        return done
            except Exception:
                if not taken:
                    raise
                # The tab stays as it was until its next change or opening, and holds up nobody else's.
                log.exception("home.failed", extra={"person": taken[0]})
                async with self._office.store.transaction() as tx:
                    await tx.homes.forget(taken[0])
            done += 1

    async def _publish_one(self, tx: Transaction, taken: list[PersonId]) -> bool:
        person_id = await tx.homes.take()
        if person_id is None:
            return False
        taken.append(person_id)
        person = await tx.people.get(person_id)
        if person is not None and person.active:
            await self._publish(tx, person)
        return True

    async def _publish(self, tx: Transaction, asker: Person) -> None:
        with speaking(language_of(asker.locale)):
            content = await self._content(tx, asker)
        await tx.outbox.put(
            Outgoing(
                key=f"home:{asker.id}",
                to=asker.id,
                kind="home",
                message=content.for_reader(asker),
                due_at=self._office.clock.now(),
                urgent=True,
                surface=Surface.HOME,
            ),
        )

    async def _content(self, tx: Transaction, asker: Person) -> Message:
        reports = await tx.people.reports_of(asker.id)
        content = view.home(
            rep=await rep_page(tx, self._office, asker) if asker.manager_id is not None else None,
            team=await team_page(tx, self._office, asker, reports) if reports else None,
            admin=await admin_page(tx, self._office, asker) if asker.is_admin else None,
        )
        week = await week_of(self._office, tx, asker, self._office.clock.now())
        return replace(content, blocks=[*content.blocks, context(quiet.said(week.used, week.most))])
