"""Takes records in, so that everybody is looked at anew."""

from __future__ import annotations

from bot.coaching.records import Records
from bot.services.ports import Duty, DutyKind, Transaction
from bot.services.rounds import AT_ONCE, EVERYBODY


async def take_in(tx: Transaction, records: Records) -> dict[str, int]:
    """Import records and let everybody be looked at anew; returns how many rows of each table came."""
    counts = await tx.facts.upsert(records)
    key = f"plan:import:{await tx.facts.version()}"
    await tx.duties.put(Duty(key, DutyKind.PLAN, EVERYBODY, AT_ONCE))
    return counts


async def bring(tx: Transaction, records: Records) -> dict[str, int]:
    """Take in what the company itself says: from now on these people's records follow no source."""
    counts = await take_in(tx, records)
    await tx.people.keep_made([person.id for person in records.people], None)
    return counts
