"""The deals, their history, counts and goals of a source, staged until they are shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.ports.sync import FreshDeal, StagedDeal, StagedMove
from bot.services.source import ActivityCount, Days, SourceGoal
from bot.storage.sql import upsert
from bot.storage.tables import deal_snapshot, source_count, source_deal, source_goal, verifier
from bot.storage.values import GIVEN

_COLUMN_OF = {"start": "start_day", "close": "close_day"}
_PLAIN = (
    "name", "status", "owner", "stage", "amount", "currency", "start", "close", "expected_close", "modified",
    "modified_on", "lost_reason", "account", "product", "list_price",
)  # fmt: skip
_COLUMNS = (*(_COLUMN_OF.get(name, name) for name in _PLAIN), "fields", "given")
_TRACKED = ("stage", "status", "owner", "amount", "currency", "close_day", "expected_close")
"""Each change of one of these is kept in a snapshot."""


class StoredSourceDeals:
    """The half of ``Syncs`` about what people own."""

    def __init__(self, database: AsyncConnection) -> None:
        self._database = database

    async def keep_deals(
        self, source: str, run: int, deals: Sequence[StagedDeal], *, at: datetime, on: date, has_history: bool
    ) -> None:
        news = {one.id: one for one in deals}  # of one that comes twice on a page the later counts
        query = select(source_deal).where(source_deal.c.source == source, source_deal.c.id.in_(sorted(news)))
        known = {row.id: row for row in await self._database.execute(query)}
        rows, snapshots, unchanged = [], [], []
        for one in news.values():
            old, row = known.get(one.id), _row(one)
            is_other = old is None or old.absent_at is not None or any(_get(old, name) != row[name] for name in row)
            if old is not None and (not is_other or _is_older(one, old)):
                unchanged.append(one.id)
                continue
            if old is None or any(_get(old, name) != row[name] for name in _TRACKED):
                snapshots.append(_snapshot(source, one, old, at, on))
            moved = old is None or old.stage != one.stage
            due = has_history and (moved or (old is not None and old.history_due))
            flags = {"run": run, "absent_at": None, "fresh": True, "history_due": due}
            rows.append({"source": source, "id": one.id, **row, **flags})
        await upsert(
            self._database,
            source_deal,
            rows,
            replace=(*_COLUMNS, "run", "absent_at", "fresh", "history_due"),
        )
        if snapshots:
            await self._database.execute(deal_snapshot.insert(), snapshots)
        if unchanged:
            seen = update(source_deal).where(source_deal.c.source == source, source_deal.c.id.in_(unchanged))
            await self._database.execute(seen.values(run=run))
        absorbed = [each for one in news.values() for each in one.absorbed]
        await self.mark_gone(source, absorbed, at)

    async def mark_gone(self, source: str, deals: Collection[str], at: datetime) -> int:
        if not deals:
            return 0
        kept = source_deal.c
        gone = update(source_deal).where(kept.source == source, kept.id.in_(sorted(deals)), kept.absent_at.is_(None))
        return (await self._database.execute(gone.values(absent_at=at, fresh=True))).rowcount

    async def unseen(self, source: str, run: int) -> tuple[int, int]:
        kept = source_deal.c
        present = select(func.count()).where(kept.source == source, kept.absent_at.is_(None))
        missing = await self._database.scalar(present.where(kept.run < run))
        return int(missing or 0), int(await self._database.scalar(present) or 0)

    async def mark_unseen(self, source: str, run: int, at: datetime) -> None:
        kept = source_deal.c
        gone = update(source_deal).where(kept.source == source, kept.run < run, kept.absent_at.is_(None))
        await self._database.execute(gone.values(absent_at=at, fresh=True))

    async def history_due(self, source: str, limit: int) -> tuple[str, ...]:
        """Open deals first: theirs is looked at soonest."""
        kept = source_deal.c
        due = select(kept.id).where(kept.source == source, kept.history_due, kept.absent_at.is_(None))
        return tuple(await self._database.scalars(due.order_by(kept.status != "open", kept.id).limit(limit)))

    async def owners_of(self, source: str, deals: Collection[str]) -> dict[str, str]:
        kept = source_deal.c
        query = select(kept.id, kept.owner).where(kept.source == source, kept.id.in_(sorted(deals)))
        return {row.id: row.owner for row in await self._database.execute(query)}

    async def keep_history(self, source: str, deals: Collection[str], moves: Sequence[StagedMove]) -> None:
        kept, named = deal_snapshot.c, sorted(deals)
        told = delete(deal_snapshot).where(kept.source == source, kept.deal.in_(named), kept.seen_at.is_(None))
        await self._database.execute(told)
        rows = [
            {"source": source, "deal": move.deal, "seen_at": None, "stage": move.stage, "entered": move.day}
            for move in dict.fromkeys(moves)
        ]
        if rows:
            await self._database.execute(deal_snapshot.insert(), rows)
        mine = update(source_deal).where(source_deal.c.source == source, source_deal.c.id.in_(named))
        await self._database.execute(mine.values(history_due=False, fresh=True))

    async def has_counts(self, source: str) -> bool:
        query = select(source_count.c.owner).where(source_count.c.source == source).limit(1)
        return await self._database.scalar(query) is not None

    async def clear_counts(self, source: str, days: Days) -> None:
        kept = source_count.c
        mine = delete(source_count).where(kept.source == source, kept.day.between(days.first, days.last))
        await self._database.execute(mine)

    async def add_counts(self, source: str, counts: Collection[ActivityCount]) -> None:
        names = ("owner", "type", "day", "deal", "contact", "count")
        rows = [{name: getattr(one, name) for name in names} | {"source": source} for one in counts]
        if not rows:
            return
        insert = (sqlite.insert if self._database.dialect.name == "sqlite" else postgresql.insert)(source_count)
        more = {"count": source_count.c.count + insert.excluded.count}
        await self._database.execute(
            insert.on_conflict_do_update(index_elements=list(source_count.primary_key), set_=more), rows
        )

    async def clear_goals(self, source: str) -> None:
        await self._database.execute(delete(source_goal).where(source_goal.c.source == source))

    async def add_goals(self, source: str, goals: Collection[SourceGoal], currency: str) -> None:
        rows = [
            {
                "source": source,
                "owner": one.owner,
                "start_day": one.start,
                "end_day": one.end,
                "amount": one.amount,
                "currency": one.currency or currency,
            }
            for one in goals
        ]
        await upsert(self._database, source_goal, rows, replace=("amount", "currency"))

    async def fresh_evidence(self, source: str, after: str, limit: int) -> tuple[FreshDeal, ...]:
        kept = source_deal.c
        gave = (verifier.c.deal == kept.id) & (verifier.c.source == source) & verifier.c.withdrawn_on.is_(None)
        something = or_(kept.fields.is_not(None), kept.given.is_not(None), select(verifier.c.key).where(gave).exists())
        query = (
            select(kept.id, kept.fields, kept.given, kept.modified_on)
            .where(kept.source == source, kept.fresh, kept.id > after, something)
            .order_by(kept.id)
            .limit(limit)
        )
        rows = (await self._database.execute(query)).all()
        standing: dict[str, dict[str, date]] = {row.id: {} for row in rows}
        known = select(verifier.c.deal, verifier.c.key, verifier.c.given_on).where(
            verifier.c.deal.in_(standing), verifier.c.source == source, verifier.c.withdrawn_on.is_(None)
        )
        for one in await self._database.execute(known.order_by(verifier.c.given_on)):
            standing[one.deal][one.key] = one.given_on
        return tuple(
            FreshDeal(row.id, row.fields or {}, GIVEN.read(row.given or []), row.modified_on, standing[row.id])
            for row in rows
        )


def _row(one: StagedDeal) -> dict[str, Any]:
    plain = {_COLUMN_OF.get(name, name): getattr(one, name) for name in _PLAIN}
    return plain | {"fields": dict(one.fields) or None, "given": GIVEN.write(one.given) or None}


def _get(row: Row[Any], name: str) -> Any:
    return row._mapping[name]  # noqa: SLF001 - a row's columns may be called like its methods


def _is_older(one: StagedDeal, known: Row[Any]) -> bool:
    return one.modified is not None and known.modified is not None and one.modified < known.modified


def _snapshot(source: str, one: StagedDeal, old: Row[Any] | None, at: datetime, on: date) -> dict[str, Any]:
    entered = one.moved
    if entered is None and old is not None and old.stage != one.stage:
        entered = one.modified_on or on
    return {
        "source": source,
        "deal": one.id,
        "seen_at": at,
        "stage": one.stage,
        "entered": entered,
        "status": one.status,
        "owner": one.owner,
        "amount": one.amount,
        "currency": one.currency,
        "close_day": one.close or one.expected_close,
    }
