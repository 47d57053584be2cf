"""The average multiple is that of all reps together, and each rep's own need is the one of the agenda."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.coaching.book import Book
from bot.coaching.build_pre_read import Rhythm, build_pre_read
from bot.coaching.numbers import numbers_of
from bot.coaching.organisation import Organisation
from bot.coaching.playbook import Playbook, Stage
from bot.coaching.records import Deal, DealId, DealStatus, PeriodGoal, Person, PersonId, Records
from bot.coaching.settings import Settings

TODAY = date(2026, 3, 31)
SETTINGS = Settings()
PLAYBOOK = Playbook("Ours", ("revenue",), (Stage("Need", "Need"),), (), (), ())
ANN, BOB, CY = (Person(PersonId(name), name, f"{name}@example.com") for name in ("ann", "bob", "cy"))


def deals(rep: Person, number: int, status: DealStatus, age: int, amount: float = 10_000.0) -> tuple[Deal, ...]:
    start = TODAY - timedelta(days=age)
    close = None if status is DealStatus.OPEN else start + timedelta(days=30 + number % 7)
    return tuple(
        Deal(DealId(f"{rep.id} {status} {age} {n}"), rep.id, "deal", status, start, close, amount)
        for n in range(number)
    )


RECORDS = Records(
    people=(ANN, BOB, CY),
    deals=(
        *deals(ANN, 20, DealStatus.WON, 120),
        *deals(ANN, 20, DealStatus.LOST, 100),
        *deals(ANN, 3, DealStatus.OPEN, 5, 50_000.0),
        *deals(BOB, 5, DealStatus.WON, 150),
        *deals(BOB, 40, DealStatus.LOST, 140),
        *deals(BOB, 4, DealStatus.OPEN, 36, 20_000.0),
    ),
    goals=(PeriodGoal(ANN.id, date(2026, 4, 1), date(2026, 6, 30), 90_000.0),),
)


def a_book() -> Book:
    return Book(RECORDS, PLAYBOOK, TODAY, SETTINGS)


def test_the_average_is_all_live_pipeline_over_all_that_is_expected_of_it():
    book = a_book()
    quarters = [numbers_of(book, person).horizons[1] for person in (ANN, BOB, CY)]
    assert book.coverage.average == pytest.approx(
        sum(quarter.live for quarter in quarters) / sum(quarter.live_expected for quarter in quarters)
    )
    for person, quarter in zip((ANN, BOB, CY), quarters, strict=True):
        assert book.coverage.of(person.id).need == quarter.need


def test_a_rep_reads_of_it_only_beside_the_own_need():
    book = a_book()

    def agenda(person: Person, average: float | None) -> str:
        return build_pre_read(
            numbers_of(book, person),
            (),
            PLAYBOOK,
            rhythm=Rhythm(14),
            minutes=30,
            meeting_day=TODAY,
            previous=None,
            average_need=average,
        ).coverage

    assert "your own number is" in agenda(ANN, book.coverage.average)
    assert agenda(ANN, None) == ""
    assert agenda(BOB, book.coverage.average) == "", "without a goal no need is shown"


def test_an_organisation_told_in_pieces_has_no_average():
    told = Organisation(lambda: (RECORDS,), frozenset(), PLAYBOOK, TODAY, SETTINGS)
    (book,) = told.books()
    assert book.coverage.average is None
    assert book.coverage.fit(ANN.id) is None


def test_without_open_deals_there_is_no_average():
    closed = replace(RECORDS, deals=deals(ANN, 20, DealStatus.WON, 120))
    assert Book(closed, PLAYBOOK, TODAY, SETTINGS).coverage.average is None
