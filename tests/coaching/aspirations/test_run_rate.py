"""What a rep wins a year at the pace of the last quarter, and whose number stands in for a new rep."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.aspirations.run_rate import run_rate, team_run_rate
from bot.coaching.basis.ground import Ground
from bot.coaching.basis.ground_book import ground_for
from bot.coaching.records import Deal, DealId, DealStatus, Person, PersonId, Records
from bot.coaching.settings import Settings

TODAY = date(2026, 3, 31)
SETTINGS = Settings()
ANN = PersonId("ann")


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def win(close: int, amount: float | None, start: int | None = 500) -> Deal:
    """Return a deal won ``close`` days ago."""
    began = None if start is None else ago(start)
    return Deal(DealId(f"{close} {amount} {start}"), ANN, "deal", DealStatus.WON, began, ago(close), amount)


def ground(*deals: Deal, first_day: date | None = None, since: date | None = None) -> Ground:
    person = Person(ANN, "Ann", "ann@example.com", first_day=first_day)
    return ground_for(ANN, Records(people=(person,), deals=deals, closings_known_since=since), TODAY, SETTINGS)


def test_a_year_is_the_last_91_days_times_365_over_91():
    figure = run_rate(ground(win(0, 50_000), win(90, 100_000)), None)
    assert figure.value == pytest.approx(150_000 * 365 / 91)
    assert (figure.unit, figure.as_of, figure.records, figure.flags) == ("USD", TODAY, 2, ())
    assert figure.sentence == "You won $150k in the last 91 days, which makes $602k a year."


def test_a_win_91_days_ago_is_no_longer_counted():
    assert run_rate(ground(win(91, 100_000)), None).value == 0


def test_credits_and_wins_without_a_start_count_as_money():
    figure = run_rate(ground(win(10, 50_000), win(5, -20_000), win(5, 15_000, start=None)), None)
    assert figure.value == pytest.approx(45_000 * 365 / 91)
    assert (figure.records, figure.flags) == (3, ("credit",))


def test_a_win_without_amount_is_flagged_because_its_money_is_missing():
    assert run_rate(ground(win(10, 50_000), win(5, None)), None).flags == ("won without amount",)


def test_own_wins_decide_from_the_91st_day_of_tenure_on():
    assert run_rate(ground(win(10, 91_000), first_day=ago(91)), 1.0).value == pytest.approx(365_000)
    assert run_rate(ground(win(10, 91_000), first_day=ago(90)), 1.0).value == 1.0


def test_a_new_rep_gets_the_teams_mean_flagged_and_without_its_amount_in_words():
    figure = run_rate(ground(win(10, 91_000), first_day=ago(30)), 700_000)
    assert (figure.value, figure.flags) == (700_000, ("team mean",))
    assert figure.sentence == "Your own run-rate shows after 91 days; until then we go by your team's record."


def test_without_a_first_day_the_organisations_history_is_the_tenure():
    assert run_rate(ground(win(10, 91_000, start=91)), None).value == pytest.approx(365_000)
    figure = run_rate(ground(win(10, 91_000, start=90)), None)
    assert figure.value is None
    assert figure.sentence == "A run-rate needs 91 days of records, and there are 90 so far."


def test_closings_known_for_a_short_time_only_are_no_quarter_whatever_the_tenure():
    assert run_rate(ground(win(10, 91_000), first_day=ago(900), since=ago(90)), None).value is None
    assert run_rate(ground(win(10, 91_000), first_day=ago(900), since=ago(91)), None).value == pytest.approx(365_000)


def test_a_rep_who_starts_tomorrow_has_no_days_yet():
    assert "there are 0 so far" in run_rate(ground(win(10, 1.0), first_day=ago(-1)), None).sentence


def test_without_records_nothing_is_known_and_the_sentence_says_so():
    figure = run_rate(ground(), None)
    assert figure.value is None
    assert figure.sentence == "There are no records yet to compute a run-rate from."


def test_nothing_won_is_zero_and_more_credits_than_wins_are_below_it():
    assert run_rate(ground(win(200, 5.0)), None).sentence.startswith("Nothing was won in the last 91 days")
    below = run_rate(ground(win(10, 5_000), win(5, -6_000)), None)
    assert below.value == pytest.approx(-1_000 * 365 / 91)
    assert below.sentence.startswith("Credits were larger")


def test_the_teams_mean_leaves_new_reps_out():
    known = (ground(win(10, 91_000)), ground(win(10, 182_000)), ground(win(10, 1e9), first_day=ago(30)))
    assert team_run_rate(known) == pytest.approx(547_500)
    assert team_run_rate(known[2:]) is None
    assert team_run_rate(()) is None


@given(
    st.lists(st.tuples(st.integers(0, 300), st.floats(1, 1e6)), min_size=1, max_size=8, unique_by=lambda won: won[0])
)
def test_the_run_rate_is_in_proportion_to_what_was_won(wins):
    figure = run_rate(ground(win(400, 1.0), *(win(close, amount) for close, amount in wins)), None)
    assert figure.value == pytest.approx(sum(amount for close, amount in wins if close < 91) * 365 / 91)
    assert figure.records == sum(close < 91 for close, _ in wins)
