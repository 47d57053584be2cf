"""How long one rep's pre-read takes once records are loaded and the day's book is made."""

from __future__ import annotations

import statistics
import time
from datetime import date, timedelta
from pathlib import Path

from bot.coaching.book import Book
from bot.coaching.build_pre_read import Rhythm, build_pre_read
from bot.coaching.numbers import numbers_of
from bot.coaching.records import Person, Records
from bot.coaching.settings import DEFAULTS, Settings
from bot.crm import maven
from bot.playbook_file import load
from tests.bench.organisation import TODAY, teams, together

DATA = Path(maven.__file__).parents[1] / "sandbox" / "data" / "maven-crm"
RHYTHM = Rhythm(14)
ROUNDS = 3


def report() -> None:
    playbook = load(None)
    print(f"{'':44}{'median':>9}{'p95':>9}{'max':>9}{'book':>9}")
    _line("public set, 30 reps with deals", maven.read(DATA), date(2017, 10, 2), maven.SETTINGS)
    made_up = together(teams(40, 300, playbook, everything=True))
    _line("40 reps of 300 deals with all their records", made_up, TODAY, DEFAULTS)


def _line(name: str, records: Records, today: date, settings: Settings) -> None:
    """Print a set's line; the book is what all reps of a day share, made once."""
    owners = {deal.owner for deal in records.deals}
    reps = [person for person in records.people if person.id in owners]
    taken: list[float] = []
    made: list[float] = []
    for _ in range(ROUNDS):
        began = time.process_time()
        book = Book(records, load(None), today, settings)
        agenda_of(book, reps[0])  # what the whole organisation shares and is computed when first asked for
        made.append(time.process_time() - began)
        for rep in reps:
            began = time.process_time()
            agenda_of(book, rep)
            taken.append(time.process_time() - began)
    taken.sort()
    shown = (statistics.median(taken), taken[int(0.95 * len(taken))], taken[-1], statistics.median(made))
    print(f"{name:44}{''.join(f'{1e3 * value:9.1f}' for value in shown)}")


def agenda_of(book: Book, rep: Person) -> None:
    """Compute all numbers of a rep, and the agenda from them."""
    build_pre_read(
        numbers_of(book, rep),
        (),
        book.playbook,
        rhythm=RHYTHM,
        minutes=30,
        meeting_day=book.as_of + timedelta(days=1),
        previous=None,
    )
