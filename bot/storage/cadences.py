"""Every cadence decision of a rep, with its reasons."""

from __future__ import annotations

from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.coaching.records import PersonId
from bot.coaching.rhythm.cadence import CadenceDecision
from bot.storage.tables import cadence_decision
from bot.storage.values import CADENCE_DECISION

_INSERT = cadence_decision.insert()
DECISION = cast(cadence_decision.c.decision, Text)
"""As JSON, for ``CADENCE_DECISION.read_json``."""


class StoredCadences:
    """The repository of cadence decisions; none is ever changed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def latest(self, rep: PersonId) -> CadenceDecision | None:
        kept = cadence_decision.c
        query = select(DECISION).where(kept.rep == rep).order_by(kept.id.desc()).limit(1)
        stored = await self._connection.scalar(query)
        return None if stored is None else CADENCE_DECISION.read_json(stored)

    async def add(self, rep: PersonId, decision: CadenceDecision) -> None:
        row = {"rep": rep, "decision": CADENCE_DECISION.write(decision)}
        await self._connection.execute(_INSERT, [row])
