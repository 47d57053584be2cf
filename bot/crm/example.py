"""A few records to begin a folder of one's own with."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from bot.coaching.records import Deal, DealId, DealStatus, PeriodGoal, Person, PersonId, Records
from bot.crm.import_format import LAYOUTS
from bot.crm.write_csv import write_folder
from bot.errors import UserError

NEEDED = ("people.csv", "deals.csv", "goals.csv")


def write_example(folder: Path, today: date) -> Path:
    """Write the three needed files with a manager and two reps, in whose place one puts one's own; returns ``folder``.

    Raises UserError where the folder holds a file of the format already.
    """
    there = sorted(name for name in LAYOUTS if (folder / name).exists())
    if there:
        raise UserError(  # no words: of the command line
            f"{folder} holds {', '.join(there)} already: name a new folder."
        )
    write_folder(_records(today), folder)
    for name in LAYOUTS:
        if name not in NEEDED:
            (folder / name).unlink(missing_ok=True)
    return folder


def _records(today: date) -> Records:
    mia = Person(  # no words: an example
        PersonId("mia@example.com"), "Mia Manager", "mia@example.com", timezone="America/New_York", country="US"
    )
    reps = tuple(  # no words: an example
        Person(PersonId(f"{word}@example.com"), name, f"{word}@example.com", mia.id, "Central", timezone=mia.timezone)
        for word, name in (("rob", "Rob Rep"), ("ada", "Ada Rep"))
    )
    first = today.replace(day=1)
    last = (first + timedelta(days=92)).replace(day=1) - timedelta(days=1)
    deals = tuple(deal for rep in reps for deal in _deals(rep.id, today))
    return Records(
        people=(mia, *reps), deals=deals, goals=tuple(PeriodGoal(rep.id, first, last, 60_000.0) for rep in reps)
    )


def _deals(rep: PersonId, today: date) -> tuple[Deal, ...]:
    word = rep.partition("@")[0]
    ago = [today - timedelta(days=days) for days in (120, 75, 40, 12)]
    return (  # no words: an example
        Deal(DealId(f"{word}-1"), rep, "Acme, first order", DealStatus.WON, ago[0], ago[1], 12_000.0, stage="Won"),
        Deal(DealId(f"{word}-2"), rep, "Globex, pilot", DealStatus.LOST, ago[0], ago[2], stage="Lost"),
        Deal(DealId(f"{word}-3"), rep, "Initech, renewal", DealStatus.OPEN, ago[3], None, 18_000.0, stage="Proposal"),
    )
