"""What a rep's blocks of 91 days count, and when a block is whole."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching.aspirations.drivers import Driver
from bot.coaching.basis.ground_book import ground_for
from bot.coaching.four_ps.blocks import Block, blocks, known_since
from bot.coaching.records import Deal, DealId, DealStatus, Person, PersonId, Records
from bot.coaching.settings import Settings

TODAY = date(2026, 3, 31)
SETTINGS = Settings()
OPEN, WON, LOST = DealStatus.OPEN, DealStatus.WON, DealStatus.LOST
ANN, BOB = PersonId("ann"), PersonId("bob")
LONG_AGO = date(2024, 1, 22)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def deals(number: int, status: DealStatus, start: int, close: int | None = None, owner: PersonId = ANN, **known):
    return tuple(
        Deal(
            DealId(f"{owner} {status} {start} {close} {n} {known.get('amount')}"),
            owner,
            "deal",
            status,
            ago(start),
            None if close is None else ago(close),
            **{"amount": 1_000.0, **known},
        )
        for n in range(number)
    )


def found(*groups: tuple[Deal, ...], number: int | None = None, first_day: date | None = LONG_AGO) -> tuple[Block, ...]:
    people = (Person(ANN, "Ann", "ann@example.com", first_day=first_day), Person(BOB, "Bob", "bob@example.com"))
    records = Records(people=people, deals=tuple(deal for group in groups for deal in group))
    return blocks(ground_for(ANN, records, TODAY, SETTINGS), number)


OLD = deals(1, LOST, 700, 690)


def test_a_block_ends_today_and_the_next_one_the_day_before_it_begins():
    now, before = found(OLD, number=2)
    assert (now.first, now.last) == (ago(90), TODAY)
    assert (before.first, before.last) == (ago(181), ago(91))


def test_there_are_up_to_three_full_blocks_before():
    assert len(found(OLD)) == 4


@pytest.mark.parametrize(("first_day", "number"), [(90, 1), (180, 1), (181, 2), (272, 3), (363, 4)])
def test_a_block_before_counts_only_when_the_rep_was_there_all_of_it(first_day, number):
    assert len(found(OLD, first_day=ago(first_day))) == number


def test_the_newest_block_is_full_from_the_91st_day_on():
    assert not found(OLD, first_day=ago(89))[0].is_full
    assert found(OLD, first_day=ago(90))[0].is_full


def test_without_records_there_is_one_block_that_is_not_full():
    only = found()
    assert [(block.starts, block.is_full) for block in only] == [(0, False)]


def test_without_a_first_day_the_first_start_is_the_rep_s_first_day():
    assert len(found(deals(1, OPEN, 100), deals(1, LOST, 700, 690, BOB), first_day=None)) == 1


def test_records_older_than_the_first_known_closings_do_not_count_as_history():
    people = (Person(ANN, "Ann", "ann@example.com", first_day=ago(800)),)
    known = ground_for(ANN, Records(people=people, deals=OLD, closings_known_since=ago(100)), TODAY, SETTINGS)
    assert known_since(known) == ago(100)
    assert len(blocks(known)) == 1


def test_starts_closings_and_wins_are_counted_on_their_own_days():
    now, before = found(OLD, deals(3, WON, 100, 90), deals(2, LOST, 91, 91), deals(4, OPEN, 90), number=2)
    assert (now.starts, now.closed, now.won, now.won_dollars) == (4, 3, 3, 3_000)
    assert (before.starts, before.closed, before.won, before.won_dollars) == (5, 2, 0, 0)


def test_a_credit_is_neither_win_nor_start_and_still_lowers_the_dollars():
    now = found(OLD, deals(2, WON, 50, 20), deals(1, WON, 50, 20, amount=-300.0))[0]
    assert (now.starts, now.won, now.won_dollars, now.other_dollars, now.dollars) == (2, 2, 2_000, -300, 1_700)


def test_dollars_in_starts_take_the_typical_deal_where_no_amount_is_known():
    groups = (OLD, deals(10, WON, 400, 200), deals(1, OPEN, 10, amount=None), deals(1, LOST, 10, 5, amount=None))
    assert found(*groups)[0].dollars_started == pytest.approx(2_000)
    assert found(*groups, deals(1, LOST, 10, 5, amount=7.0))[0].dollars_started == pytest.approx(2_007)


def test_money_without_a_rate_is_left_out_of_dollars_in_starts():
    known = found(OLD, deals(1, LOST, 10, 5, currency="CHF"), deals(1, OPEN, 10, currency="CHF"))[0]
    assert (known.starts, known.dollars_started) == (2, 0)


def test_a_block_s_win_rate_is_shrunk_with_its_own_deals():
    now, before = found(OLD, deals(6, WON, 50, 20), deals(4, LOST, 50, 20), deals(40, LOST, 50, 20, BOB), number=2)
    assert now.win_rate == pytest.approx(6 / 30)
    assert before.win_rate == 0


def test_a_block_s_deal_size_weighs_the_pool_as_ten_wins():
    theirs = deals(10, WON, 300, 200, BOB, amount=20_000.0)
    now = found(OLD, theirs, deals(1, WON, 50, 20, amount=8_000.0), deals(1, WON, 50, 20, amount=12_000.0))[0]
    assert now.deal_size == pytest.approx(220_000 / 12)


def test_a_block_s_cycle_weighs_the_pool_s_median_as_ten_wins():
    theirs = deals(40, WON, 80, 50, BOB)
    now, before = found(OLD, theirs, deals(5, WON, 70, 60), deals(5, WON, 70, 20), number=2)
    assert now.cycle == pytest.approx((10 * 30 + 10 * 30) / 20)
    assert before.cycle == 30
    assert found(OLD, theirs, deals(10, WON, 70, 20))[0].cycle == pytest.approx(40)


def test_size_is_unknown_until_somebody_has_won_something():
    now = found(OLD, deals(3, OPEN, 20))[0]
    assert now.deal_size is None
    assert now.driver(Driver.SIZE) is None
    assert now.driver(Driver.STARTS) == 3


def test_cycle_is_unknown_when_deals_are_known_and_none_was_won():
    assert found(OLD, deals(40, LOST, 60, 20, BOB), deals(40, LOST, 60, 20))[0].cycle is None


ANY = st.lists(
    st.tuples(st.sampled_from([OPEN, WON, LOST]), st.integers(0, 500), st.integers(0, 500), st.floats(-1e4, 1e6)),
    max_size=30,
)


@settings(max_examples=30)
@given(ANY, st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing_and_nothing_is_counted_twice(rows, shuffle):
    made = [
        Deal(DealId(str(n)), ANN, "deal", status, ago(start), None if status is OPEN else ago(close), amount)
        for n, (status, start, close, amount) in enumerate(rows)
    ]
    other = made.copy()
    shuffle.shuffle(other)
    one, two = found(OLD, tuple(made)), found(OLD, tuple(other))
    assert one == two
    counted = [deal for deal in made if not (deal.status is WON and (deal.amount or 0) < 0)]
    year = 4 * SETTINGS.quarter_days
    assert sum(block.starts for block in one) == sum((TODAY - deal.start).days < year for deal in counted)
