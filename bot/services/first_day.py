"""Guides the admins from a fresh installation to the first 1:1s, in one message that follows what they do."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from bot.coaching.records import Person, PersonId, Records
from bot.services import access
from bot.services.data_age import title_of
from bot.services.office import Office, new_id
from bot.services.ports import Transaction
from bot.services.ports.invitations import InvitationState, Reach
from bot.services.posting import AWAITED, tell
from bot.views import first_day as view
from bot.views.message import Message
from bot.views.speaking import said_to

log = logging.getLogger(__name__)

KEY = "first_day"


class FirstDay:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def open(self) -> None:
        """Prepare a start of the bot: named admins are there, and a fresh installation begins by manager.

        Where 1:1s were planned before it goes on with everybody.
        """
        async with self._office.store.transaction() as tx:
            await self._name_admins(tx)
            was = await tx.invitations.reach()
            if was.version == 0 and not await tx.meetings.exist():
                await tx.invitations.widen(Reach(everybody=False), was=was)

    async def greet(self) -> None:
        """Show every admin how far the installation is; log where there is no admin to show it to."""
        async with self._office.store.transaction() as tx:
            await self.renew(tx)
            if not await access.admins(tx):
                log.warning("first_day.no_admin")

    async def again(self, user: str) -> Message:
        """Return what the message says now, for the admin who asks. Raises NotAllowedError for anybody else."""
        async with self._office.store.transaction() as tx:
            return view.first_day(await self._page(tx, await access.admin(tx, user)))

    async def ways(self, user: str) -> dict[str, Any]:
        """Return the modal that says how each source is connected. Raises NotAllowedError for who is no admin."""
        async with self._office.store.transaction() as tx:
            await access.admin(tx, user)
        return view.sources_form(view.WAYS)

    async def renew(self, tx: Transaction) -> None:
        """Bring the admins' messages up to date, where something in them changed.

        Whoever becomes an admin later, when all is set up, gets none; nor do those of an installation from before.
        """
        reach = await tx.invitations.reach()
        if reach.version == 0:
            return
        await self._name_admins(tx)
        for admin in await access.admins(tx):
            key = f"{KEY}:{admin.id}"
            page = await self._page(tx, admin)
            before = await tx.outbox.last(key)
            shown = said_to(admin, view.first_day, page)
            if before == shown or (before is None and page.has_begun):
                continue
            now = self._office.clock.now()  # they have just started it or imported, whatever the hour
            await tell(tx, admin, "first_day", KEY, shown, now, urgent=True, awaited_until=now + AWAITED)

    async def _name_admins(self, tx: Transaction) -> None:
        """Make admins of those whom the setting names, also where no record knows them yet."""
        if not self._office.admins:
            return
        people = await tx.people.all()
        for email in sorted(self._office.admins):
            known = [one for one in people if one.email.lower() == email]
            real = [one for one in known if one.id != email]
            if not known:
                await tx.facts.upsert(Records(people=(_somebody(email),)))
            for one in real or known:
                if not one.is_admin:
                    await tx.people.make_admin(one.id)
            if real:  # an import has since brought the same person under an id of its own
                for one in known:
                    if one.id == email and one.active:
                        await tx.facts.upsert(Records(people=(replace(one, active=False),)))
                        await tx.outbox.hand_on(f"{KEY}:{one.id}", f"{KEY}:{real[0].id}", real[0].id)

    async def _page(self, tx: Transaction, admin: Person) -> view.FirstDayPage:
        people = [one for one in await tx.people.all() if one.active]
        by_id = {one.id: one for one in people}
        live = {account.person for account in await tx.people.accounts() if not account.deleted}
        reach = await tx.invitations.reach()
        connected = [one.name for one in await tx.connections.all()]
        unread = [name for name in connected if (await tx.syncs.state(name)).good_at is None]
        asked = [
            view.Asked(by_id[one.manager], one.state is InvitationState.BEGUN, one.since)
            for one in sorted(reach.invitations, key=lambda one: (one.since, one.manager))
            if one.state is not InvitationState.STOPPED and one.manager in by_id
        ]
        working = [one for one in people if one.email.lower() not in self._office.admins or _has_place(one, people)]
        checkup = await tx.checkups.latest()
        return view.FirstDayPage(
            admin,
            people=len(working),
            managers=len({one.manager_id for one in people} & set(by_id)),
            unmatched=tuple(one for one in people if one.id not in live),
            deals=await tx.facts.deals(),
            sources=tuple(map(title_of, connected)),
            unread=tuple(map(title_of, unread)),
            invited=tuple(asked),
            everybody=reach.everybody,
            findings=None if checkup is None else checkup.findings,
        )


def _has_place(person: Person, people: list[Person]) -> bool:
    """Return whether somebody reports or has reports, and so came with the records and not by setting alone."""
    return person.manager_id is not None or any(one.manager_id == person.id for one in people)


def _somebody(email: str) -> Person:
    """Return an admin of whom nothing but the address is known; an import brings the rest."""
    said = email.partition("@")[0].replace(".", " ").replace("_", " ").title()
    return Person(PersonId(email), said or new_id("p"), email, is_admin=True)
