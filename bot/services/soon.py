"""Lets people be looked at now instead of the next morning."""

from __future__ import annotations

from bot.coaching.records import Person
from bot.services.office import Office, new_id
from bot.services.ports import Duty, DutyKind, Transaction


async def follow_soon(tx: Transaction, office: Office, *people: Person) -> None:
    """Let each be looked at now, in a duty of its own: what is locked for one is free before the next one's turn."""
    now = office.clock.now()
    await tx.duties.put(
        *(Duty(f"plan:{now.date().isoformat()}:{one.id}:{new_id('')}", DutyKind.PLAN, one.id, now) for one in people)
    )
