"""Everything the sync keeps, as one repository."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete

from bot.storage.sync_deals import StoredSourceDeals
from bot.storage.sync_forget import forget_shown
from bot.storage.sync_people import StoredSourcePeople
from bot.storage.sync_publish import StoredPublication
from bot.storage.sync_state import StoredSyncState
from bot.storage.tables import (
    deal_snapshot,
    source_count,
    source_deal,
    source_goal,
    source_person,
    source_stage,
    sync,
)


class StoredSyncs(StoredSyncState, StoredSourcePeople, StoredSourceDeals, StoredPublication):
    """The repository of what sources hold."""

    async def forget(self, source: str, on: date) -> None:
        await forget_shown(self._database, source, on)

    async def disconnect(self, source: str) -> None:
        for table in (source_deal, deal_snapshot, source_count, source_goal, source_stage, source_person, sync):
            await self._database.execute(delete(table).where(table.c.source == source))
