"""A folder of CSV files under the contract suite of the sources."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.clock import ManualClock
from bot.coaching.records import Records
from bot.crm.csv_files import read_folder
from bot.crm.records_source import RecordsSource
from tests.crm.held import NOW, Case, Held, Opened

DEAL_COLUMNS = {
    "id": "id", "name": "name", "status": "status", "stage": "stage", "start": "started", "close": "closed",
    "amount": "amount", "currency": "currency", "account": "account", "product": "product", "list_price": "list_price",
    "expected_close": "expected_close", "lost_reason": "lost_reason",
}  # fmt: skip
"""Which field of a deal stands in which column."""


def write(held: Held, folder: Path) -> None:
    """Write what is held in the import format; a stage is known by its id there."""
    emails = {one.id: one.email for one in held.people}
    _write(folder / "people.csv", "id,email,name,manager_email,team,active", [
        (one.id, one.email, one.name, emails.get(one.manager, ""), one.team, "yes" if one.active else "no")
        for one in held.people
    ])  # fmt: skip
    _write(
        folder / "deals.csv",
        ",".join(("owner_email", *DEAL_COLUMNS)),
        [
            (emails[one.owner], *(getattr(one, name) for name in DEAL_COLUMNS.values()))
            for one in held.deals.values()
        ],
    )  # fmt: skip
    _write(folder / "goals.csv", "rep_email,period_start,period_end,amount,currency", [
        (emails[one.owner], one.start, one.end, one.amount, one.currency) for one in held.goals
    ])  # fmt: skip
    _write(folder / "stage_history.csv", "deal_id,stage,entered_at", [
        (one.deal, one.stage, one.at) for one in held.moves if one.deal in held.deals
    ])  # fmt: skip
    _write(folder / "activities.csv", "owner_email,type,at,deal_id", [
        (emails[one.owner], one.type, one.at, one.deal) for one in held.did
    ])  # fmt: skip


def _write(path: Path, header: str, rows: list[tuple[object, ...]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(["" if cell is None else cell for cell in row] for row in rows)


@asynccontextmanager
async def opened(held: Held, folder: Path) -> AsyncIterator[Opened]:
    def written_first() -> Records:
        write(held, folder)
        return read_folder(folder)

    source = RecordsSource("csv", "CSV", written_first, ManualClock(NOW))
    yield Opened(source, held)
    await source.close()


CSV = Case(
    "csv",
    opened,
    drops=frozenset(
        {
            "account.now", "account.timezone", "account.currency",
            "person.record", "person.timezone",
            "stage.name", "stage.pipeline", "stage.pipeline_name", "stage.position", "stage.probability",
            "stage.status",
            "deal.stage_since", "deal.modified",
        }
    ),
    days_only=True,
    names_used_stages=True,
)  # fmt: skip
