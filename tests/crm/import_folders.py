"""Import folders for tests: a good one, in which a test changes what it is about."""

from pathlib import Path

import pytest

from bot.coaching.records import Records
from bot.crm.csv_files import read_folder
from bot.errors import BadInputError

PEOPLE = "email,name,manager_email\nmia@example.com,Mia Boss,\nrob@example.com,Rob Rep,mia@example.com\n"
DEALS_HEADER = "id,owner_email,name,status,stage,start,close,amount"
DEALS = f"{DEALS_HEADER}\n1,rob@example.com,Acme,won,Closed,2017-03-01,2017-04-01,1200.50\n"
GOALS = "rep_email,period_start,period_end,amount\nrob@example.com,2017-04-01,2017-06-30,5000\n"


def a_folder(place: Path, **files: str | bytes | None) -> Path:
    """Write the good files, each replaced by the text or bytes given for it and left out where None is given."""
    for name, content in {"people": PEOPLE, "deals": DEALS, "goals": GOALS, **files}.items():
        if content is not None:
            (place / f"{name}.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return place


def read(place: Path, **files: str | bytes | None) -> Records:
    return read_folder(a_folder(place, **files))


def problems(place: Path, **files: str | bytes | None) -> tuple[str, ...]:
    """Return what is said against the folder; it fails if nothing is."""
    a_folder(place, **files)
    with pytest.raises(BadInputError) as refused:
        read_folder(place)
    return refused.value.problems


def a_deal(**cells: str) -> str:
    """Return deals.csv with one deal; a column that DEALS_HEADER doesn't have is added to it."""
    row = {
        "id": "1",
        "owner_email": "rob@example.com",
        "name": "Acme",
        "status": "open",
        "stage": "Proposal",
        "start": "2017-03-01",
        "close": "",
        "amount": "1200.50",
        **cells,
    }
    return f"{','.join(row)}\n{','.join(row.values())}\n"
