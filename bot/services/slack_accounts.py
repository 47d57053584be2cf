"""Takes an admin's word on which account in Slack is whose, where the addresses differ."""

from __future__ import annotations

from typing import Any

from bot.coaching.records import Person
from bot.coaching.said import say
from bot.errors import BadFieldsError, StaleError
from bot.services import access
from bot.services.home import Home
from bot.services.office import Office
from bot.services.ports import Directory, Transaction
from bot.services.roster import Roster
from bot.views import slack_account as view

LONGEST_ID = 75
"""Slack takes no longer value in a menu; whoever has a longer id has to be found by the address."""


class SlackAccounts:
    def __init__(self, office: Office, directory: Directory, home: Home, roster: Roster) -> None:
        self._office = office
        self._directory = directory
        self._home = home
        self._roster = roster

    async def form(self, user: str) -> dict[str, Any]:
        """Return the modal with the active people without an account.

        Raises NotAllowedError for who is no admin, StaleError when everybody is found by now.
        """
        async with self._office.store.transaction() as tx:
            await access.admin(tx, user)
            live = await access.live(tx)
            people = [one for one in await tx.people.all() if one.active and one.id not in live]
            listed = [one for one in people if len(one.id) <= LONGEST_ID]
            if not listed:
                raise StaleError(say("All whom I could list here are found in Slack by now."))
            return view.modal(listed)

    async def say(self, user: str, filled: view.Filled) -> dict[str, Any]:
        """Keep whose an account is; twice is the same as once. Returns the modal that says from when it counts.

        Raises BadFieldsError for what is missing, somebody who has an account by now, and an account that is somebody
        else's or an app's; NotAllowedError for who is no admin, TryLaterError when Slack doesn't know whose it is.
        """
        human = not filled.user or await self._directory.is_person(filled.user)  # it asks, so no transaction is open
        async with self._office.store.transaction() as tx:
            await access.admin(tx, user)
            faults = {} if filled.person else {"choice": say("Choose one of your people.")}
            if not filled.user or faults:
                raise BadFieldsError(faults | ({} if filled.user else {"person": say("Choose the account.")}))
            if not human:
                raise BadFieldsError({"person": say("That account is an app's, or deactivated: choose a person's.")})
            # The admins are held too, so that two of them don't give one account to two people.
            await tx.people.hold(filled.person, *(one.id for one in await access.admins(tx)))
            person = await self._without_account(tx, filled)
            if person is not None:
                await self._roster.take(tx, person, filled.user)
                await self._home.show_again(tx, *await access.admins(tx))
            shown = person or await access.person_or_refuse(tx, filled.person)
            meets = shown.manager_id is not None or bool(await tx.people.reports_of(shown.id))
            return view.done(shown, meets=meets)

    async def _without_account(self, tx: Transaction, filled: view.Filled) -> Person | None:
        """Return who is to have the account; None: has it already."""
        person = await tx.people.get(filled.person)
        if person is None or not person.active:
            raise BadFieldsError({"choice": say("That person isn't among your active people any more.")})
        account = await tx.people.account_of(person.id)
        if account is not None and not account.deleted:
            if account.user == filled.user:
                return None
            raise BadFieldsError(
                {"choice": say("{who} has an account by now, so nothing was changed.", who=person.name)}
            )
        whose = await tx.people.by_slack(filled.user)
        if whose is not None and whose.id != person.id:
            raise BadFieldsError({"person": say("This is the account of {who}: choose another.", who=whose.name)})
        return person
