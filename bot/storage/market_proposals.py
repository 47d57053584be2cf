"""What managers were asked when most of a team turned down at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.coaching.records import PersonId
from bot.coaching.rhythm.market import MarketProposal, Shortening
from bot.storage.sql import insert_once
from bot.storage.tables import market_proposal


def _to_row(one: MarketProposal) -> dict[str, Any]:
    return {
        "id": one.id,
        "manager": one.manager,
        "asked_on": one.asked_on,
        "down": one.down,
        "team": one.team,
        "changes": [[change.rep, change.was, change.to] for change in one.changes],
        "answer": one.answer,
        "version": one.version,
        "answered_at": one.answered_at,
    }


def _to_proposal(row: Row[Any]) -> MarketProposal:
    return MarketProposal(
        id=row.id,
        manager=row.manager,
        asked_on=row.asked_on,
        down=row.down,
        team=row.team,
        changes=tuple(Shortening(PersonId(rep), was, to) for rep, was, to in row.changes),
        answer=row.answer,
        version=row.version,
        answered_at=row.answered_at,
    )


class StoredMarketProposals:
    """The repository of what managers are asked about their whole team."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, proposal: str) -> MarketProposal | None:
        return await self._one(select(market_proposal).where(market_proposal.c.id == proposal))

    async def latest(self, manager: PersonId) -> MarketProposal | None:
        asked = select(market_proposal).where(market_proposal.c.manager == manager)
        return await self._one(asked.order_by(market_proposal.c.asked_on.desc()).limit(1))

    async def add(self, one: MarketProposal) -> bool:
        return await insert_once(self._connection, market_proposal, _to_row(one))

    async def save(self, one: MarketProposal, *, was: MarketProposal) -> bool:
        table = market_proposal.c
        mine = (table.id == was.id) & (table.answer == was.answer) & (table.version == was.version)
        result = await self._connection.execute(update(market_proposal).where(mine).values(_to_row(one)))
        return result.rowcount == 1

    async def _one(self, query: Select[Any]) -> MarketProposal | None:
        found = (await self._connection.execute(query)).one_or_none()
        return None if found is None else _to_proposal(found)
