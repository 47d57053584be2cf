"""A folder of CSV files in whichever format it is."""

from __future__ import annotations

from pathlib import Path

from bot.coaching.records import Records
from bot.crm import csv_files, maven


def read_any(folder: Path) -> Records:
    """Return the records of the public data set or of the import format; raises BadInputError as their readers do."""
    return maven.read(folder) if maven.is_maven(folder) else csv_files.read_folder(folder)
