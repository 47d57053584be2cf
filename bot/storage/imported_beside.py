"""What an import said of a figure while a source says otherwise."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Table, case, delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import activity, facts_state, period_goal

FIGURES: dict[Table, tuple[str, ...]] = {period_goal: ("amount", "currency"), activity: ("count",)}
"""The tables of which an import and a source may both give a row, and the columns that say something in it."""


def kept_beside(table: Table) -> dict[str, ColumnElement[Any]]:
    """Return what a row of FIGURES keeps when a source overwrites it: what the import said, if one did."""
    own = table.c.source.is_(None)
    return {
        f"imported_{name}": case((own, table.c[name]), else_=table.c[f"imported_{name}"]) for name in FIGURES[table]
    }


def of_no_source(table: Table) -> dict[str, None]:
    """Return what stands beside the figures in a row of FIGURES that an import writes."""
    return dict.fromkeys(["source", *(f"imported_{name}" for name in FIGURES[table])])


async def give_back(database: AsyncConnection, table: Table, source: str, *where: ColumnElement[bool]) -> None:
    """Let those rows of a source say again what an import said of them; of which none said anything, they go."""
    theirs = (table.c.source == source, *where)
    said = {name: table.c[f"imported_{name}"] for name in FIGURES[table]}
    ours = update(table).where(*theirs, *(one.is_not(None) for one in said.values()))
    await database.execute(ours.values({**said, **of_no_source(table)}))
    await database.execute(delete(table).where(*theirs))


async def say_closings(database: AsyncConnection, source: str, since: date | None) -> None:
    """Keep since when the source knows closings; None: it doesn't say, and what an import said counts."""
    kept, state = facts_state.c, update(facts_state)
    if since is None:
        own = {"closings_known_since": kept.imported_closings, "closings_source": None, "imported_closings": None}
        await database.execute(state.where(kept.closings_source == source).values(own))
        return
    imported = case((kept.closings_source.is_(None), kept.closings_known_since), else_=kept.imported_closings)
    said = {"closings_known_since": since, "closings_source": source, "imported_closings": imported}
    await database.execute(state.values(said))
