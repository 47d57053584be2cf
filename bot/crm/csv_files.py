"""A folder of CSV files in the import format as records."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path

from bot.coaching.records import Records
from bot.coaching.said import say
from bot.crm.csv_table import Table, read_table
from bot.crm.import_format import EVIDENCE, LAYOUTS, REQUIRED
from bot.crm.problems import Problems
from bot.crm.records_tables import records_of
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
        raise BadInputError(
            say(
                "{folder} isn't a folder: name the one that holds {files}.",
                folder=str(folder),
                files=", ".join(REQUIRED),
            )
        )
    problems = Problems()
    _refuse_misspelt_files(folder, problems)
    records = records_of({name: _table(folder, name, problems) for name in LAYOUTS}, known_country)
    problems.refuse_if_any(str(folder))
    return records


def _table(folder: Path, name: str, problems: Problems) -> Table | None:
    path = folder / name
    if path.exists():
        return read_table(path, LAYOUTS[name], problems, prefix=EVIDENCE if name == "deals.csv" else "")
    if name in REQUIRED:
        others = sorted(other.name for other in folder.glob(f"{path.stem}.*") if other.suffix.lower() != ".csv")
        columns = ",".join(column.name for column in LAYOUTS[name] if column.required)
        if others:
            problems.add(name, say("is missing: save {file} as CSV (UTF-8)", file=others[0]))
        else:
            problems.add(name, say("is missing: add it, if only with its first row, {columns}", columns=columns))
    return None


def _refuse_misspelt_files(folder: Path, problems: Problems) -> None:
    """A file that was meant for us mustn't be passed over in silence."""
    for name in sorted(path.name for path in folder.iterdir() if path.suffix.lower() == ".csv"):
        near = difflib.get_close_matches(name.lower(), LAYOUTS, n=1, cutoff=_LIKE_OURS)
        if near and name not in LAYOUTS:
            fault = say("isn't one of our files: rename it to {near}, or move it out of the folder", near=near[0])
            problems.add(name, fault)
