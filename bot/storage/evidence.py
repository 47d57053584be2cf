"""What customers gave for a deal as reps record it in Slack, beside what imports say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.coaching.records import Deal, DealId, PersonId, Verifier
from bot.coaching.winning.evidence import Recording
from bot.services.ports.facts import Origin
from bot.storage.columns import columns_of
from bot.storage.sql import upsert
from bot.storage.tables import deal, evidence, facts_state, source_deal, verifier

_COLUMNS = [verifier.c[column] for _, column in columns_of(Verifier)]


class StoredEvidence:
    """The repository of evidence."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def hold(self) -> None:
        await self._connection.execute(select(facts_state.c.version).with_for_update())

    async def deal(self, deal_id: DealId) -> Deal | None:
        query = select(*(deal.c[column] for _, column in columns_of(Deal)))
        query = query.where(deal.c.id == deal_id, deal.c.absent_since.is_(None))
        found = (await self._connection.execute(query)).one_or_none()
        return None if found is None else Deal(*found)

    async def of_deal(self, deal_id: DealId) -> tuple[Verifier, ...]:
        query = select(*_COLUMNS).where(verifier.c.deal == deal_id)
        found = await self._connection.execute(query.order_by(verifier.c.given_on, verifier.c.key))
        return tuple(Verifier(*row) for row in found)

    async def origins(self, deal_id: DealId) -> dict[tuple[str, date], Origin]:
        kept, theirs = verifier.c, source_deal.c
        query = (
            select(kept.key, kept.given_on, kept.source, theirs.fields)
            .select_from(verifier.outerjoin(source_deal, (theirs.source == kept.source) & (theirs.id == kept.deal)))
            .where(kept.deal == deal_id, kept.source.is_not(None), ~spoken_of())
        )
        return {
            (row.key, row.given_on): Origin(row.source, frozenset(row.fields or {}))
            for row in await self._connection.execute(query)
        }

    async def record(self, given: Verifier, *, by: PersonId, at: datetime) -> None:
        await self._grow()
        row = {column: getattr(given, field) for field, column in columns_of(Verifier)}
        await upsert(self._connection, verifier, [row], replace=("given_by", "link", "expires_on", "withdrawn_on"))
        await self._keep(given, by, at)

    async def withdraw(self, given: Verifier, on: date, *, by: PersonId, at: datetime) -> None:
        await self._grow()
        await self._connection.execute(update(verifier).where(_same(verifier, given)).values(withdrawn_on=on))
        await self._keep(replace(given, withdrawn_on=on), by, at)

    async def since(self, deals: Collection[DealId], instant: datetime) -> tuple[Recording, ...]:
        kept = evidence.c
        query = select(evidence).where(kept.deal.in_(sorted(deals)), kept.said_at >= instant)
        return tuple(map(_to_recording, await self._connection.execute(query.order_by(kept.id))))

    async def _grow(self) -> None:
        """What was computed from the records before is to be computed anew; it also makes imports wait in line."""
        await self._connection.execute(update(facts_state).values(version=facts_state.c.version + 1))

    async def _keep(self, said: Verifier, by: PersonId, at: datetime) -> None:
        row = {
            "deal": said.deal,
            "key": said.key,
            "given_on": said.given_on,
            "given_by": said.given_by,
            "link": said.link,
            "withdrawn_on": said.withdrawn_on,
            "said_by": by,
            "said_at": at,
        }
        await self._connection.execute(evidence.insert().values(row))


def spoken_of() -> ColumnElement[bool]:
    """Whether somebody spoke of a row of ``verifier`` in Slack: what they said stays."""
    said, kept = evidence.c, verifier.c
    return exists().where(said.deal == kept.deal, said.key == kept.key, said.given_on == kept.given_on)


async def with_what_was_said(connection: AsyncConnection, imported: Collection[Verifier]) -> tuple[Verifier, ...]:
    """Return imported verifiers as they are to be kept.

    Where somebody spoke in Slack of the very verifier, by deal, key and day, their words stay: an import can end it
    too, by an expiry or a withdrawal where there is none, but not give it back.
    """
    if not imported:
        return ()
    spoken = select(evidence.c.deal, evidence.c.key, evidence.c.given_on).distinct().subquery()
    query = select(*_COLUMNS).join(
        spoken,
        (spoken.c.deal == verifier.c.deal)
        & (spoken.c.key == verifier.c.key)
        & (spoken.c.given_on == verifier.c.given_on),
    )
    said = {_identity(known): known for known in (Verifier(*row) for row in await connection.execute(query))}
    return tuple(one if (ours := said.get(_identity(one))) is None else _ended_by(ours, one) for one in imported)


def _ended_by(said: Verifier, imported: Verifier) -> Verifier:
    return replace(
        said,
        expires_on=said.expires_on or imported.expires_on,
        withdrawn_on=said.withdrawn_on or imported.withdrawn_on,
    )


def _identity(one: Verifier) -> tuple[DealId, str, date]:
    return one.deal, one.key, one.given_on


def _same(table: Table, one: Verifier) -> ColumnElement[bool]:
    return (table.c.deal == one.deal) & (table.c.key == one.key) & (table.c.given_on == one.given_on)


def _to_recording(row: Row[Any]) -> Recording:
    said = Verifier(row.deal, row.key, row.given_by, row.given_on, row.link, withdrawn_on=row.withdrawn_on)
    return Recording(said, row.said_by, row.said_at)
