"""What waits, and since when: the figures by which an operator sees that work doesn't get done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.services.office import Office
from bot.services.ports import Deliveries
from bot.services.rounds import AT_ONCE


@dataclass(frozen=True, slots=True)
class Waiting:
    """``*_overdue`` are seconds since the oldest of them was due, 0 when nothing is.

    ``outbox`` counts messages by state, ``failing`` duties that were put off, by kind. ``unmatched`` are active people
    without a live account in Slack. ``imported_at`` is None before the first import. ``read_at`` has for each
    connected source when it was last read well, or was connected while it never was.
    """

    outbox: Mapping[str, int]
    messages_overdue: float
    duties_overdue: float
    failing: Mapping[str, int]
    unmatched: int
    imported_at: datetime | None
    read_at: Mapping[str, datetime]


class Backlog:
    def __init__(self, office: Office) -> None:
        self._office = office

    async def look(self, deliveries: Deliveries) -> Waiting:
        """Ask the database. Raises what it raises when it is away."""
        now = self._office.clock.now()
        outbox, message_due = await deliveries.depth(), await deliveries.next_due()
        async with self._office.store.transaction() as tx:
            read_at = {
                one.name: (await tx.syncs.state(one.name)).good_at or one.connected_at
                for one in await tx.connections.all()
            }
            return Waiting(
                outbox=outbox,
                messages_overdue=_overdue(message_due, now),
                duties_overdue=_overdue(await tx.duties.next_due(), now),
                failing=await tx.duties.failures(),
                unmatched=await tx.people.unmatched(),
                imported_at=await tx.facts.imported_at(),
                read_at=read_at,
            )


def _overdue(due: datetime | None, now: datetime) -> float:
    return 0.0 if due is None or due == AT_ONCE else max(0.0, (now - due).total_seconds())
