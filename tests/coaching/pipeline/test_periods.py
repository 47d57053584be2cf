"""Which goal counts on a day, and what is left of it to win."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.pipeline.fiscal_calendar import block, months_of, working_days
from bot.coaching.pipeline.month_weights import part_of
from bot.coaching.pipeline.periods import Target, goal_period, goals_of, horizon_target, horizons
from bot.coaching.records import PeriodGoal, PersonId, Records
from bot.coaching.settings import ExchangeRate, Settings

ANN = PersonId("ann")
SETTINGS = Settings()
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
Q4 = PeriodGoal(ANN, date(2017, 10, 1), date(2017, 12, 31), 90_000)
OCTOBER = PeriodGoal(ANN, date(2017, 10, 1), date(2017, 10, 31), 20_000)
YEAR = PeriodGoal(ANN, date(2017, 1, 1), date(2017, 12, 31), 300_000)


def nothing_won(_start: date, _end: date) -> float:
    return 0.0


def a_thousand_a_day(start: date, end: date) -> float:
    return 1_000.0 * ((end - start).days + 1)


def test_horizons_are_the_next_month_quarter_and_year_ends_each_after_the_one_before() -> None:
    assert horizons(date(2017, 10, 2), SETTINGS) == (date(2017, 10, 31), date(2017, 12, 31), date(2018, 12, 31))
    assert horizons(date(2017, 12, 30), SETTINGS) == (date(2017, 12, 31), date(2018, 3, 31), date(2018, 12, 31))
    assert horizons(date(2017, 12, 31), SETTINGS) == (date(2018, 1, 31), date(2018, 3, 31), date(2018, 12, 31))


@given(day=DAYS, first_month=st.integers(1, 12))
def test_every_horizon_lies_strictly_ahead_and_ends_a_month(day: date, first_month: int) -> None:
    ends = horizons(day, Settings(fiscal_year_start_month=first_month))
    assert day < ends[0] < ends[1] < ends[2]
    assert all((end + timedelta(days=1)).day == 1 for end in ends)


@given(day=DAYS, first_month=st.integers(1, 12), months=st.sampled_from((1, 3, 12)))
def test_a_block_holds_its_day_and_has_its_length(day: date, first_month: int, months: int) -> None:
    start, end = block(day, months, Settings(fiscal_year_start_month=first_month))
    assert start <= day <= end
    assert months_of(start, end) == months
    assert (start.month - first_month) % months == 0


def test_a_period_that_is_no_whole_month_has_no_length_in_months() -> None:
    assert months_of(date(2017, 10, 1), date(2017, 12, 31)) == 3
    assert months_of(date(2017, 10, 2), date(2017, 12, 31)) is None
    assert months_of(date(2017, 10, 1), date(2017, 12, 30)) is None
    assert Target(date(2017, 10, 2), date(2017, 12, 31), 1, 0).word == "period"


def test_the_goal_period_is_the_nearest_quarter_even_when_a_month_ends_sooner() -> None:
    found = goal_period((OCTOBER, Q4, YEAR), nothing_won, date(2017, 10, 2), SETTINGS)
    assert found is not None
    assert (found.end, found.goal, found.word) == (date(2017, 12, 31), 90_000, "quarter")


def test_without_a_quarters_goal_the_nearest_of_any_length_counts() -> None:
    found = goal_period((OCTOBER, YEAR), nothing_won, date(2017, 10, 2), SETTINGS)
    assert found is not None
    assert found.word == "month"


def test_a_goal_counts_until_the_day_before_its_last() -> None:
    assert goal_period((Q4,), nothing_won, date(2017, 12, 30), SETTINGS) is not None
    assert goal_period((Q4,), nothing_won, date(2017, 12, 31), SETTINGS) is None


def test_what_is_won_in_the_period_so_far_is_off_the_goal() -> None:
    found = goal_period((Q4,), a_thousand_a_day, date(2017, 10, 10), SETTINGS)
    assert found is not None
    assert found.won == 10_000
    assert found.remaining == 80_000


def test_of_goals_ending_on_one_day_the_one_with_most_left_counts() -> None:
    known = (Q4, YEAR)
    found = horizon_target(date(2017, 12, 31), 3, known, a_thousand_a_day, date(2017, 10, 10), SETTINGS)
    assert found is not None
    assert found.goal == 90_000, "283 days of the year are won already"


def test_a_month_without_a_goal_takes_its_share_of_the_quarters_by_working_days() -> None:
    found = horizon_target(date(2017, 10, 31), 1, (Q4,), nothing_won, date(2017, 10, 2), SETTINGS)
    assert found is not None
    assert found.is_share
    assert found.goal == pytest.approx(90_000 * 22 / 65)


def test_what_an_earlier_month_left_open_is_spread_over_the_rest() -> None:
    def won(start: date, end: date) -> float:
        return 10_000.0 if start <= date(2017, 10, 5) <= end else 0.0

    found = horizon_target(date(2017, 11, 30), 1, (Q4,), won, date(2017, 11, 1), SETTINGS)
    assert found is not None
    assert found.goal == pytest.approx(80_000 * 22 / 43)
    assert found.won == 0


def won_in_octobers(start: date, end: date) -> float:
    """Return 60k for each October and 20k for each November of 2015 and 2016."""
    months = [(60_000.0, date(year, 10, 9)) for year in (2015, 2016)]
    months += [(20_000.0, date(year, 11, 9)) for year in (2015, 2016)]
    return sum(dollars for dollars, day in months if start <= day <= end)


def october(known_since: date | None, *goals: PeriodGoal) -> float:
    found = horizon_target(
        date(2017, 10, 31), 1, goals, won_in_octobers, date(2017, 10, 2), SETTINGS, known_since=known_since
    )
    assert found is not None
    return found.goal


def test_two_full_years_on_record_weigh_half_of_a_months_share() -> None:
    year_days = working_days(date(2017, 1, 1), date(2017, 12, 31))
    in_october, in_november, in_december = 22 / year_days + 0.75, 22 / year_days + 0.25, 21 / year_days
    by_then = 90_000 * in_october / (in_october + in_november + in_december)
    assert october(date(2015, 1, 1), Q4) == pytest.approx(by_then)
    assert october(date(2015, 1, 2), Q4) == pytest.approx(90_000 * 22 / 65), "2015 isn't wholly on record"
    assert october(None, Q4) == pytest.approx(90_000 * 22 / 65)


def test_the_shares_of_a_quarters_months_add_up_to_its_goal() -> None:
    quarter = (date(2017, 10, 1), date(2017, 12, 31))
    months = [block(date(2017, month, 1), 1, SETTINGS) for month in (10, 11, 12)]
    parts = [
        part_of(month, quarter, won_in_octobers, date(2015, 1, 1), date(2017, 9, 30), SETTINGS) for month in months
    ]
    assert sum(parts) == pytest.approx(1)


def test_a_quarter_of_a_year_that_is_still_to_come_is_weighed_by_years_that_are_over() -> None:
    def won(start: date, end: date) -> float:
        """Return a dollar for each January, and a million for the December that isn't over yet."""
        days = ((1.0, date(2015, 1, 9)), (1.0, date(2016, 1, 9)), (1e6, date(2017, 12, 9)))
        return sum(dollars for dollars, day in days if start <= day <= end)

    year = PeriodGoal(ANN, date(2018, 1, 1), date(2018, 12, 31), 100_000)
    found = horizon_target(
        date(2018, 3, 31), 3, (year,), won, date(2017, 12, 20), SETTINGS, known_since=date(2015, 1, 1)
    )
    assert found is not None
    days = working_days(date(2018, 1, 1), date(2018, 3, 31)) / working_days(date(2018, 1, 1), date(2018, 12, 31))
    assert found.goal == pytest.approx(100_000 * (days + 1) / 2)


def test_a_month_that_is_cut_off_weighs_by_its_working_days() -> None:
    half = PeriodGoal(ANN, date(2017, 10, 16), date(2017, 12, 31), 90_000)
    year_days = working_days(date(2017, 1, 1), date(2017, 12, 31))
    in_october, in_november, in_december = (22 / year_days + 0.75) * 12 / 22, 22 / year_days + 0.25, 21 / year_days
    assert october(date(2015, 1, 1), half) == pytest.approx(
        90_000 * in_october / (in_october + in_november + in_december)
    )


def test_no_goal_is_assumed_where_none_is_set() -> None:
    assert horizon_target(date(2018, 12, 31), 12, (Q4,), nothing_won, date(2017, 10, 2), SETTINGS) is None
    assert goal_period((), nothing_won, date(2017, 10, 2), SETTINGS) is None


def test_goals_of_others_of_nought_or_without_a_rate_are_no_goals() -> None:
    known = (
        PeriodGoal(PersonId("bob"), Q4.start, Q4.end, 1.0),
        PeriodGoal(ANN, Q4.start, Q4.end, 0.0),
        PeriodGoal(ANN, Q4.end, Q4.start, 5.0),
        PeriodGoal(ANN, Q4.start, Q4.end, float("nan")),
        PeriodGoal(ANN, Q4.start, Q4.end, 100.0, "EUR"),
        PeriodGoal(ANN, Q4.start, Q4.end, 100.0, "GBP"),
    )
    settings = Settings(exchange_rates=(ExchangeRate("EUR", date(2017, 1, 1), 1.2),))
    (found,) = goals_of(ANN, Records(goals=known), date(2017, 10, 2), settings)
    assert found.amount == pytest.approx(120.0)
    assert found.currency == "USD"


def test_working_days_leave_out_weekends() -> None:
    assert working_days(date(2017, 10, 2), date(2017, 10, 8)) == 5
    assert working_days(date(2017, 10, 7), date(2017, 10, 8)) == 0
