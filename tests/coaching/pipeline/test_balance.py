"""Whether the pipeline is enough for what is still to be won, and what it takes where it isn't."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.basis.ground import Ground, OpenDeal
from bot.coaching.pipeline.balance import Balance, balance, balances, required_starts_per_week, row, sustaining_pace
from bot.coaching.pipeline.periods import Target
from bot.coaching.records import PeriodGoal, PersonId, Records
from tests.coaching.balance_builders import ANN, END, SETTINGS, TODAY, a_curve, a_ground, a_target, open_deal

EXAMPLE = a_ground(open_deal())


def of(ground: Ground, target: Target | None, *, name: str = "month", ends: date = END, **known) -> Balance:
    return balance(ground, name, ends, target, SETTINGS, **known)


def test_the_example_has_the_numbers_of_the_specification():
    found = of(EXAMPLE, a_target(), starts_per_activity=0.25)
    assert (found.days, found.records, found.shut) == (40, 1, False)
    assert found.expected == pytest.approx(100_000 * 0.2 / 0.7)
    assert round(found.expected, -2) == 28_600
    assert found.need == pytest.approx(3.5)
    assert found.have == pytest.approx(1.67, abs=0.005)
    assert found.gap == pytest.approx(31_429, abs=0.5)
    assert found.f == pytest.approx(0.1025)
    assert found.new_pipeline == pytest.approx(found.gap / 0.1025)
    assert found.starts == 26
    assert found.pace == pytest.approx(22.9, abs=0.05)
    assert found.extra == 4
    assert found.activities == 16
    assert found.starts_safe == 61
    assert found.last_useful_start == END - timedelta(days=6)


def test_the_example_has_the_sentence_of_the_specification():
    assert of(EXAMPLE, a_target()).sentence == (
        "You need 3.5x and have 1.7x: your $100k of pipeline is worth about $29k by the 11th, "
        "so 26 starts close the gap, 4 more than your pace."
    )


def test_the_range_joins_the_deals_own_luck_and_the_market_they_share():
    found = of(EXAMPLE, None)
    p = 0.2 / 0.7
    deviation = (p * (1 - p) * 100_000**2 + (0.4 * (2 / 3) ** 0.5 * p * 100_000) ** 2) ** 0.5
    assert found.low == 0
    assert found.high == pytest.approx(p * 100_000 + 1.2816 * deviation)
    many = of(a_ground(*[open_deal(age, 1_000.0) for age in range(20, 50)]), None)
    assert many.low > 0
    assert many.high - many.expected == pytest.approx(many.expected - many.low)


def test_a_stale_deal_brings_its_chance_but_is_no_live_pipeline():
    old = open_deal(58, 50_000.0, stale=True)
    found = of(a_ground(open_deal(), old), a_target())
    assert found.live == 100_000
    assert found.live_expected == pytest.approx(100_000 * 0.2 / 0.7)
    assert found.expected == pytest.approx(found.live_expected + 50_000 * 0.01 / 0.13)
    assert found.need == pytest.approx(3.5)
    assert found.records == 2


def test_without_live_deals_a_dollar_of_pipeline_is_worth_what_a_new_start_is():
    found = of(a_ground(), a_target())
    assert found.yield_ == pytest.approx(0.2)
    assert found.need == pytest.approx(5)
    assert (found.live, found.have, found.gap) == (0, 0, 60_000)


def test_pipeline_that_brings_nothing_has_no_multiple():
    found = of(a_ground(open_deal(60)), a_target())
    assert (found.yield_, found.need) == (0, None)
    assert found.gap == 60_000
    assert found.starts == 49


def test_a_deal_without_exchange_rate_is_counted_and_brings_nothing():
    found = of(a_ground(open_deal(amount=0.0, flags=("no rate",)), open_deal()), a_target())
    assert (found.live, found.records, found.flags) == (100_000, 2, ("no rate",))


def test_without_a_goal_only_what_is_expected_is_known():
    found = of(EXAMPLE, None, starts_per_activity=0.25)
    unknown = (found.have, found.gap, found.new_pipeline, found.starts, found.starts_safe, found.extra)
    assert {*unknown, found.activities} == {None}
    assert found.flags == ("no goal",)
    with_goal = of(EXAMPLE, a_target())
    assert (found.low, found.expected, found.high) == (with_goal.low, with_goal.expected, with_goal.high)
    shown = row(found)
    assert (shown.expected, shown.low, shown.high) == (found.expected, found.low, found.high)
    assert {shown.goal, shown.remaining, shown.need, shown.have, shown.gap, shown.starts, shown.extra} == {None}


def test_the_need_is_known_without_a_goal_because_managers_count_it():
    assert of(EXAMPLE, None).need == pytest.approx(3.5)


@pytest.mark.parametrize("remaining", [0.0, -5_000.0, 1e-11], ids=["just made", "passed", "a rest of rounding"])
def test_past_the_goal_nothing_is_missing(remaining):
    found = of(EXAMPLE, a_target(remaining, won=90_000.0), starts_per_activity=0.25)
    assert (found.gap, found.new_pipeline, found.starts, found.starts_safe) == (0, 0, 0, 0)
    assert (found.extra, found.activities, found.have) == (0, 0, None)
    assert row(found).remaining == 0


def test_pipeline_worth_exactly_what_is_left_closes_the_gap():
    expected = of(EXAMPLE, None).expected
    assert of(EXAMPLE, a_target(expected)).gap == 0
    assert of(EXAMPLE, a_target(expected)).starts == 0
    assert of(EXAMPLE, a_target(expected + 1)).starts == 1


def test_pace_that_brings_enough_leaves_no_start_to_find():
    found = of(a_ground(open_deal(), starts_per_week=4.55), a_target(), starts_per_activity=0.25)
    assert found.pace == pytest.approx(26)
    assert (found.starts, found.extra, found.activities) == (26, 0, 0)
    assert of(a_ground(open_deal(), starts_per_week=4.5), a_target()).extra == 1


@pytest.mark.parametrize("rate", [None, 0.0])
def test_without_a_rate_no_number_of_activities_is_claimed(rate):
    found = of(EXAMPLE, a_target(), starts_per_activity=rate)
    assert (found.extra, found.activities) == (4, None)


def test_a_goal_that_is_a_share_of_a_longer_one_says_so():
    assert of(EXAMPLE, a_target(is_share=True)).flags == ("share of a longer goal",)


def test_flags_of_the_curve_and_of_every_deal_are_kept_once_and_in_order():
    deals = (open_deal(flags=("stale", "overdue")), open_deal(21, flags=("overdue",)))
    curve = replace(a_curve(), flags=("assumed",))
    assert of(a_ground(*deals, curve=curve), a_target()).flags == ("assumed", "overdue", "stale")


def goals(*known: tuple[date, date, float], rep: PersonId = ANN) -> Records:
    return Records(goals=tuple(PeriodGoal(rep, *goal) for goal in known))


QUARTER = (date(2026, 4, 1), date(2026, 6, 30), 120_000.0)
YEAR = (date(2026, 1, 1), date(2026, 12, 31), 500_000.0)


def test_the_three_horizons_end_one_after_the_other_with_their_own_goals():
    found = balances(EXAMPLE, goals(QUARTER, YEAR), SETTINGS, starts_per_activity=0.25)
    assert [each.name for each in found] == ["month", "quarter", "year"]
    assert [each.ends for each in found] == [date(2026, 4, 30), date(2026, 6, 30), date(2026, 12, 31)]
    assert [each.days for each in found] == [29, 90, 274]
    month, quarter, year = (each.target for each in found)
    assert month is not None
    assert month.is_share
    assert quarter == Target(*QUARTER, 0.0)
    assert year == Target(*YEAR, 0.0)
    assert found[1] == of(EXAMPLE, quarter, name="quarter", ends=QUARTER[1], starts_per_activity=0.25)


def test_a_horizon_without_goal_stands_beside_those_with_one():
    found = balances(EXAMPLE, goals(YEAR, (date(2026, 4, 1), date(2026, 6, 30), -1.0)), SETTINGS)
    assert [each.target is None for each in found] == [False, False, False]
    assert [each.target for each in balances(EXAMPLE, goals(QUARTER), SETTINGS)][2] is None
    assert all(each.target is None for each in balances(EXAMPLE, goals(YEAR, rep=PersonId("bob")), SETTINGS))


def test_each_horizon_expects_at_least_as_much_as_the_one_before():
    month, quarter, year = balances(EXAMPLE, Records(), SETTINGS)
    assert month.expected <= quarter.expected <= year.expected


def test_the_sustaining_pace_makes_the_goal_from_starts_alone():
    whole = Target(date(2026, 4, 1), date(2026, 6, 30), 91_000.0, won=80_000.0)
    assert sustaining_pace(EXAMPLE, whole) == pytest.approx(7_000 / (12_000 * 0.3))
    assert sustaining_pace(a_ground(deal_size=0.0), whole) is None


def test_required_starts_are_the_larger_of_closing_the_gap_and_sustaining_the_goal():
    short_of = of(EXAMPLE, a_target(), name="quarter")
    closing, sustaining = 26 / (40 / 7), 60_000 / (41 / 7) / 3_600
    assert closing > sustaining
    assert required_starts_per_week(EXAMPLE, short_of) == pytest.approx(closing)
    covered = of(EXAMPLE, a_target(1_000.0, won=59_000.0), name="quarter")
    assert required_starts_per_week(EXAMPLE, covered) == pytest.approx(sustaining)


def test_a_shut_window_leaves_the_sustaining_pace():
    soon = of(EXAMPLE, a_target(), name="quarter", ends=TODAY + timedelta(days=1))
    assert soon.starts is None
    assert required_starts_per_week(EXAMPLE, soon) == sustaining_pace(EXAMPLE, a_target())


def test_required_starts_need_a_goal_and_something_a_start_brings():
    assert required_starts_per_week(EXAMPLE, of(EXAMPLE, None)) is None
    nothing = a_ground(open_deal(), deal_size=0.0)
    assert required_starts_per_week(nothing, of(nothing, a_target())) is None


def test_the_row_shows_what_the_agenda_needs():
    found = of(EXAMPLE, a_target(won=30_000.0))
    shown = row(found)
    assert (shown.goal, shown.remaining) == (90_000, 60_000)
    same = {field.name for field in fields(shown)} - {"goal", "remaining"}
    assert {name: getattr(shown, name) for name in same} == {name: getattr(found, name) for name in same}


DEAL = st.builds(
    lambda age, amount, is_stale: open_deal(age, amount, stale=is_stale),
    st.integers(0, 900),
    st.just(0.0) | st.floats(0.01, 1e9),
    st.booleans(),
)
DEALS = st.lists(DEAL, max_size=30)
TARGET = st.floats(-1e6, 1e9).map(a_target)
ENDS = st.integers(-5, 900).map(lambda days: TODAY + timedelta(days=days))
SHAPE = st.tuples(st.floats(0, 0.3), st.floats(0, 1 / 3))


@given(DEALS, SHAPE, ENDS)
def test_what_is_expected_lies_in_its_range_and_never_exceeds_the_amounts(deals: list[OpenDeal], shape, ends):
    found = of(a_ground(*deals, curve=a_curve(*shape)), None, ends=ends)
    assert 0 <= found.low <= found.expected <= found.high
    assert found.live_expected <= found.live * (1 + 1e-9)
    assert found.expected <= sum(deal.amount for deal in deals) * (1 + 1e-9)


@given(DEALS, SHAPE, ENDS)
def test_each_deal_is_expected_to_bring_its_chance_times_its_amount(deals: list[OpenDeal], shape, ends):
    days, curve = (ends - TODAY).days, a_curve(*shape)
    expected = sum(curve.chance(deal.age, days) * deal.amount for deal in deals)
    assert of(a_ground(*deals, curve=a_curve(*shape)), None, ends=ends).expected == pytest.approx(expected)


@given(DEALS, DEAL, TARGET, ENDS)
def test_more_pipeline_never_raises_the_gap(deals, another, target, ends):
    before, after = of(a_ground(*deals), target, ends=ends), of(a_ground(*deals, another), target, ends=ends)
    assert after.gap <= before.gap


@given(DEALS, ENDS)
def test_need_times_yield_is_one(deals, ends):
    found = of(a_ground(*deals), None, ends=ends)
    assert (found.need is None) == (found.yield_ == 0)
    assert found.need is None or found.need * found.yield_ == pytest.approx(1)


@given(DEALS, TARGET, ENDS, st.randoms(use_true_random=False))
def test_the_order_of_deals_changes_nothing(deals, target, ends, shuffle):
    other = deals.copy()
    shuffle.shuffle(other)
    assert of(a_ground(*deals), target, ends=ends) == of(a_ground(*other), target, ends=ends)


@given(DEALS, TARGET, ENDS, SHAPE)
def test_the_starts_asked_for_close_the_gap_and_one_fewer_does_not(deals, target, ends, shape):
    ground = a_ground(*deals, curve=a_curve(*shape))
    found = of(ground, target, ends=ends)
    assert (found.starts is None) == found.shut
    if found.starts is not None:
        brings = ground.deal_size * found.f
        assert found.starts * brings >= found.gap * (1 - 1e-9) - 1e-4
        assert found.starts == 0 or (found.starts - 1) * brings < found.gap
