"""Takes an admin's word on who of a source is who of our people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.coaching.records import Person, PersonId, Records
from bot.coaching.said import joined, say
from bot.errors import BadFieldsError, StaleError, UserError
from bot.services import access
from bot.services.data_age import title_of
from bot.services.home import Home
from bot.services.intake import take_in
from bot.services.office import Office
from bot.services.ports import Transaction
from bot.services.ports.sync import SyncedPerson
from bot.services.sync_people import is_alone, unmatched
from bot.views import matching as view


class Matching:
    """On the command line whoever may run it is an admin; in Slack it is checked."""

    def __init__(self, office: Office, home: Home) -> None:
        self._office = office
        self._home = home

    async def match(self, name: str, who: str, email: str | None) -> Person | None:
        """Keep who somebody of a source is, from the next sync on; None for ``email`` forgets it.

        ``who`` is the person's id or address there. Raises UserError for somebody who isn't known here or there.
        """
        async with self._office.store.transaction() as tx:
            if name not in {one.name for one in await tx.connections.all()}:
                raise UserError(  # no words: of the command line
                    f"{name} isn't connected: `cadence doctor` says what is."
                )
            theirs = await tx.syncs.people(name)
            found = [one for one in theirs if who in (one.who.id, one.who.email)]
            if len(found) != 1:
                raise UserError(  # no words: of the command line
                    f"Nobody of {title_of(name)} is {who}: write an id from `cadence doctor`."
                )
            if email is None:
                await self._keep(tx, name, found[0], None)
                return None
            ours = [one for one in await tx.people.all() if one.email.lower() == email.strip().lower()]
            if len(ours) != 1:
                raise UserError(  # no words: of the command line
                    f"{email} isn't the address of one of your people: import them first."
                )
            await self._keep(tx, name, found[0], ours[0].id)
            return ours[0]

    async def form(self, name: str, user: str) -> dict[str, Any]:
        """Return the modal in which an admin says who is who of one source.

        Raises NotAllowedError for anybody else, StaleError where there is nobody to say it of, or no source, any more.
        """
        async with self._office.store.transaction() as tx:
            await access.admin(tx, user)
            title = await _title(tx, name)
            theirs = await tx.syncs.people(name)
            nobody = [_shown(one) for one in unmatched(theirs, await access.live(tx))]
            known = {one.id: one.name for one in await tx.people.all()}
            said = [_shown(one, known.get(one.person, "")) for one in theirs if one.mapped and one.person is not None]
            if not nobody and not said:
                raise StaleError(say("Everybody who owns something in {title} is matched by now.", title=title))
            return view.modal(name, title, nobody, sorted(said, key=lambda one: (one.name, one.id)))

    async def say(self, name: str, user: str, filled: view.Filled) -> dict[str, Any]:
        """Keep who somebody is, or that one goes by the address again, or both; twice is the same as once.

        Returns the modal that says from when it counts. Raises BadFieldsError naming each field that can't stand, also
        when somebody was matched otherwise meanwhile; NotAllowedError for who is no admin, StaleError once the source
        isn't connected any more.
        """
        async with self._office.store.transaction() as tx:
            await access.admin(tx, user)
            title = await _title(tx, name)
            said = await self._chosen(tx, name, filled)
            forgotten = await tx.syncs.held(name, filled.forgotten) if filled.forgotten else None
            if filled.forgotten and forgotten is None:
                raise BadFieldsError(
                    {"forgotten": say("Nobody of {title} has that id any more: choose somebody else.", title=title)}
                )
            if said is not None and said[0].person != said[1].id:
                await self._keep(tx, name, said[0], said[1].id)
            if forgotten is not None and forgotten.mapped:
                await self._keep(tx, name, forgotten, None)
            return view.done(
                title,
                None if said is None else (said[0].who.name, said[1]),
                None if forgotten is None else forgotten.who.name,
            )

    async def _chosen(self, tx: Transaction, name: str, filled: view.Filled) -> tuple[SyncedPerson, Person] | None:
        """Return who is who; None where only something is to be forgotten."""
        if not filled.who and not filled.user and filled.forgotten:
            return None
        faults = {} if filled.who else {"choice": say("Choose who it is there.")}
        if not filled.user:
            raise BadFieldsError(faults | {"person": say("Choose who of your people that is.")})
        ours = await tx.people.by_slack(filled.user)
        if ours is None:
            faults["person"] = say(
                "None of your people has this account. Import them first, with the address from Slack, or say whose "
                "it is under “People without a match in Slack”."
            )
        theirs = await tx.syncs.held(name, filled.who) if filled.who else None
        if filled.who and theirs is None:
            faults["choice"] = say(
                "Nobody of {title} has that id any more: choose somebody else.", title=title_of(name)
            )
        if ours is None or theirs is None:
            raise BadFieldsError(faults)
        settled = theirs.person is not None and not is_alone(theirs, await access.live(tx))
        if settled and theirs.person is not None and theirs.person != ours.id:
            raise BadFieldsError({"choice": await _otherwise(tx, name, theirs, theirs.person)})
        return theirs, ours

    async def _keep(self, tx: Transaction, name: str, theirs: SyncedPerson, ours: PersonId | None) -> None:
        """Keep it. The record that we had made of somebody who is another is nobody's then, and no longer active."""
        await tx.syncs.map(name, theirs.who.id, ours)
        made = None if theirs.person is None or theirs.mapped else await tx.people.get(theirs.person)
        if theirs.made and made is not None and ours is not None and made.id != ours:
            await take_in(tx, Records(people=(replace(made, active=False),)))
        await self._home.show_again(tx, *await access.admins(tx))


async def _title(tx: Transaction, name: str) -> str:
    """Return what people call a source that is connected."""
    title = title_of(name)
    if name not in {one.name for one in await tx.connections.all()}:
        raise StaleError(
            say(
                "{title} isn't connected any more, so there is nobody to say it of. Your home tab shows what is.",
                title=title,
            )
        )
    return title


async def _otherwise(tx: Transaction, name: str, theirs: SyncedPerson, ours: PersonId) -> str:
    """Say who somebody is by now, and how that can be changed."""
    person = await tx.people.get(ours)
    if theirs.mapped:
        way = say("Open this form again to take that back.")
    else:
        way = say("To change that: cadence match {source} ID EMAIL", source=name)
    if person is None:
        nothing = say("{theirs} is somebody else by now, so nothing was changed.", theirs=theirs.who.name)
    else:
        nothing = say("{theirs} is {ours} by now, so nothing was changed.", theirs=theirs.who.name, ours=person.name)
    return joined((nothing, way))


def _shown(one: SyncedPerson, ours: str = "") -> view.Theirs:
    return view.Theirs(one.who.id, one.who.name, one.who.email, ours)
