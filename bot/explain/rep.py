"""A rep's numbers on a day, as if the first cadence were decided then and nothing had been agreed before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.coaching.aspirations.drivers import Drivers, drivers_of
from bot.coaching.aspirations.path_to_awesome import Path, path_to_awesome
from bot.coaching.book import Book
from bot.coaching.build_pre_read import Rhythm, build_pre_read
from bot.coaching.numbers import Numbers, numbers_of
from bot.coaching.pre_read import PreRead
from bot.coaching.records import Person
from bot.coaching.rhythm.cadence import CadenceDecision, decide
from bot.coaching.rhythm.cadence_inputs import CadenceInputs, inputs_for

MEETING_MINUTES = 30


@dataclass(frozen=True, slots=True)
class Explained:
    """``drivers`` are None without an own run-rate.

    ``path`` leads to the rep's own "awesome"; None where that isn't set, and where only the team's run-rate says that
    it is reached.
    """

    numbers: Numbers
    inputs: CadenceInputs
    cadence: CadenceDecision
    agenda: PreRead
    drivers: Drivers | None
    path: Path | None


def explained(book: Book, person: Person, stages: int) -> Explained:
    """Return a rep of the book with what a first cadence over ``stages`` stages and a first agenda would say."""
    numbers = numbers_of(book, person)
    ground, settings = numbers.ground, book.settings
    inputs = inputs_for(ground, book.feed, book.as_of, settings, stages)
    cadence = decide(inputs, None, book.as_of, settings)
    agenda = build_pre_read(
        numbers,
        (),
        book.playbook,
        rhythm=Rhythm(cadence.interval, cadence.trend, cadence.sentence),
        minutes=MEETING_MINUTES,
        meeting_day=book.as_of + timedelta(days=cadence.interval),
        previous=None,
    )
    own = numbers.aspiration.run_rate
    return Explained(
        numbers=numbers,
        inputs=inputs,
        cadence=cadence,
        agenda=agenda,
        drivers=None if own is None else drivers_of(ground, own),
        path=_path(numbers),
    )


def _path(numbers: Numbers) -> Path | None:
    rate, awesome, ground = numbers.run_rate.value, numbers.aspiration.awesome, numbers.ground
    if rate is None or awesome is None:
        return None
    found = path_to_awesome(rate, awesome, numbers.caps, ground.settings, win_rate=ground.win_rate.value)
    is_own = numbers.aspiration.run_rate is not None
    return found if found is not None and (is_own or not found.is_there) else None
