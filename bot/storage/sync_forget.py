"""Takes away what people see of a source that is forgotten."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.evidence import spoken_of
from bot.storage.imported_beside import FIGURES, give_back, say_closings
from bot.storage.tables import deal, source_deal, stage_entry, verifier


async def forget_shown(database: AsyncConnection, source: str, on: date) -> None:
    """Take away all that the source said and nobody else did; while it is staged still.

    Its deals become absent and aren't deleted, for agendas, goals and evidence refer to them. A deal that it and an
    import both have is its own, for no two systems give the same ids.
    """
    theirs = select(source_deal.c.id).where(source_deal.c.source == source)
    shown = update(deal).where(deal.c.id.in_(theirs), deal.c.absent_since.is_(None))
    await database.execute(shown.values(absent_since=on))
    await database.execute(delete(stage_entry).where(stage_entry.c.deal.in_(theirs)))
    given = verifier.c.source == source
    await database.execute(delete(verifier).where(given, ~spoken_of()))
    await database.execute(update(verifier).where(given).values(source=None))
    for table in FIGURES:
        await give_back(database, table, source)
    await say_closings(database, source, None)
