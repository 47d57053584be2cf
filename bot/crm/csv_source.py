"""A folder of CSV files as a source."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from bot.crm.csv_files import read_folder
from bot.crm.records_source import RecordsSource
from bot.services.ports import Clock


def csv_source(folder: Path, clock: Clock, *, known_country: Callable[[str], bool] | None = None) -> RecordsSource:
    """Return the files of ``folder``; its account raises BadInputError with each problem's file, row and column."""
    return RecordsSource("csv", "CSV", partial(read_folder, folder, known_country=known_country), clock)
