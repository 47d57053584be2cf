"""What made the difference between two quarters, and that it is told exactly."""

from datetime import date, timedelta
from itertools import permutations
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching.basis.ground_book import ground_for
from bot.coaching.four_ps.past import Part, Past, key_drivers, past, shapley
from bot.coaching.records import Deal, DealId, DealStatus, Person, PersonId, Records
from bot.coaching.settings import Settings

TODAY = date(2026, 3, 31)
SETTINGS = Settings()
OPEN, WON, LOST = DealStatus.OPEN, DealStatus.WON, DealStatus.LOST
ANN, BOB = PersonId("ann"), PersonId("bob")
NOW, BEFORE, EARLIER = 10, 110, 300
"""Days ago: in the last 91 days, in the 91 before, and before both."""


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def deals(number: int, status: DealStatus, start: int, close: int | None = None, amount: float | None = 10_000.0):
    return tuple(
        Deal(
            DealId(f"{status} {start} {close} {n} {amount}"),
            ANN,
            "deal",
            status,
            ago(start),
            None if close is None else ago(close),
            amount,
        )
        for n in range(number)
    )


def story(*groups: tuple[Deal, ...], first_day: int = 800) -> Past:
    people = (Person(ANN, "Ann", "ann@example.com", first_day=ago(first_day)), Person(BOB, "Bob", "bob@example.com"))
    theirs = Deal(DealId("old"), BOB, "deal", LOST, ago(700), ago(690))
    records = Records(people=people, deals=(theirs, *(deal for group in groups for deal in group)))
    return past(ground_for(ANN, records, TODAY, SETTINGS))


def quarter(won: int, lost: int, day: int, amount: float = 10_000.0) -> tuple[Deal, ...]:
    return (*deals(won, WON, day, day, amount), *deals(lost, LOST, day, day, amount))


def parts(known: Past) -> dict[str, float]:
    return {part.factor: part.dollars for part in known.parts}


def test_the_specification_s_example_gives_all_of_it_to_the_win_rate():
    known = story(quarter(10, 30, BEFORE), quarter(12, 28, NOW))
    assert (known.before, known.won) == (100_000, 120_000)
    assert parts(known) == {"starts": 0, "closing": 0, "win rate": pytest.approx(20_000), "size": 0}
    assert known.key == ("win rate",)
    assert known.figure.value == pytest.approx(20_000)
    assert known.figure.sentence == (
        "You won $20k more than the quarter before, and all of it came from your win rate."
    )


def test_a_fall_is_told_the_same_way():
    said = story(quarter(12, 28, BEFORE), quarter(10, 30, NOW)).figure.sentence
    assert said == "You won $20k less than the quarter before, and all of it came from your win rate."


def test_more_deals_of_the_same_kind_are_all_starts():
    known = story(quarter(5, 15, BEFORE), quarter(10, 30, NOW))
    assert parts(known)["starts"] == pytest.approx(50_000)
    assert known.key == ("starts",)


def test_larger_deals_are_all_size():
    known = story(quarter(5, 15, BEFORE), quarter(5, 15, NOW, 12_000.0))
    assert parts(known) == {"starts": 0, "closing": 0, "win rate": 0, "size": pytest.approx(10_000)}
    assert known.figure.sentence.endswith("and all of it came from your deal size.")


def test_more_closed_per_start_is_the_closing():
    known = story(quarter(5, 15, BEFORE), deals(20, OPEN, BEFORE), quarter(10, 30, NOW))
    assert parts(known)["closing"] == pytest.approx(50_000)
    assert known.figure.sentence.endswith("and all of it came from the share of starts that closed.")


def test_factors_against_each_other_are_told_one_by_one():
    known = story(quarter(10, 30, BEFORE), quarter(15, 15, NOW))
    assert known.key == ("win rate", "starts")
    assert known.figure.sentence == (
        "You won $50k more than the quarter before: your win rate brought $88k and your starts took $38k."
    )


def test_factors_that_cancel_out_are_told_with_an_unchanged_quarter():
    known = story(quarter(10, 30, BEFORE), quarter(10, 10, NOW))
    assert known.figure.value == 0
    assert known.figure.sentence == (
        "You won $100k, as much as the quarter before: your starts took $75k and your win rate brought $75k."
    )


def test_the_same_quarter_twice_has_nothing_to_explain():
    known = story(quarter(10, 30, BEFORE), quarter(10, 30, NOW))
    assert known.key == ()
    assert known.figure.sentence == "You won $100k, as much as the quarter before."


def test_two_quarters_without_a_win_are_told_without_blame():
    known = story(quarter(0, 3, BEFORE), quarter(0, 5, NOW))
    assert known.figure.sentence == (
        "Nothing was won in the last 91 days or the 91 before, so there is no change to explain yet."
    )


def test_a_leading_factor_beside_small_ones_is_told_by_its_share():
    known = story(quarter(20, 20, BEFORE), quarter(21, 20, NOW, 11_000.0))
    assert known.key == ("size",)
    assert known.figure.sentence == (
        "You won $31k more than the quarter before, and two thirds of it came from your deal size."
    )


def test_what_the_key_drivers_leave_is_told_as_the_rest():
    told = story(quarter(20, 20, BEFORE), quarter(21, 20, NOW, 7_000.0)).figure.sentence
    assert told == "You won $53k less than the quarter before: your deal size took $61k and the rest brought $8.5k."


def test_without_a_win_in_a_quarter_the_size_has_the_rep_s_shrunk_value():
    known = story(quarter(0, 20, BEFORE), quarter(5, 15, NOW))
    size = next(part for part in known.parts if part.factor == "size")
    assert (size.before, size.now) == (pytest.approx(10_000), 10_000)
    assert parts(known)["win rate"] == pytest.approx(50_000)


def test_without_a_closed_deal_in_a_quarter_the_win_rate_has_the_rep_s_shrunk_value():
    known = story(deals(20, OPEN, BEFORE), quarter(8, 12, NOW))
    rate = next(part for part in known.parts if part.factor == "win rate")
    assert (rate.before, rate.now) == (pytest.approx((8 + 20 * 0.25) / 40), 0.4)
    assert sum(parts(known).values()) == pytest.approx(80_000)


@pytest.mark.parametrize("empty", [NOW, BEFORE])
def test_without_starts_in_a_quarter_both_count_from_closed_deals(empty):
    other = BEFORE if empty == NOW else NOW
    known = story(quarter(5, 15, other), deals(2, WON, EARLIER, empty))
    assert [part.factor for part in known.parts] == ["closed", "win rate", "size"]
    assert sum(parts(known).values()) == pytest.approx(known.figure.value)


def test_credits_are_a_part_of_their_own():
    known = story(quarter(5, 15, BEFORE), quarter(5, 15, NOW), deals(1, WON, NOW, NOW, -4_000.0))
    assert parts(known) == {"starts": 0, "closing": 0, "win rate": 0, "size": 0, "other": -4_000}
    assert known.figure.sentence == (
        "You won $4.0k less than the quarter before, and all of it came from credits and wins without a start."
    )


@pytest.mark.parametrize(("first_day", "is_known"), [(180, False), (181, True)])
def test_a_quarter_that_the_records_do_not_cover_is_not_compared_with(first_day, is_known):
    known = story(quarter(5, 15, BEFORE), quarter(6, 15, NOW), first_day=first_day)
    assert (known.before is not None, bool(known.parts), known.figure.value is not None) == (is_known,) * 3
    if not is_known:
        assert known.figure.sentence == (
            "You won $60k in the last 91 days; your records don't cover the 91 days before yet, "
            "so there is nothing to compare with."
        )


def test_records_used_are_those_that_started_or_closed_in_the_two_quarters():
    known = story(quarter(1, 2, BEFORE), quarter(3, 4, NOW), deals(5, LOST, EARLIER, 200), deals(6, OPEN, EARLIER))
    assert known.figure.records == 10


def part(factor: str, dollars: float) -> Part:
    return Part(factor, 1.0, 2.0, dollars)


def test_a_key_driver_has_a_quarter_of_all_that_moved():
    known = (part("starts", 25.0), part("win rate", -50.0), part("size", 24.9), part("closing", 0.1))
    assert key_drivers(known, SETTINGS) == ("win rate", "starts")


FACTOR = st.floats(0, 1e4)
FOUR = st.tuples(FACTOR, FACTOR, FACTOR, FACTOR)


@given(FOUR, FOUR)
def test_parts_add_up_to_the_change(before, now):
    scale = max(prod(map(max, zip(before, now, strict=True))), 1e-9)
    assert sum(shapley(before, now)) == pytest.approx(prod(now) - prod(before), abs=1e-12 * scale)


@given(FOUR, FOUR, st.sampled_from(tuple(permutations(range(4)))))
def test_the_order_of_factors_changes_no_part(before, now, order):
    scale = max(prod(map(max, zip(before, now, strict=True))), 1e-9)
    found = shapley(before, now)
    turned = shapley([before[i] for i in order], [now[i] for i in order])
    assert turned == pytest.approx([found[i] for i in order], abs=1e-12 * scale)


@given(FOUR, FOUR)
def test_turning_time_round_turns_every_sign_and_what_stayed_has_no_part(before, now):
    scale = max(prod(map(max, zip(before, now, strict=True))), 1e-9)
    back = shapley(now, before)
    assert shapley(before, now) == pytest.approx([-value for value in back], abs=1e-12 * scale)
    assert shapley(before, (before[0], *now[1:]))[0] == 0


SOME = st.lists(
    st.tuples(
        st.sampled_from([OPEN, WON, LOST]),
        st.integers(0, 400),
        st.integers(0, 400),
        st.none() | st.floats(-1e5, 1e6),
    ),
    max_size=25,
)


@settings(max_examples=40)
@given(SOME)
def test_any_records_have_parts_that_add_up_and_a_sentence(rows):
    made = tuple(
        Deal(DealId(str(n)), ANN, "deal", status, ago(start), None if status is OPEN else ago(close), amount)
        for n, (status, start, close, amount) in enumerate(rows)
    )
    known = story(made)
    scale = sum(abs(amount or 0) for *_, amount in rows) + 1
    assert sum(parts(known).values()) == pytest.approx(known.figure.value, abs=1e-6 * scale)
    assert known.figure.sentence.endswith(".")
