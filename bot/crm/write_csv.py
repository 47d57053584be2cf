"""Records as a folder of CSV files in the import format."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from bot.coaching.records import CommissionBand, PersonId, Records
from bot.crm.csv_table import FORMULA
from bot.crm.import_format import LAYOUTS

Value = str | date | float | bool | tuple[CommissionBand, ...] | None


def write_folder(records: Records, folder: Path) -> Path:
    """Write every file of the format and return ``folder``; reading it gives ``records`` again.

    Text that a spreadsheet would take for a formula gets a single quote before it, which reading removes. ``records``
    must hold together: whoever they refer to is in them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    emails = {person.id: person.email for person in records.people}
    for name, rows in _files(records, emails).items():
        # With the byte order mark, or spreadsheets take the text for Windows-1252.
        with (folder / name).open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            columns = [column.name for column in LAYOUTS[name]]
            writer.writerow(columns)
            writer.writerows([_cell(row[column]) for column in columns] for row in rows)
    return folder


def _files(records: Records, emails: Mapping[PersonId, str]) -> dict[str, Iterator[dict[str, Value]]]:
    return {
        "people.csv": (
            _fields(one) | {"manager_email": emails[one.manager_id] if one.manager_id else None}
            for one in records.people
        ),
        "deals.csv": (_fields(one) | {"owner_email": emails[one.owner]} for one in records.deals),
        "goals.csv": (
            _fields(one) | {"rep_email": emails[one.rep], "period_start": one.start, "period_end": one.end}
            for one in records.goals
        ),
        "activities.csv": (
            _fields(one) | {"owner_email": emails[one.rep], "at": one.on, "deal_id": one.deal}
            for one in records.activities
        ),
        "stage_history.csv": (
            _fields(one) | {"deal_id": one.deal, "entered_at": one.entered} for one in records.stage_history
        ),
        "verifiers.csv": (_fields(one) | {"deal_id": one.deal, "verifier": one.key} for one in records.verifiers),
        "about.csv": iter([{"closings_known_since": records.closings_known_since}]),
    }


def _fields(record: object) -> dict[str, Value]:
    return {name: getattr(record, name) for name in getattr(type(record), "__slots__", ())}


def _cell(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return _number(value)
        case date():
            return value.isoformat()
        case str():
            return f"'{value}" if FORMULA.match(value) else value
        case _:
            return ";".join(f"{_number(band.attainment)}:{_number(band.rate)}" for band in value)


def _number(value: float) -> str:
    """Return the shortest digits that read back as the same number, never in powers of ten."""
    return format(Decimal(repr(value)), "f")
