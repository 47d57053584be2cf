"""Asks a manager what to do when most of the team turns down at once, instead of doing it (section 1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.coaching.book import Book
from bot.coaching.records import Person
from bot.coaching.rhythm.cadence import CadenceDecision, CadenceState, decide
from bot.coaching.rhythm.market import (
    MarketAnswer,
    MarketProposal,
    Shortening,
    held_for_market,
    left_as_it_is,
    market_wide,
    more_often,
)
from bot.services.office import Office, id_of, local_day
from bot.services.ports import Transaction
from bot.services.posting import show_market


class Market:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def settled(
        self, tx: Transaction, rep: Person, manager: Person, proposed: CadenceDecision, previous: CadenceState | None
    ) -> CadenceDecision:
        """Return what becomes of a proposed decision; the two people must be held.

        A shorter interval waits for the manager where most of the team is down. Within the evaluation period the
        manager is asked once, and what the manager said goes for whoever turns down after it too.
        """
        held = held_for_market(proposed, previous)
        if held is proposed:
            return proposed
        team = await tx.people.reports_of(manager.id)
        book = await self._office.shelf.book(tx, proposed.as_of)
        if not market_wide((book.trend(one.id) for one in team), self._office.maths):
            return proposed
        asked = await tx.market_proposals.latest(manager.id)
        if asked is None or not asked.stands_on(proposed.as_of, self._office.maths):
            await self._ask(tx, manager, team, book)
        elif asked.answer is MarketAnswer.MORE_OFTEN:
            return more_often(proposed)
        elif asked.answer is MarketAnswer.LEFT:
            return left_as_it_is(held)
        elif not asked.names(rep.id):
            change = Shortening(rep.id, held.interval, proposed.interval)
            longer = replace(
                asked,
                down=_down(team, book),
                team=len(team),
                changes=(*asked.changes, change),
                version=asked.version + 1,
            )
            if await tx.market_proposals.save(longer, was=asked):
                await show_market(tx, longer, await self._office.at_work(tx, manager))
        return held

    async def _ask(self, tx: Transaction, manager: Person, team: tuple[Person, ...], book: Book) -> None:
        changes = [await self._change(tx, one, book) for one in team]
        asked_on = local_day(self._office.clock.now(), manager)
        proposal = MarketProposal(
            id=id_of("k", manager.id, asked_on.isoformat()),
            manager=manager.id,
            asked_on=asked_on,
            down=_down(team, book),
            team=len(team),
            changes=tuple(change for change in changes if change is not None),
        )
        if await tx.market_proposals.add(proposal):
            await show_market(tx, proposal, await self._office.at_work(tx, manager))

    async def _change(self, tx: Transaction, rep: Person, book: Book) -> Shortening | None:
        """Return what would change for one of the team; None where nothing would."""
        previous = await tx.cadences.latest(rep.id)
        proposed = decide(book.cadence_inputs(rep.id), previous, book.as_of, self._office.maths)
        held = held_for_market(proposed, previous)
        return None if held is proposed else Shortening(rep.id, held.interval, proposed.interval)


def _down(team: Iterable[Person], book: Book) -> int:
    return sum(book.trend(one.id) == "negative" for one in team)
