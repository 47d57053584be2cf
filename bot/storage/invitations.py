"""Whose teams hold 1:1s with Cadence by now."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.ports.invitations import Invitation, Reach
from bot.storage.sql import insert_once
from bot.storage.tables import invitation, reach


class StoredInvitations:
    """The repository of who was invited; it keeps what it read, for every 1:1 that is planned asks."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._known: Reach | None = None

    async def reach(self) -> Reach:
        if self._known is None:
            found = (await self._connection.execute(select(reach))).one_or_none()
            general = Reach() if found is None else Reach(found.everybody, found.by_choice, found.version)
            rows = await self._connection.execute(select(invitation).order_by(invitation.c.manager))
            self._known = replace(general, invitations=tuple(_to_invitation(row) for row in rows))
        return self._known

    async def widen(self, to: Reach, *, was: Reach) -> bool:
        row = {"everybody": to.everybody, "by_choice": to.by_choice, "version": was.version + 1}
        self._known = None
        if was.version == 0:
            return await insert_once(self._connection, reach, {"id": 1, **row})
        mine = update(reach).where(reach.c.version == was.version)
        return (await self._connection.execute(mine.values(row))).rowcount == 1

    async def invite(self, one: Invitation) -> bool:
        self._known = None
        return await insert_once(self._connection, invitation, _to_row(one))

    async def save(self, one: Invitation, *, was: Invitation) -> bool:
        self._known = None
        mine = (invitation.c.manager == was.manager) & (invitation.c.version == was.version)
        result = await self._connection.execute(update(invitation).where(mine).values(_to_row(one)))
        return result.rowcount == 1


def _to_row(one: Invitation) -> dict[str, object]:
    return {"manager": one.manager, "state": one.state, "since": one.since, "said_by": one.by, "version": one.version}


def _to_invitation(row: Row[Any]) -> Invitation:
    return Invitation(row.manager, row.state, row.since, row.said_by, row.version)
