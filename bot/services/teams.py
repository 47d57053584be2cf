"""Who has reps."""

from __future__ import annotations

from collections import Counter

from bot.coaching.records import Person
from bot.services.ports import Transaction


async def teams(tx: Transaction) -> tuple[tuple[Person, int], ...]:
    """Return the active managers, by name, each with how many active reps there are."""
    people = [one for one in await tx.people.all() if one.active]
    reps = Counter(one.manager_id for one in people)
    return tuple((one, reps[one.id]) for one in people if reps[one.id])
