"""What every formula about a rep stands on, and that no other rep's data leaks into the own part of it."""

from dataclasses import fields, replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coaching.basis.ground import Ground
from bot.coaching.basis.ground_book import GroundBook, ground_for
from bot.coaching.records import Deal, DealId, DealStatus, Person, PersonId, Records
from bot.coaching.settings import ExchangeRate, Settings

TODAY = date(2026, 3, 31)
SETTINGS = Settings()
OPEN, WON, LOST = DealStatus.OPEN, DealStatus.WON, DealStatus.LOST
ANN, BOB, CY = PersonId("ann"), PersonId("bob"), PersonId("cy")
BOSS, OTHER_BOSS = PersonId("boss"), PersonId("other boss")
PEOPLE = (
    Person(ANN, "Ann", "ann@example.com", BOSS),
    Person(BOB, "Bob", "bob@example.com", BOSS),
    Person(CY, "Cy", "cy@example.com", OTHER_BOSS),
)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def deals(owner: PersonId, number: int, status: DealStatus, start: int, close: int | None = None, **known):
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


def ground(*groups: tuple[Deal, ...], rep: PersonId = ANN, day: date = TODAY, **known) -> Ground:
    found = Records(people=PEOPLE, deals=tuple(deal for group in groups for deal in group), **known)
    return ground_for(rep, found, day, SETTINGS)


def test_a_team_with_100_starts_and_30_closed_is_the_pool():
    mine, theirs = deals(BOB, 30, WON, 50, 20), deals(CY, 200, LOST, 50, 20)
    assert ground(mine, deals(BOB, 70, OPEN, 50), theirs).pool.is_team
    assert not ground(mine, deals(BOB, 69, OPEN, 50), theirs).pool.is_team
    assert not ground(mine[1:], deals(BOB, 71, OPEN, 50), theirs).pool.is_team


def test_the_team_is_counted_without_the_rep():
    assert not ground(deals(ANN, 200, WON, 50, 20), deals(BOB, 99, WON, 50, 20)).pool.is_team


def test_a_large_enough_team_sets_the_pools_rate_alone():
    known = ground(deals(BOB, 100, WON, 50, 20), deals(CY, 300, LOST, 50, 20))
    assert known.pool.win_rate == 1
    assert known.win_rate.value == 1
    assert "your team's record" in known.win_rate.sentence


def test_a_small_team_leans_on_everybody_else():
    known = ground(deals(BOB, 10, WON, 50, 20), deals(CY, 30, LOST, 50, 20))
    assert known.pool.win_rate == 0.25
    assert known.pool.closed == 40
    assert "everybody else's record" in known.win_rate.sentence


def test_fewer_than_30_closed_anywhere_gives_the_default_rate():
    known = ground(deals(CY, 29, WON, 50, 20))
    assert known.pool.win_rate == 0.25
    assert known.win_rate.flags == ("assumed",)


def test_closed_deals_of_a_year_count_and_older_ones_do_not():
    known = ground(deals(ANN, 1, WON, 500, 364), deals(ANN, 1, LOST, 500, 365))
    assert (known.won, known.closed) == (1, 1)


def test_own_evidence_and_pool_are_mixed_with_m():
    known = ground(deals(ANN, 5, WON, 50, 20), deals(CY, 40, LOST, 50, 20))
    assert known.m == 20
    assert known.win_rate.value == pytest.approx(5 / 25)
    assert known.curve.F_inf == pytest.approx(5 / 25)


def test_too_few_starts_anywhere_give_the_assumed_curve():
    known = ground(deals(CY, 29, WON, 50, 20))
    assert "assumed" in known.curve.flags
    assert "assumed" in known.flags
    assert known.typical_cycle is not None


def test_a_thin_year_uses_two_years_for_rep_and_pool():
    old = deals(CY, 30, LOST, 500, 450)
    known = ground(old, deals(ANN, 10, WON, 600, 590))
    assert known.curve.flags == ()
    assert known.curve.F(10) == pytest.approx(10 / 30)
    plenty = ground(old, deals(ANN, 10, WON, 600, 590), deals(CY, 30, LOST, 50, 20))
    assert plenty.curve.F_inf == 0


def test_starts_from_before_the_first_known_closings_are_not_in_the_curve():
    groups = (deals(CY, 40, WON, 200, 20), deals(CY, 40, LOST, 90, 20))
    assert ground(*groups).curve.F_inf == pytest.approx(0.5)
    known = ground(*groups, closings_known_since=ago(100))
    assert known.curve.F_inf == 0
    assert "truncated" in known.curve.flags


def test_an_open_deal_is_worth_its_amount_or_list_price_or_the_typical_deal():
    known = ground(
        deals(ANN, 1, OPEN, 30, amount=700.0, list_price=900.0),
        deals(ANN, 1, OPEN, 31, amount=None, list_price=900.0),
        deals(ANN, 1, OPEN, 32, amount=-3.0),
        deals(CY, 3, WON, 50, 20, amount=500.0),
    )
    worth = {deal.age: (deal.amount, deal.flags) for deal in known.open_deals}
    assert worth[30] == (700, ())
    assert worth[31] == (900, ("amount estimated",))
    assert worth[32] == (500, ("amount estimated",))


def test_list_prices_are_taken_at_the_reps_usual_discount():
    sold = deals(ANN, 5, WON, 50, 20, amount=800.0, list_price=1_000.0)
    offered = deals(ANN, 1, OPEN, 30, amount=None, list_price=100.0)
    assert ground(sold, offered).open_deals[0].amount == pytest.approx(80)
    assert ground(sold[1:], offered).open_deals[0].amount == pytest.approx(100)


def test_an_open_deal_without_rate_counts_and_is_worth_nothing():
    only = ground(deals(ANN, 1, OPEN, 30, currency="CHF"), deals(CY, 3, WON, 50, 20)).open_deals
    assert [(deal.amount, deal.flags) for deal in only] == [(0, ("no rate",))]


def test_a_deal_is_stale_past_the_age_by_which_nearly_all_wins_are_in():
    wins = deals(CY, 40, WON, 80, 50)
    known = ground(wins, deals(ANN, 1, OPEN, 30), deals(ANN, 1, OPEN, 31))
    assert known.stale_age == 30
    assert {deal.age: deal.stale for deal in known.open_deals} == {30: False, 31: True}


def test_won_dollars_include_both_days_and_lose_credits():
    known = ground(
        deals(ANN, 1, WON, 50, 20, amount=100.0),
        deals(ANN, 1, WON, 50, 10, amount=10.0),
        deals(ANN, 1, WON, 50, 15, amount=-4.0),
        deals(ANN, 1, LOST, 50, 15, amount=500.0),
    )
    assert known.won_between(ago(20), ago(10)) == 106
    assert known.won_between(ago(19), ago(11)) == -4
    assert (known.won, known.closed) == (2, 3)
    assert len(known.closed_deals) == 3


def test_reversed_dates_are_an_age_of_none():
    known = ground(deals(ANN, 40, WON, 20, 30), rep=CY)
    assert known.curve.F(0) == 1
    assert "dates reversed" in ground(deals(ANN, 1, WON, 20, 30)).flags


def test_a_past_day_is_as_it_was():
    later = deals(ANN, 9, WON, 40, 5)
    known = ground(later, deals(ANN, 3, LOST, 60, 30), deals(ANN, 2, OPEN, 4), day=ago(10))
    assert (known.won, known.closed, len(known.open_deals)) == (0, 3, 9)
    assert known.won_between(date.min, date.max) == 0


def test_the_curves_sentence_is_the_specifications():
    known = ground(deals(CY, 19, WON, 40, 24), deals(CY, 11, LOST, 40, 23))
    assert known.curve_figure.sentence == (
        "Of 100 opportunities like yours 63 end as wins; a typical win takes 16 days, "
        "and after day 16 none has been won."
    )


def test_that_none_was_won_later_is_not_said_where_none_was_watched_for_longer():
    known = ground(deals(CY, 19, WON, 40, 24), deals(CY, 11, LOST, 40, 30))
    assert known.curve_figure.sentence == (
        "Of 100 opportunities like yours 63 end as wins; a typical win takes 16 days, "
        "and no deal has been watched past day 16."
    )
    watched = ground(deals(CY, 19, WON, 40, 24), deals(CY, 11, LOST, 40, 30), deals(ANN, 1, OPEN, 17))
    assert "after day 16 none has been won" in watched.curve_figure.sentence, "also the rep's own open one counts"


def test_an_unknown_rep_is_a_key_error():
    with pytest.raises(KeyError):
        ground(rep=PersonId("nobody"))


ODD = {
    "no deals": (),
    "one deal": deals(ANN, 1, OPEN, 3),
    "all won": deals(ANN, 40, WON, 30, 10),
    "all lost": deals(ANN, 40, LOST, 30, 10),
    "negative amounts": deals(ANN, 40, WON, 30, 10, amount=-7.0) + deals(ANN, 4, OPEN, 30, amount=-7.0),
    "future days": deals(ANN, 3, WON, -10, -20) + deals(ANN, 3, OPEN, -9) + deals(ANN, 3, WON, 10, -9),
    "two currencies": deals(ANN, 9, WON, 30, 10, currency="EUR") + deals(ANN, 9, WON, 30, 9, currency="CHF"),
    "no amounts": deals(ANN, 9, WON, 30, 10, amount=None) + deals(ANN, 2, OPEN, 9, amount=None),
    "an owner nobody knows": deals(PersonId("gone"), 50, WON, 30, 10),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_records_give_a_ground_that_can_explain_itself(case):
    rates = replace(SETTINGS, exchange_rates=(ExchangeRate("EUR", ago(400), 1.1),))
    book = GroundBook(Records(people=PEOPLE, deals=ODD[case]), TODAY, rates)
    for person in PEOPLE:
        known = book.of(person.id)
        for figure in (known.curve_figure, known.win_rate, known.deal_size_figure):
            assert figure.sentence.endswith(".")
            assert np.isfinite(figure.value)


DAYS = st.none() | st.integers(-100, 900).map(ago)
ANY_DEAL = st.builds(
    Deal,
    st.integers(0, 99).map(lambda n: DealId(str(n))),
    st.sampled_from((ANN, BOB, CY)),
    st.just("deal"),
    st.sampled_from(DealStatus),
    DAYS,
    DAYS,
    st.none() | st.floats(-1e6, 1e9),
    st.sampled_from(("USD", "EUR", "CHF")),
    list_price=st.none() | st.floats(-1, 1e6),
    modified=DAYS,
)


def parts(known: Ground) -> dict[str, object]:
    plain = {field.name: getattr(known, field.name) for field in fields(known) if field.name not in {"curve", "pool"}}
    return {**plain, "won curve": known.curve.won.tolist(), "lost curve": known.curve.lost.tolist()}


@settings(max_examples=30)
@given(st.lists(ANY_DEAL, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(found, shuffle):
    other = found.copy()
    shuffle.shuffle(other)
    one = ground_for(ANN, Records(people=PEOPLE, deals=tuple(found)), TODAY, SETTINGS)
    two = ground_for(ANN, Records(people=PEOPLE[::-1], deals=tuple(other)), TODAY, SETTINGS)
    assert parts(one) == parts(two)
    assert one.curve.F_inf + one.curve.L(730) <= 1 + 1e-9
    assert 0 <= one.win_rate_80[0] <= one.win_rate.value <= one.win_rate_80[1] <= 1
