"""What stands behind the agenda's numbers speaks of the rep's own past, and only where something is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.coaching.behind import behind
from bot.coaching.book import Book
from bot.coaching.numbers import Numbers, numbers_of
from bot.coaching.records import Deal, DealId, DealStatus, PeriodGoal, Person, PersonId, Records
from bot.coaching.settings import Settings
from bot.playbook_file import load

TODAY = date(2017, 10, 4)
ANN = Person(PersonId("ann"), "Ann", "ann@example.com", PersonId("mia"), "East")
OTHERS = tuple(replace(ANN, id=PersonId(f"rep{n}"), name=f"Rep {n}") for n in range(5))


def deals(owner: PersonId) -> tuple[Deal, ...]:
    return tuple(
        Deal(
            DealId(f"{owner}{n}"),
            owner,
            f"Deal {n}",
            DealStatus.WON if n % 2 else DealStatus.LOST,
            TODAY - timedelta(days=400 - 4 * n),
            TODAY - timedelta(days=370 - 4 * n),
            10_000.0,
        )
        for n in range(90)
    )


def numbers(*facts: Deal, goal: float | None = 400_000.0) -> Numbers:
    goals = () if goal is None else (PeriodGoal(ANN.id, date(2017, 10, 1), date(2017, 12, 31), goal),)
    book = Book(Records((ANN, *OTHERS), facts, goals), load(None), TODAY, Settings())
    return numbers_of(book, ANN)


def test_it_says_how_many_starts_are_safe_and_until_when_one_is_of_use() -> None:
    said = " ".join(behind(numbers(*deals(ANN.id))).balance)
    assert "For the quarter to be made in three of four cases it takes" in said
    assert "For the quarter 1 December is the last useful day to start a deal." in said
    assert "the year" not in said, "which has no goal"


def test_the_drivers_stand_beside_the_own_quarters_and_nobody_elses() -> None:
    team = [deal for one in (ANN, *OTHERS) for deal in deals(one.id)]
    said = " ".join(behind(numbers(*team)).aspiration)
    assert "your own quarters before" in said
    assert "middle half" not in said
    assert "5% more starts, a 5% better win rate and 5% larger deals are each worth $" in said


def test_without_records_it_claims_nothing() -> None:
    found = behind(numbers(goal=None))
    assert found.balance == ()
    assert not any("are each worth" in sentence for sentence in found.aspiration)
