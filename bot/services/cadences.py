"""How often a rep and the manager meet, by the rep's own numbers of today."""

from __future__ import annotations

from bot.coaching.records import Person
from bot.coaching.rhythm.cadence import CadenceDecision, CadenceState, decide
from bot.services import pairs
from bot.services.market import Market
from bot.services.office import Office, local_day
from bot.services.ports import Transaction


class Cadences:
    def __init__(self, office: Office) -> None:
        self._office = office
        self._market = Market(office)

    async def recompute(self, tx: Transaction, rep: Person) -> CadenceDecision:
        """Compute the rep's cadence as of the rep's today and keep it with its reasons.

        What most of a team would see at once is put to the manager first.
        """
        previous = await tx.cadences.latest(rep.id)
        decision = await self.evaluate(tx, rep, previous)
        manager = await pairs.partner(tx, rep)
        if manager is not None and decision.trend == "negative":
            await tx.people.hold(rep.id, manager.id)
            decision = await self._market.settled(tx, rep, manager, decision, previous)
        await tx.cadences.add(rep.id, decision)
        return decision

    async def evaluate(self, tx: Transaction, rep: Person, previous: CadenceState | None) -> CadenceDecision:
        """Return what the rep's own numbers make of the cadence as of the rep's today; nothing is kept."""
        today = local_day(self._office.clock.now(), rep)
        book = await self._office.shelf.book(tx, today)
        return decide(book.cadence_inputs(rep.id), previous, today, self._office.maths)
