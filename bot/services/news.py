"""What happened to the deals of an agenda since it was frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.coaching.commitment import GoalTerms
from bot.coaching.meeting import Meeting
from bot.coaching.pre_read import DealReview, PreRead
from bot.coaching.records import Deal, DealId, DealStatus, Person, Records
from bot.coaching.winning.evidence import Recording, news, toll_items
from bot.coaching.winning.verified_stage import own_people, standing
from bot.services import access
from bot.services.office import Office, local_day
from bot.services.ports import Transaction
from bot.views import news as view


@dataclass(frozen=True, slots=True)
class _Now:
    """A deal as it is now: the names of what counts for it, and the keys of what its customer would give next."""

    deal: Deal
    is_open: bool
    given: frozenset[str]
    wanted: frozenset[str]


class News:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def since(self, tx: Transaction, meeting: Meeting, agenda: PreRead) -> tuple[str, ...]:
        """Return a sentence for each change that whoever read the frozen agenda has to know, unescaped.

        Deals that closed or went, verifiers that came or no longer hold, and choices that fall away with them.
        """
        if meeting.published_at is None:
            return ()
        reviews = (*agenda.deals, *agenda.more_deals)
        recorded = news(await tx.evidence.since([review.deal for review in reviews], meeting.published_at))
        deals = [review.deal for review in reviews] + [terms.deal for terms in agenda.offers if terms.deal is not None]
        now = await self._now(tx, await access.person_or_refuse(tx, meeting.rep), deals)
        said = list(self._recorded(reviews, recorded))
        told = {(one.verifier.deal, self._name(one.verifier.key)) for one in recorded}
        for review in reviews:
            found = now.get(review.deal)
            if found is None:
                said.append(view.gone(review))
            elif not found.is_open:
                said.append(view.closed(review, found.deal))
            else:
                came = [name for name in review.unpaid if name in found.given and (review.deal, name) not in told]
                said += [view.came(review, name) for name in came]
        overtaken = [terms for terms in agenda.offers if self._is_overtaken(terms, now)]
        return (*said, *(view.falls_away(terms, gone=terms.deal not in now) for terms in overtaken))

    async def standing_offers(self, tx: Transaction, rep: Person, offers: Sequence[GoalTerms]) -> tuple[GoalTerms, ...]:
        """Return those of the offers that still ask for something: no customer gave it, no deal is closed or gone."""
        now = await self._now(tx, rep, [terms.deal for terms in offers if terms.deal is not None])
        return tuple(terms for terms in offers if not self._is_overtaken(terms, now))

    def _recorded(self, reviews: Sequence[DealReview], recorded: Sequence[Recording]) -> tuple[str, ...]:
        names = {review.deal: review.name for review in reviews}
        return tuple(view.change(one, names[one.verifier.deal], self._name(one.verifier.key)) for one in recorded)

    def _name(self, key: str) -> str:
        """Return a verifier's name; what the playbook doesn't know any more is called by its key."""
        kinds = (kind for stage in self._office.playbook.stages for kind in stage.toll)
        return next((kind.name for kind in kinds if kind.key == key), key)

    async def _now(self, tx: Transaction, rep: Person, deals: Sequence[DealId]) -> dict[DealId, _Now]:
        own = own_people(Records(people=await tx.people.all())) if deals else frozenset()
        today = local_day(self._office.clock.now(), rep)
        playbook = self._office.playbook
        found = {}
        for deal_id in dict.fromkeys(deals):
            deal = await tx.evidence.deal(deal_id)
            if deal is not None:
                given = await tx.evidence.of_deal(deal_id)
                items = toll_items(playbook, given, today, own)
                closed = deal.status is not DealStatus.OPEN and (deal.close is None or deal.close <= today)
                found[deal_id] = _Now(
                    deal,
                    not closed,
                    frozenset(item.kind.name for item in items if item.counting),
                    frozenset(kind.key for kind in standing(deal, given, playbook, today, own).next_toll),
                )
        return found

    def _is_overtaken(self, terms: GoalTerms, now: dict[DealId, _Now]) -> bool:
        if terms.deal is None:
            return False
        found = now.get(terms.deal)
        if found is None:
            return True
        earns = {key for kind in self._office.playbook.activities if kind.name == terms.item for key in kind.earns}
        return not found.is_open or not (found.wanted & earns)
