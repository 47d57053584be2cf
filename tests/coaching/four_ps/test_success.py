"""Which factors make the difference in what an organisation wins: told of everybody together, or not at all."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import playbook_file
from bot.coaching.basis.ground_book import GroundBook
from bot.coaching.book import Book
from bot.coaching.everybody import Everybody
from bot.coaching.four_ps.success import FACTORS, Success, sentence, shares_of, success
from bot.coaching.four_ps.team_blocks import BlockBook
from bot.coaching.organisation import Organisation
from bot.coaching.records import Deal, DealId, DealStatus, Person, PersonId, Records
from bot.coaching.settings import Settings
from bot.crm import maven

SETTINGS = Settings()
TODAY = date(2017, 10, 4)
DATA = Path(maven.__file__).parents[1] / "sandbox" / "data" / "maven-crm"
COUNTS = st.tuples(st.integers(1, 50), st.integers(1, 50), st.integers(1, 50), st.floats(1, 1e6))


def rows(*quarters: tuple[float, float, float, float]) -> np.ndarray:
    """Return the factors of rep-quarters told by starts, closed, won and dollars."""
    return np.array([(starts, closed / starts, won / closed, money / won) for starts, closed, won, money in quarters])


def test_reps_who_differ_in_starts_alone_owe_it_all_to_starts() -> None:
    found = shares_of(rows(*((20 * n, 10 * n, 5 * n, 50_000.0 * n) for n in range(1, 21))), SETTINGS)
    assert found is not None
    assert found.quarters == 20
    assert found.shares == pytest.approx(dict(zip(FACTORS, (1, 0, 0, 0), strict=True)), abs=1e-9)


def test_nineteen_rep_quarters_are_too_few() -> None:
    quarters = [(20, 10, 5, 1_000.0 * n) for n in range(1, 21)]
    assert shares_of(rows(*quarters), SETTINGS) is not None
    assert shares_of(rows(*quarters[1:]), SETTINGS) is None


def test_quarters_that_all_won_the_same_have_no_shares() -> None:
    assert shares_of(rows(*[(20, 10, 5, 50_000.0)] * 25), SETTINGS) is None


@given(st.lists(COUNTS, min_size=20, max_size=40), st.randoms(use_true_random=False))
def test_shares_add_up_to_one_in_any_order_of_quarters(
    quarters: list[tuple[int, int, int, float]], shuffle: random.Random
) -> None:
    found = shares_of(rows(*quarters), SETTINGS)
    shuffle.shuffle(quarters)
    again = shares_of(rows(*quarters), SETTINGS)
    if found is not None and again is not None:
        size = max(1.0, *map(abs, found.shares.values()))
        assert sum(found.shares.values()) == pytest.approx(1, abs=1e-6 * size)
        assert again.shares == pytest.approx(found.shares, abs=1e-6 * size)


def from_blocks(book: GroundBook) -> Success | None:
    """Return the same from every rep's own blocks, as the rep's past is told from them."""
    told = BlockBook(book)
    used = [
        (block.starts, block.closed, block.won, block.won_dollars)
        for owner in book.columns.owners
        if book.person(owner) is not None
        for block in told.of(owner)
        if block.is_full and block.starts and block.won and block.won_dollars > 0
    ]
    return shares_of(rows(*used), book.settings) if used else None


@pytest.mark.parametrize("today", [date(2017, 6, 30), date(2017, 10, 1), date(2017, 12, 31)])
def test_it_is_what_everybodys_own_quarters_say(today: date) -> None:
    book = GroundBook(maven.read(DATA), today, maven.SETTINGS)
    found, expected = success(book), from_blocks(book)
    assert found is not None
    assert expected is not None
    assert found.quarters == expected.quarters
    assert found.shares == pytest.approx(expected.shares)


def test_in_the_public_data_starts_and_deal_size_make_the_difference() -> None:
    """Specification, section 12: 54%, 47% and 1%, over its own rep-quarters."""
    found = success(GroundBook(maven.read(DATA), date(2017, 12, 31), maven.SETTINGS))
    assert found is not None
    assert found.shares["starts"] > 0.4
    assert found.shares["size"] > 0.4
    assert abs(found.shares["win rate"]) < 0.1


DAYS = st.integers(0, 500)
DEALS = st.lists(
    st.tuples(st.integers(0, 6), DAYS, DAYS, st.sampled_from(DealStatus), st.sampled_from([None, 0.0, 10.0, 300.0])),
    max_size=120,
)


@given(DEALS, st.lists(st.one_of(st.none(), DAYS), min_size=7, max_size=7))
def test_whatever_is_on_record_counts_and_blocks_agree(
    told: list[tuple[int, int, int, DealStatus, float | None]], firsts: list[int | None]
) -> None:
    people = tuple(
        Person(PersonId(str(n)), str(n), "", first_day=None if back is None else TODAY - timedelta(days=back))
        for n, back in enumerate(firsts[:6])
    )
    deals = tuple(
        Deal(
            DealId(str(number)),
            PersonId(str(owner)),
            str(number),
            status,
            TODAY - timedelta(days=max(start, close)),
            None if status is DealStatus.OPEN else TODAY - timedelta(days=min(start, close)),
            amount,
        )
        for number, (owner, start, close, status, amount) in enumerate(told)
    )
    few = Settings(shares_min_quarters=1)
    book = GroundBook(Records(people=people, deals=deals), TODAY, few)
    found, expected = success(book), from_blocks(book)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert found.quarters == expected.quarters
        assert found.shares == pytest.approx(expected.shares)


def test_of_an_organisation_told_in_pieces_it_is_not_known() -> None:
    records = maven.read(DATA)
    whole = Organisation(lambda: (records,), (), playbook_file.load(None), TODAY, maven.SETTINGS)
    everybody = whole.everybody()
    assert isinstance(everybody, Everybody)
    assert Book(records, whole.playbook, TODAY, maven.SETTINGS, everybody).success is None
    assert Book(records, whole.playbook, TODAY, maven.SETTINGS).success is not None


def test_the_sentence_names_what_makes_a_difference_the_largest_first_and_no_rep() -> None:
    found = Success({"starts": 0.47, "closing": -0.02, "win rate": 0.01, "size": 0.54}, 118)
    assert sentence(found) == (
        "What makes the difference in what is won here, over 118 quarters of everybody together: "
        "deal size (54%), starts (47%) and win rate (1%)."
    )
