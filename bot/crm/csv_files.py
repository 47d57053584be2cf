"""A folder of CSV files in the import format as records."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bot.coaching.records import Records
from bot.crm import cells
from bot.crm.csv_table import Table, read_table
from bot.crm.deals_file import read_deals
from bot.crm.facts_files import read_activities, read_goals, read_stage_history
from bot.crm.import_format import EVIDENCE, LAYOUTS, REQUIRED
from bot.crm.people_file import read_people
from bot.crm.problems import Problems
from bot.crm.verifiers_files import VerifierReader
from bot.errors import BadInputError

__all__ = ["Records", "read_folder"]

_LIKE_OURS = 0.8
"""How alike a file's name must be to one of ours to be taken for its misspelling: "deal.csv", "deals (1).csv"."""


def read_folder(folder: Path, *, known_country: Callable[[str], bool] | None = None) -> Records:
    """Return what the files of ``folder`` say, each kind in its file's order.

    ``known_country`` says for which codes public holidays are known; None accepts every code of the right form.
    Raises BadInputError with every problem's file, row, column and remedy: either everything is read or nothing.
    """
    if not folder.is_dir():
        raise BadInputError(f"{folder} isn't a folder: name the one that holds {', '.join(REQUIRED)}.")
    problems = Problems()
    _refuse_misspelt_files(folder, problems)
    tables = {name: _table(folder, name, problems) for name in LAYOUTS}
    people, by_email = read_people(tables["people.csv"], known_country)
    deals, by_id = read_deals(tables["deals.csv"], by_email)
    records = Records(
        people=people,
        deals=deals,
        goals=read_goals(tables["goals.csv"], by_email),
        activities=read_activities(tables["activities.csv"], by_email, by_id),
        stage_history=read_stage_history(tables["stage_history.csv"], by_id),
        verifiers=VerifierReader(by_id).read(tables["verifiers.csv"], tables["deals.csv"]),
        closings_known_since=_closings_known_since(tables["about.csv"]),
    )
    problems.refuse_if_any(str(folder))
    return records


def _table(folder: Path, name: str, problems: Problems) -> Table | None:
    path = folder / name
    if path.exists():
        return read_table(path, LAYOUTS[name], problems, prefix=EVIDENCE if name == "deals.csv" else "")
    if name in REQUIRED:
        others = sorted(other.name for other in folder.glob(f"{path.stem}.*") if other.suffix.lower() != ".csv")
        columns = ",".join(column.name for column in LAYOUTS[name] if column.required)
        remedy = f"save {others[0]} as CSV (UTF-8)" if others else f"add it, if only with its first row, {columns}"
        problems.add(name, f"is missing: {remedy}")
    return None


def _refuse_misspelt_files(folder: Path, problems: Problems) -> None:
    """A file that was meant for us mustn't be passed over in silence."""
    for name in sorted(path.name for path in folder.iterdir() if path.suffix.lower() == ".csv"):
        near = difflib.get_close_matches(name.lower(), LAYOUTS, n=1, cutoff=_LIKE_OURS)
        if near and name not in LAYOUTS:
            problems.add(name, f"isn't one of our files: rename it to {near[0]}, or move it out of the folder")


def _closings_known_since(table: Table | None) -> date | None:
    if table is None or not table.rows:
        return None
    for row in table.rows[1:]:
        row.refuse("closings_known_since", "is a second day: keep one row")
    return table.rows[0].read("closings_known_since", cells.day)
