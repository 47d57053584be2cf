"""Begins manager by manager: an admin invites, the manager looks the first 1:1s over, then reps are written to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.coaching.meeting import Appointment
from bot.coaching.records import Person, PersonId
from bot.coaching.rhythm.free_times import NoSlotError
from bot.coaching.said import say
from bot.errors import BadFieldsError, NotAllowedError, StaleError, UserError
from bot.services import access
from bot.services.first_day import FirstDay
from bot.services.home import Home
from bot.services.office import Office
from bot.services.planning import FIRST_ONES, Planning
from bot.services.ports import Transaction
from bot.services.ports.invitations import Invitation, InvitationState, Reach
from bot.services.posting import tell
from bot.services.soon import follow_soon
from bot.services.teams import teams
from bot.views import inviting as view
from bot.views.message import Message
from bot.views.speaking import said_to

MEANWHILE = say("Somebody said otherwise at the same moment. Your home tab shows how it stands.")
NOT_IN_SLACK = say("An admin has to find their account in Slack first.")


class Inviting:
    def __init__(self, office: Office, planning: Planning, home: Home, first_day: FirstDay) -> None:
        self._office = office
        self._planning = planning
        self._home = home
        self._first_day = first_day

    async def form(self, user: str) -> dict[str, Any]:
        """Return the modal with the managers who haven't begun.

        Raises NotAllowedError for who is no admin, StaleError where there is nobody to invite.
        """
        async with self._office.store.transaction() as tx:
            await access.admin(tx, user)
            reach = await tx.invitations.reach()
            managers = [one for one in await teams(tx) if not reach.includes(one[0].id)]
            if not managers:
                raise StaleError(
                    say(
                        "Nobody is left to invite: everybody with reps has begun, or nobody in people.csv has reps yet."
                    )
                )
            return view.invite_form(managers)

    async def invite_by_form(self, user: str, manager: PersonId) -> dict[str, Any]:
        """Invite whom an admin chose; twice is the same as once. Raises BadFieldsError where that can't be."""
        if not manager:
            raise BadFieldsError({"choice": say("Choose a manager.")})
        async with self._office.store.transaction() as tx:
            admin = await access.admin(tx, user)
            try:
                found = await self._invite(tx, manager, admin)
            except UserError as error:
                raise BadFieldsError({"choice": str(error)}) from error
            return view.invited(found, await self._office.at_work(tx, found), admin)

    async def invite_by_word(self, user: str, manager: PersonId | None) -> Message:
        """Invite whom an admin named in a command. Raises UserError for nobody, and where that can't be."""
        async with self._office.store.transaction() as tx:
            admin = await access.admin(tx, user)
            if manager is None:
                raise UserError(say("Say whom: `/cadence invite @manager`, or press the button on your home tab."))
            found = await self._invite(tx, manager, admin)
            return view.invited_notice(found, await self._office.at_work(tx, found), admin)

    async def _invite(self, tx: Transaction, manager: PersonId, admin: Person) -> Person:
        found = await access.person_or_refuse(tx, manager)
        if not found.active or not await access.is_reachable(tx, found):
            raise UserError(
                say("{who} isn't found in Slack, so I can't ask. Your home tab says what helps.", who=found.name)
            )
        if not await tx.people.reports_of(found.id):
            raise UserError(
                say("Nobody reports to {who}: put the address in manager_email of people.csv.", who=found.name)
            )
        reach = await tx.invitations.reach()
        known = reach.of(found.id)
        if reach.includes(found.id):
            raise UserError(say("{who} has begun already.", who=found.name))
        if known is not None and known.state is InvitationState.PROPOSED:
            return found
        await self._move_to(tx, InvitationState.PROPOSED, found, admin)
        return found

    async def everybody(self, user: str) -> None:
        """Plan for everybody from now on, whom nobody stopped; each manager hears of it. Twice is the same as once."""
        async with self._office.store.transaction() as tx:
            admin = await access.admin(tx, user)
            was = await tx.invitations.reach()
            if was.everybody:
                return
            if not await tx.invitations.widen(replace(was, everybody=True, by_choice=True), was=was):
                raise StaleError(MEANWHILE)
            for one in was.invitations:
                if one.state is InvitationState.PROPOSED:
                    asked = await access.person_or_refuse(tx, one.manager)
                    await self._move_to(tx, InvitationState.BEGUN, asked, admin)
            await self._welcome_new(tx, admin.id)
            await follow_soon(tx, self._office, *[one for one in await tx.people.all() if one.active])
            await self._changed(tx)

    async def stop_form(self, user: str) -> dict[str, Any]:
        """Return the modal with the managers who were invited or began. Raises as ``form``."""
        async with self._office.store.transaction() as tx:
            await access.admin(tx, user)
            reach = await tx.invitations.reach()
            managers = [one for one in await teams(tx) if _goes_on(reach, one[0].id)]
            if not managers:
                raise StaleError(say("There is nobody to stop with: no manager was invited."))
            return view.stop_form(managers)

    async def stop(self, user: str, manager: PersonId) -> dict[str, Any]:
        """End it with a manager for now, as an admin chose; twice is the same as once."""
        if not manager:
            raise BadFieldsError({"choice": say("Choose a manager.")})
        async with self._office.store.transaction() as tx:
            admin = await access.admin(tx, user)
            found = await access.person_or_refuse(tx, manager)
            if _goes_on(await tx.invitations.reach(), manager):
                await self._move_to(tx, InvitationState.STOPPED, found, admin)
            return view.stopped(found)

    async def begin(self, manager: PersonId, version: int, user: str) -> None:
        """Begin, as the manager says who looked the first 1:1s over. Raises StaleError where it isn't proposed now."""
        await self._answer(manager, version, user, InvitationState.BEGUN)

    async def not_now(self, manager: PersonId, version: int, user: str) -> None:
        """Leave it, as the manager says: nobody is written to. Raises as ``begin``."""
        await self._answer(manager, version, user, InvitationState.STOPPED)

    async def why(self, manager: PersonId, user: str) -> dict[str, Any]:
        """Return the modal with all first 1:1s and what each rep's rhythm comes from, for the manager alone."""
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            _check_own(asker, manager)
            return view.why(await self._first_ones(tx, asker), asker)

    async def _answer(self, manager: PersonId, version: int, user: str, said: InvitationState) -> None:
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            _check_own(asker, manager)
            invitation = (await tx.invitations.reach()).of(manager)
            if invitation is not None and invitation.state is said and invitation.version == version + 1:
                return  # the same click once more
            if invitation is None or (invitation.state, invitation.version) != (InvitationState.PROPOSED, version):
                raise StaleError(
                    say("This isn't open any more; the message shows how it stands. `/1on1` shows your 1:1s.")
                )
            await self._move_to(tx, said, asker, asker)

    async def _move_to(self, tx: Transaction, state: InvitationState, manager: Person, by: Person) -> None:
        """Change where a manager stands, and let the team be looked at. Raises StaleError if it changed meanwhile."""
        was = (await tx.invitations.reach()).of(manager.id)
        to = Invitation(manager.id, state, self._office.clock.now(), by.id, 1 if was is None else was.version + 1)
        if not await (tx.invitations.invite(to) if was is None else tx.invitations.save(to, was=was)):
            raise StaleError(MEANWHILE)
        await self._show_end(tx, manager, to)
        await follow_soon(tx, self._office, manager, *await tx.people.reports_of(manager.id))
        await self._changed(tx)

    async def _changed(self, tx: Transaction) -> None:
        await self._home.show_again(tx, *await access.admins(tx))
        await self._first_day.renew(tx)

    async def _show_end(self, tx: Transaction, manager: Person, to: Invitation) -> None:
        """Bring what the manager was asked up to date at once where nothing has to be computed for it."""
        key = f"{FIRST_ONES}:{manager.id}"
        if to.state is not InvitationState.STOPPED or not await tx.outbox.exists(key):
            return
        if not await tx.outbox.is_posted(key):
            await tx.outbox.withdraw(key)
        if await tx.outbox.exists(key):
            by = None if to.by is None else await tx.people.get(to.by)
            await self._put(tx, manager, said_to(manager, view.ended, manager, to.since, by), to.since)

    async def keep_up(self, tx: Transaction) -> None:
        """Follow what an import or a new day brought: new managers, and how far the installation is."""
        await self._welcome_new(tx, None)
        await self._first_day.renew(tx)

    async def _welcome_new(self, tx: Transaction, by: PersonId | None) -> None:
        """Let managers whom nobody invited begin, once everybody is planned for by an admin's choice."""
        reach = await tx.invitations.reach()
        if not (reach.everybody and reach.by_choice):
            return
        now = self._office.clock.now()
        for manager, _ in await teams(tx):
            if reach.of(manager.id) is None:
                await tx.invitations.invite(Invitation(manager.id, InvitationState.BEGUN, now, by))

    def concerns(self, reach: Reach, person: PersonId) -> bool:
        """Return whether somebody has a message with first 1:1s that may have to be brought up to date."""
        known = reach.of(person)
        if known is None or known.state is InvitationState.STOPPED:
            return False
        return known.state is InvitationState.PROPOSED or self._planning.is_new(known)

    async def show(self, tx: Transaction, manager: Person) -> None:
        """Bring the message with a manager's first 1:1s up to date; nothing where none is wanted."""
        invitation = (await tx.invitations.reach()).of(manager.id)
        if invitation is None or not await access.is_reachable(tx, manager):
            return
        if invitation.state is InvitationState.PROPOSED:
            by = None if invitation.by is None else await tx.people.get(invitation.by)
            first = await self._first_ones(tx, manager)
            shown = said_to(manager, view.proposal, manager, by, invitation.version, first)
        elif invitation.state is InvitationState.BEGUN and self._planning.is_new(invitation):
            first = await self._first_ones(tx, manager)
            shown = said_to(manager, view.begun, manager, invitation.since, first)
        else:
            return
        when = self._office.clock.now()
        if not await tx.outbox.is_posted(f"{FIRST_ONES}:{manager.id}"):
            when = await self._office.at_work(tx, manager)
        await self._put(tx, manager, shown, when)

    async def _put(self, tx: Transaction, manager: Person, shown: Message, when: datetime) -> None:
        if await tx.outbox.last(f"{FIRST_ONES}:{manager.id}") != shown:
            await tell(tx, manager, "first_ones", FIRST_ONES, shown, when, urgent=True)

    async def _first_ones(self, tx: Transaction, manager: Person) -> list[view.FirstOne]:
        """Return when each rep's first 1:1 is, or would be as things stand."""
        reports = await tx.people.reports_of(manager.id)
        await tx.people.hold(manager.id, *(rep.id for rep in reports))
        thought: list[Appointment] = []
        return [await self._first_one(tx, rep, manager, thought) for rep in reports]

    async def _first_one(
        self, tx: Transaction, rep: Person, manager: Person, thought: list[Appointment]
    ) -> view.FirstOne:
        open_one = await tx.meetings.open_of(rep.id)
        if open_one is not None and open_one.manager == manager.id:
            decision = await tx.cadences.latest(rep.id)
            said = "" if decision is None else decision.sentence
            return view.FirstOne(rep, open_one.appointment, open_one.interval, said)
        if not await access.is_reachable(tx, rep):
            return view.FirstOne(rep, None, None, NOT_IN_SLACK)
        try:
            found, interval = await self._planning.find(tx, rep, manager, besides=thought)
        except NoSlotError as error:
            return view.FirstOne(rep, None, None, str(error))
        thought.append(found)
        decision = await tx.cadences.latest(rep.id)
        return view.FirstOne(rep, found, interval, "" if decision is None else decision.sentence)


def _check_own(asker: Person, manager: PersonId) -> None:
    if asker.id != manager:
        raise NotAllowedError(say("Only the manager who was invited can answer this."))


def _goes_on(reach: Reach, manager: PersonId) -> bool:
    known = reach.of(manager)
    return reach.includes(manager) or (known is not None and known.state is InvitationState.PROPOSED)
