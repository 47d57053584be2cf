"""Shows everybody what is staged of a source, set by set in the database, so that memory doesn't grow with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Select,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.coaching.records import DealStatus, Verifier
from bot.services.source import Days
from bot.storage.columns import columns_of
from bot.storage.evidence import spoken_of, with_what_was_said
from bot.storage.imported_beside import FIGURES, give_back, kept_beside, say_closings
from bot.storage.sql import upsert
from bot.storage.tables import (
    activity,
    deal,
    deal_snapshot,
    period_goal,
    source_count,
    source_deal,
    source_goal,
    source_person,
    source_stage,
    stage_entry,
    verifier,
)

_DEAL = (
    "name", "status", "start_day", "close_day", "amount", "currency", "account", "product", "list_price",
    "expected_close", "lost_reason",
)  # fmt: skip


class StoredPublication:
    """The half of ``Syncs`` that writes the records; all of it in one transaction."""

    def __init__(self, database: AsyncConnection) -> None:
        self._database = database

    async def publish_deals(self, source: str, on: date) -> int:
        changed = await self._deals(source, on)
        await self._stages(source)
        return changed

    async def place_starts(self, source: str, placed: Collection[str], *, every: bool) -> None:
        kept, entry, stage = source_deal.c, stage_entry.c, source_stage.c
        mine = (kept.source == source) & kept.absent_at.is_(None) & (kept.id == deal.c.id)
        entered = select(func.min(entry.entered)).where(entry.deal == deal.c.id, entry.stage.in_(sorted(placed)))
        first = entered.scalar_subquery()
        seen = deal_snapshot.c
        told = exists().where(seen.source == source, seen.deal == deal.c.id, seen.seen_at.is_(None))
        said = select(kept.start_day).where(mine).scalar_subquery()
        elsewhere = exists().where(
            mine,
            kept.status == DealStatus.OPEN,
            stage.source == kept.source,
            stage.id == kept.stage,
            stage.shown.not_in(sorted(placed)),
        )
        start = case((and_(told, first.is_not(None)), first), (and_(elsewhere, first.is_(None)), None), else_=said)
        chosen = exists().where(mine if every else and_(mine, kept.fresh))
        await self._database.execute(update(deal).where(chosen).values(start_day=start))

    async def say_closings(self, source: str, since: date | None) -> None:
        await say_closings(self._database, source, since)

    async def publish_rest(self, source: str, *, counts: Days | None, goals: bool) -> None:
        if counts is not None:
            await self._counts(source, counts)
        if goals:
            await self._goals(source)
        done = update(source_deal).where(source_deal.c.source == source, source_deal.c.fresh)
        await self._database.execute(done.values(fresh=False))

    async def put_verifiers(self, source: str, deals: Collection[str], verifiers: Sequence[Verifier], on: date) -> None:
        kept = verifier.c
        shown = select(deal.c.id).where(deal.c.id.in_(sorted(deals)))
        there = frozenset(await self._database.scalars(shown))
        wanted = [one for one in verifiers if one.deal in there]
        rows = [
            {column: getattr(one, name) for name, column in columns_of(Verifier)} | {"source": source}
            for one in await with_what_was_said(self._database, wanted)
        ]
        await upsert(
            self._database,
            verifier,
            rows,
            replace=("given_by", "link", "expires_on", "withdrawn_on", "source"),
        )
        still = {(one.deal, one.key, one.given_on) for one in wanted}
        given = select(kept.deal, kept.key, kept.given_on).where(
            kept.source == source, kept.deal.in_(sorted(deals)), kept.withdrawn_on.is_(None), ~spoken_of()
        )
        for row in (await self._database.execute(given)).all():
            if (row.deal, row.key, row.given_on) not in still:
                mine = and_(kept.deal == row.deal, kept.key == row.key, kept.given_on == row.given_on)
                ends = max(on, row.given_on)
                await self._database.execute(update(verifier).where(mine).values(withdrawn_on=ends))

    async def _deals(self, source: str, on: date) -> int:
        """Deals of nobody of ours, and those that are gone, are shown as absent if they were shown before."""
        kept, who, stage = source_deal.c, source_person.c, source_stage.c
        joined = source_deal.join(
            source_person, and_(who.source == kept.source, who.id == kept.owner, who.person.is_not(None))
        ).outerjoin(source_stage, and_(stage.source == kept.source, stage.id == kept.stage))
        mine = and_(kept.source == source, kept.fresh)
        shown = select(
            kept.id,
            who.person,
            func.coalesce(stage.shown, kept.stage),
            kept.modified_on,
            literal(None, deal.c.absent_since.type),
            *(kept[name] for name in _DEAL),
        )
        shown = shown.select_from(joined).where(mine, kept.absent_at.is_(None))
        columns = ["id", "owner", "stage", "modified", "absent_since", *_DEAL]
        await self._insert(deal, columns, shown, replace=columns[1:])
        owned = exists().where(who.source == kept.source, who.id == kept.owner, who.person.is_not(None))
        away = select(kept.id).where(mine, or_(kept.absent_at.is_not(None), ~owned))
        gone = update(deal).where(deal.c.id.in_(away), deal.c.absent_since.is_(None))
        await self._database.execute(gone.values(absent_since=on))
        return int(await self._database.scalar(select(func.count()).where(mine)) or 0)

    async def _stages(self, source: str) -> None:
        """What the source itself tells of a deal's stages counts; where it tells nothing, what we saw."""
        kept, seen, stage = source_deal.c, deal_snapshot.c, source_stage.c
        fresh = select(kept.id).where(kept.source == source, kept.fresh)
        shown = exists().where(deal.c.id == seen.deal)
        told = deal_snapshot.alias("told")
        tells = exists().where(told.c.source == source, told.c.deal == seen.deal, told.c.seen_at.is_(None))
        entries = select(seen.deal, func.coalesce(stage.shown, seen.stage), seen.entered).distinct()
        entries = entries.select_from(
            deal_snapshot.outerjoin(source_stage, and_(stage.source == seen.source, stage.id == seen.stage))
        ).where(
            seen.source == source,
            seen.deal.in_(fresh),
            seen.entered.is_not(None),
            seen.stage != "",
            shown,
            or_(seen.seen_at.is_(None), ~tells),
        )
        await self._database.execute(delete(stage_entry).where(stage_entry.c.deal.in_(fresh)))
        await self._insert(stage_entry, ["deal", "stage", "entered"], entries, replace=())

    async def _counts(self, source: str, days: Days) -> None:
        kept, who, there = activity.c, source_person.c, source_count.c
        await give_back(self._database, activity, source, kept.day.between(days.first, days.last))
        # Two people of the source may be one of ours; a deal that isn't shown can't be referred to.
        about = func.coalesce(deal.c.id, "")
        joined = source_count.join(source_person, and_(who.source == there.source, who.id == there.owner)).outerjoin(
            deal, deal.c.id == there.deal
        )
        counted = func.sum(there.count)
        counts = (
            select(who.person, there.type, there.day, about, there.contact, deal.c.id, counted, literal(source))
            .select_from(joined)
            .where(
                there.source == source,
                who.person.is_not(None),
                there.day.between(days.first, days.last),
            )
            .group_by(who.person, there.type, there.day, there.contact, deal.c.id)
        )
        columns = ["rep", "type", "day", "about", "contact", "deal", "count", "source"]
        await self._insert(activity, columns, counts, replace=("count", "source"))

    async def _goals(self, source: str) -> None:
        who, there = source_person.c, source_goal.c
        await give_back(self._database, period_goal, source)
        joined = source_goal.join(source_person, and_(who.source == there.source, who.id == there.owner))
        goals = (
            select(
                who.person,
                there.start_day,
                there.end_day,
                func.sum(there.amount),
                func.max(there.currency),
                literal(source),
            )
            .select_from(joined)
            .where(there.source == source, who.person.is_not(None))
            .group_by(who.person, there.start_day, there.end_day)
        )
        columns = ["rep", "start_day", "end_day", "amount", "currency", "source"]
        await self._insert(period_goal, columns, goals, replace=("amount", "currency", "source"))

    async def _insert(self, table: Table, columns: Sequence[str], rows: Select[Any], *, replace: Sequence[str]) -> None:
        insert = (sqlite.insert if self._database.dialect.name == "sqlite" else postgresql.insert)(table)
        # SQLite takes an ON CONFLICT after a SELECT for a join unless a WHERE stands between them.
        filled = insert.from_select(list(columns), rows if rows.whereclause is not None else rows.where(true()))
        keys = [column.name for column in table.primary_key]
        if replace:
            new = {name: filled.excluded[name] for name in replace} | (kept_beside(table) if table in FIGURES else {})
            await self._database.execute(filled.on_conflict_do_update(index_elements=keys, set_=new))
        else:
            await self._database.execute(filled.on_conflict_do_nothing(index_elements=keys))
