"""Records what a customer gave for a deal, and what no longer holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.coaching import wording
from bot.coaching.meeting import MeetingId
from bot.coaching.records import Deal, DealId, DealStatus, Person, Records, Verifier
from bot.coaching.said import capital, say
from bot.coaching.winning.evidence import TollItem, has_expired, names_only_us, toll_items
from bot.coaching.winning.verified_stage import Standing, own_people, standing
from bot.errors import BadFieldsError, NotAllowedError, StaleError
from bot.services import access
from bot.services.data_age import title_of
from bot.services.forks import Forks
from bot.services.home import Home
from bot.services.office import Office, local_day
from bot.services.ports import Transaction
from bot.services.ports.facts import Origin
from bot.services.publication import Publication
from bot.services.sync_verifiers import field_itself
from bot.views import evidence as view
from bot.views.ids import verifier_value
from bot.views.mrkdwn import is_web_address

EARLIEST = timedelta(days=365)
"""A customer may give a verifier before the CRM has the deal, but not years: then the year is mistyped."""

LONGEST_LINK = 1000


@dataclass(frozen=True, slots=True)
class Desk:
    """All that is needed to judge what is said of one deal: read once, and held until the transaction ends."""

    deal: Deal
    given: tuple[Verifier, ...]
    own: frozenset[str]
    today: date
    items: tuple[TollItem, ...]


class Evidence:
    def __init__(self, office: Office, publication: Publication, home: Home, forks: Forks) -> None:
        self._office = office
        self._publication = publication
        self._home = home
        self._forks = forks

    async def form(self, deal: DealId, user: str, *, agenda: MeetingId | None = None) -> dict[str, Any]:
        """Return the modal with what the deal's customer gave and what is missing.

        ``agenda`` is the 1:1 whose whole agenda it was opened in, so that this is shown anew once it is recorded.
        Raises NotAllowedError for anybody but the deal's owner, StaleError once the deal is closed or gone.
        """
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            desk = await self._desk(tx, asker, deal)
            read = _read(desk, await tx.evidence.origins(deal))
            return view.modal(desk.deal, self._standing(desk, desk.given), desk.items, desk.today, read, agenda)

    async def record(
        self, deal: DealId, user: str, filled: view.Filled, *, agenda: MeetingId | None = None
    ) -> dict[str, Any]:
        """Keep what was given, or what no longer holds, or both; saying it twice is the same as once.

        Returns the modal that says where the deal stands now. Raises BadFieldsError naming each field that can't
        stand, and what ``form`` raises; StaleError also when it was settled otherwise while the form stood open.
        """
        async with self._office.store.transaction() as tx:
            asker = await access.known(tx, user)
            await tx.evidence.hold()
            desk = await self._desk(tx, asker, deal)
            faults = _faults(desk, filled)
            if faults:
                raise BadFieldsError(faults)
            ended, given = _ended(desk, filled.ended), _given(desk, filled)
            now = self._office.clock.now()
            if ended is not None:
                await tx.evidence.withdraw(ended, desk.today, by=asker.id, at=now)
            if given is not None:
                await tx.evidence.record(given, by=asker.id, at=now)
            if ended is not None or given is not None:
                await self._show(tx, asker)
            stands = self._standing(desk, await tx.evidence.of_deal(deal))
            return view.done(desk.deal, stands, in_agenda=agenda is not None)

    async def _desk(self, tx: Transaction, asker: Person, deal_id: DealId) -> Desk:
        deal = await tx.evidence.deal(deal_id)
        if deal is None:
            raise StaleError(say("That deal is no longer in the records. /pipeline shows the ones that are open."))
        if deal.owner != asker.id:
            raise NotAllowedError(say("Only the rep whose deal this is can record what its customer gave."))
        if deal.status is not DealStatus.OPEN:
            if deal.status is DealStatus.WON:
                raise StaleError(
                    say("{deal} is closed (won): what its customer gave decides nothing any more.", deal=deal.name)
                )
            raise StaleError(
                say("{deal} is closed (lost): what its customer gave decides nothing any more.", deal=deal.name)
            )
        given = await tx.evidence.of_deal(deal.id)
        own = own_people(Records(people=await tx.people.all()))
        today = local_day(self._office.clock.now(), asker)
        return Desk(deal, given, own, today, toll_items(self._office.playbook, given, today, own))

    def _standing(self, desk: Desk, given: Sequence[Verifier]) -> Standing:
        return standing(desk.deal, given, self._office.playbook, desk.today, desk.own)

    async def _show(self, tx: Transaction, rep: Person) -> None:
        """Bring what the rep and the manager were shown up to date; what they ask for is made anew anyway."""
        meeting = await tx.meetings.open_of(rep.id)
        if meeting is not None and meeting.published_at is not None:
            await tx.meetings.get(meeting.id, lock=True)
            await self._publication.rewrite(tx, meeting)
            await self._forks.overtake(tx, meeting)
        await self._home.show_again(tx, rep)


def _read(desk: Desk, origins: Mapping[tuple[str, date], Origin]) -> dict[Verifier, view.Read]:
    """Return in which source, and in which field of it, what counts was read, where its words don't say so already."""
    found = {}
    for item in desk.items:
        for known in item.counting:
            origin = origins.get((known.key, known.given_on))
            if origin is None:
                continue
            title, mapped = title_of(origin.source), item.kind.field
            field = mapped.name if mapped is not None and mapped.name in origin.fields else ""
            if known.given_by != field_itself(title, field):
                found[known] = view.Read(title, field)
    return found


def _faults(desk: Desk, filled: view.Filled) -> dict[str, str]:
    if not filled.verifier:
        if filled.given_by or filled.link:
            return {"verifier": say("Choose what they gave.")}
        return (
            {} if filled.ended else {"verifier": say("Choose what the customer gave, or below what no longer holds.")}
        )
    faults = {"given_on": _fault_of_day(desk, filled), "given_by": _fault_of_giver(desk, filled)}
    if filled.link and not (is_web_address(filled.link) and len(filled.link) <= LONGEST_LINK):
        faults["link"] = say(
            "A link begins with https:// or http:// and has at most {n} characters. Leave it empty if there is none.",
            n=wording.whole(LONGEST_LINK),
        )
    return {field: fault for field, fault in faults.items() if fault}


def _fault_of_giver(desk: Desk, filled: view.Filled) -> str:
    if not any(letter.isalnum() for letter in filled.given_by):
        return say("Say who at the customer gave it: a name, and best a role.")
    if names_only_us(filled.given_by, desk.own):
        return say("A verifier comes from the customer: name who there gave it.")
    return ""


def _fault_of_day(desk: Desk, filled: view.Filled) -> str:
    given_on = filled.given_on
    if given_on is None:
        return say("Choose the day on which they gave it.")
    if given_on > desk.today:
        return say("That day is still to come. Record it once they have given it.")
    began = desk.deal.start or desk.today
    if given_on < began - EARLIEST:
        return say(
            "That is more than a year before the deal began ({day}). Is the year right?", day=wording.dated_day(began)
        )
    kind = next((item.kind for item in desk.items if item.kind.key == filled.verifier), None)
    if kind is not None and kind.expires_after_days and has_expired(kind, given_on, desk.today):
        return say(
            "It holds for {n} days, so this has expired. Record it when they give it anew.", n=kind.expires_after_days
        )
    return ""


def _ended(desk: Desk, chosen: str) -> Verifier | None:
    """Return what is to be withdrawn; None where nothing is, or it was already."""
    if not chosen:
        return None
    known = next((known for known in desk.given if verifier_value(known.key, known.given_on) == chosen), None)
    if known is not None and any(known in item.counting for item in desk.items):
        return known
    if known is not None and known.withdrawn_on is not None and known.withdrawn_on <= desk.today:
        return None
    raise StaleError(say("That no longer counts anyway. Choose Record evidence again to see how things stand now."))


def _given(desk: Desk, filled: view.Filled) -> Verifier | None:
    """Return what is to be recorded; None where nothing is, or the very same was already."""
    if not filled.verifier:
        return None
    item = next((item for item in desk.items if item.kind.key == filled.verifier), None)
    if item is None:
        raise StaleError(
            say("The playbook no longer asks for that. Choose Record evidence again to see what it asks for.")
        )
    given = Verifier(desk.deal.id, item.kind.key, filled.given_by, filled.given_on or desk.today, filled.link)
    if given in item.counting:
        return None
    newest = item.counting[0] if item.counting else None
    if newest is not None and not (item.may_be_given and given.given_on > newest.given_on):
        raise StaleError(
            say(
                "{verifier} is recorded already: {who} gave it on {day}. Choose Record evidence again to see how "
                "things stand now.",
                verifier=capital(item.kind.name),
                who=newest.given_by,
                day=wording.dated_day(newest.given_on),
            )
        )
    return given
