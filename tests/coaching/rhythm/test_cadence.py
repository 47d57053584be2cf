"""How many days lie between two 1:1s of a rep, and why."""

import json
from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.basis.ground_book import ground_for
from bot.coaching.records import Activity, Deal, DealId, DealStatus, Person, PersonId, Records, StageEntry
from bot.coaching.rhythm.cadence import (
    CadenceDecision,
    cadence_for,
    decide,
    fix,
    hours_per_week,
    raw_interval,
    release,
    snap,
)
from bot.coaching.rhythm.cadence_inputs import CadenceInputs
from bot.coaching.rhythm.trend import Trend
from bot.coaching.settings import Settings
from bot.errors import UserError

SETTINGS = Settings()
TODAY = date(2026, 3, 31)
FLAT, DOWN, UP = Trend("flat", 0.0, 1.0), Trend("negative", -2.0, 0.7), Trend("positive", 2.0, 1.5)
EXAMPLE = CadenceInputs(FLAT, 12, "activities", 64, 4)


def later(days: int) -> date:
    return TODAY + timedelta(days=days)


def asking(raw: float, trend: Trend = FLAT) -> CadenceInputs:
    """Inputs whose raw interval is ``raw``: the cycle alone is known."""
    return CadenceInputs(trend, typical_cycle=raw * 4)


def standing(interval: int, votes: int = 0) -> CadenceDecision:
    """A decision evaluated long enough ago to be looked at again on TODAY."""
    return replace(decide(asking(interval), None, later(-28), SETTINGS), interval=interval, lengthen_votes=votes)


def test_twelve_activities_a_week_and_64_days_over_four_stages_is_every_two_weeks():
    assert raw_interval(EXAMPLE, SETTINGS) == pytest.approx((140 / 12 * 16) ** 0.5)
    decision = decide(EXAMPLE, None, TODAY, SETTINGS)
    assert decision.raw == pytest.approx(13.66, abs=5e-3)
    assert (decision.interval, decision.base, decision.trend) == (14, 14, "flat")
    assert decision.sentence == (
        "We meet every 2 weeks: you do about 12 key activities a week and your deals take about 64 days over 4 stages; "
        "your trend is steady."
    )


def test_a_negative_trend_halves_the_examples_interval():
    first = decide(replace(EXAMPLE, trend=DOWN), None, TODAY, SETTINGS)
    assert first.interval == 7
    assert first.sentence.startswith("We meet every week: ")
    assert first.sentence.endswith("your trend points down, so we meet more often until it turns.")
    assert decide(replace(EXAMPLE, trend=DOWN), standing(14), TODAY, SETTINGS).interval == 7


@pytest.mark.parametrize(
    ("per_week", "basis", "raw"),
    [(20, "activities", 7), (10, "activities", 14), (5, "activities", 28), (8, "events", 7), (400, "events", 7)],
)
def test_activities_alone_set_the_interval_when_no_cycle_is_known(per_week, basis, raw):
    assert raw_interval(CadenceInputs(FLAT, per_week, basis), SETTINGS) == pytest.approx(raw)


def test_the_cycle_alone_sets_it_when_no_activities_are_known_and_neither_means_14():
    assert raw_interval(CadenceInputs(FLAT, typical_cycle=80, stages=4), SETTINGS) == pytest.approx(20)
    assert raw_interval(CadenceInputs(FLAT), SETTINGS) == 14


@pytest.mark.parametrize(("stages", "used"), [(1, 3), (3, 3), (6, 6), (9, 6)])
def test_stages_count_from_three_to_six(stages, used):
    decision = decide(CadenceInputs(FLAT, typical_cycle=72, stages=stages), None, TODAY, SETTINGS)
    assert (decision.stages, decision.raw) == (used, pytest.approx(72 / used))


@pytest.mark.parametrize(("raw", "step"), [(7, 7), (9.89, 7), (9.91, 14), (14, 14), (19.79, 14), (19.81, 28), (28, 28)])
def test_snapping_is_nearest_on_a_log_scale(raw, step):
    assert snap(raw, SETTINGS) == step


def test_nothing_changes_within_28_days_unless_the_trend_falls():
    before = replace(standing(14), evaluated_on=later(-27))
    held = decide(asking(7), before, TODAY, SETTINGS)
    assert held == replace(before, as_of=TODAY)
    assert decide(asking(7), replace(before, evaluated_on=later(-28)), TODAY, SETTINGS).interval == 7
    fallen = decide(asking(14, DOWN), before, TODAY, SETTINGS)
    assert (fallen.interval, fallen.evaluated_on) == (7, TODAY)


@pytest.mark.parametrize(("current", "raw", "interval"), [(28, 28, 14), (28, 14, 7), (14, 28, 14), (7, 28, 7)])
def test_a_negative_trend_halves_the_base_and_never_lengthens(current, raw, interval):
    assert decide(asking(raw, DOWN), standing(current), TODAY, SETTINGS).interval == interval


@pytest.mark.parametrize(
    ("current", "raw", "interval"),
    [(28, 17.81, 14), (28, 17.83, 28), (28, 9.8, 7), (14, 8.90, 7), (14, 8.92, 14)],
)
def test_it_shortens_only_clearly_below_the_edge(current, raw, interval):
    assert decide(asking(raw), standing(current), TODAY, SETTINGS).interval == interval


def test_a_positive_trend_may_shorten():
    assert decide(asking(8, UP), standing(14), TODAY, SETTINGS).interval == 7


@pytest.mark.parametrize(("current", "enough", "longer"), [(7, 10.90, 14), (14, 21.79, 28)])
def test_it_lengthens_after_two_clear_votes_running(current, enough, longer):
    once = decide(asking(enough), standing(current), TODAY, SETTINGS)
    assert (once.interval, once.lengthen_votes) == (current, 1)
    assert "if that holds we go to" in once.sentence
    twice = decide(asking(enough), once, later(28), SETTINGS)
    assert (twice.interval, twice.lengthen_votes) == (longer, 0)
    unclear = decide(asking(enough - 0.02), once, later(28), SETTINGS)
    assert (unclear.interval, unclear.lengthen_votes) == (current, 0)


def test_it_lengthens_one_step_at_a_time():
    assert decide(asking(28), standing(7, votes=1), TODAY, SETTINGS).interval == 14


@pytest.mark.parametrize("trend", [UP, DOWN])
def test_only_a_flat_trend_can_lengthen_and_any_other_clears_the_votes(trend):
    decision = decide(asking(28, trend), standing(7, votes=1), TODAY, SETTINGS)
    assert (decision.interval, decision.lengthen_votes) == (7, 0)


def test_a_rep_in_the_first_90_days_meets_every_two_weeks_at_least_and_has_no_trend():
    new = replace(asking(28, DOWN), first_day=later(-89))
    decision = decide(new, None, TODAY, SETTINGS)
    assert (decision.interval, decision.trend, decision.flags) == (14, "flat", ("new rep",))
    assert "in your first 90 days" in decision.sentence
    assert decide(replace(new, first_day=later(-90), trend=FLAT), None, TODAY, SETTINGS).interval == 28
    assert decide(new, standing(28), TODAY, SETTINGS).interval == 14


def test_a_manager_fixes_the_interval_with_a_reason_the_rep_can_read():
    fixed = fix(standing(14), 7, "Two big renewals this quarter. ", TODAY, SETTINGS)
    assert (fixed.interval, fixed.fixed_by_manager, fixed.reason) == (7, True, "Two big renewals this quarter")
    assert fixed.sentence == (
        "We meet every week: your manager chose this (Two big renewals this quarter); "
        "the numbers alone say every 2 weeks."
    )
    evaluated = decide(asking(28), fixed, later(30), SETTINGS)
    assert (evaluated.interval, evaluated.base, evaluated.reason) == (7, 28, "Two big renewals this quarter")
    free = release(evaluated, later(30))
    assert (free.interval, free.fixed_by_manager, free.reason) == (7, False, "")
    assert "your manager" not in free.sentence


@pytest.mark.parametrize(("interval", "reason"), [(10, "because"), (28, " ")])
def test_a_manager_cannot_fix_another_value_or_give_no_reason(interval, reason):
    with pytest.raises(UserError):
        fix(standing(14), interval, reason, TODAY, SETTINGS)


def test_hours_a_week_add_up_over_reps():
    assert hours_per_week([(30, 7), (60, 14), (60, 28)]) == pytest.approx(0.5 + 0.5 + 0.25)
    assert hours_per_week([]) == 0


def test_a_decision_can_be_written_as_json():
    assert json.loads(json.dumps(asdict(decide(EXAMPLE, None, TODAY, SETTINGS)), default=str))["interval"] == 14


TRENDS = st.sampled_from((FLAT, DOWN, UP))
INPUTS = st.builds(
    CadenceInputs,
    TRENDS,
    st.none() | st.floats(0, 500),
    st.sampled_from(("activities", "events")),
    st.none() | st.floats(0, 730),
    st.integers(0, 12),
    st.none() | st.integers(-400, 10).map(later),
)


@given(st.lists(st.tuples(INPUTS, st.integers(0, 60)), min_size=1, max_size=12))
def test_the_interval_is_always_a_step_and_only_a_flat_trend_lengthens_it(evaluations):
    decision, day = None, TODAY
    for inputs, wait in evaluations:
        day += timedelta(days=wait)
        before, decision = decision, decide(inputs, decision, day, SETTINGS)
        assert decision.interval in {7, 14, 28}
        assert decision.as_of == day
        assert decision.sentence.startswith("We meet every ")
        assert decision.sentence.endswith(".")
        if before is not None and decision.interval > before.interval:
            assert decision.trend == "flat"
            assert decision.interval == 2 * before.interval


ANN, BOB = PersonId("ann"), PersonId("bob")
PEOPLE = (Person(ANN, "Ann", "ann@example.com", PersonId("boss")), Person(BOB, "Bob", "bob@example.com"))


def of_records(key_types: frozenset[str] = frozenset(), rep: PersonId = ANN, **known) -> CadenceDecision:
    records = Records(people=PEOPLE, **known)
    ground = ground_for(rep, records, TODAY, SETTINGS)
    return cadence_for(ground, records, None, TODAY, SETTINGS, key_types=key_types)


def call(contact: str = "", days: int = 1, kind: str = "call", count: int = 1, rep: PersonId = ANN) -> Activity:
    return Activity(rep, kind, later(-days), contact=contact, count=count)


def test_key_activities_count_once_per_type_contact_and_day():
    logged = (
        call("Bob"),
        call("Bob"),
        call("Bob", days=2),
        call("Cy"),
        call(count=5),
        call("Bob", kind="demo"),
        call("Bob", kind="note"),
    )
    decision = of_records(frozenset({"call", "demo"}), activities=logged)
    assert (decision.activities_per_week, decision.basis, decision.k) == (pytest.approx(9 / 8), "activities", 20)


def test_activities_of_56_days_count_and_bulk_email_never_does():
    logged = (call(days=55), call(days=56), call(days=-1), call(kind="Bulk e-mail", count=900))
    assert of_records(frozenset({"call", "Bulk e-mail"}), activities=logged).activities_per_week == pytest.approx(1 / 8)


def test_nothing_logged_while_others_log_is_no_data_and_is_flagged():
    decision = of_records(frozenset({"call"}), activities=(call(rep=BOB),))
    assert (decision.activities_per_week, decision.basis) == (None, None)
    assert decision.flags == ("no activities logged",)


def test_without_a_feed_starts_moves_and_closings_stand_for_activities():
    one = Deal(DealId("1"), ANN, "one", DealStatus.WON, later(-30), later(-10), 5.0)
    two = Deal(DealId("2"), ANN, "two", DealStatus.OPEN, later(-57))
    history = (
        StageEntry(one.id, "first", later(-30)),
        StageEntry(one.id, "demo", later(-20)),
        StageEntry(one.id, "Closed Won", later(-10)),
        StageEntry(two.id, "demo", later(-3)),
        StageEntry(two.id, "demo", later(-3)),
        StageEntry(two.id, "offer", later(1)),
    )
    decision = of_records(deals=(one, two), stage_history=history)
    assert (decision.activities_per_week, decision.basis, decision.k) == (pytest.approx(4 / 8), "events", 8)
    assert "less than one deal event a week" in of_records(deals=(two,), stage_history=history).sentence


def test_no_records_at_all_give_two_weeks_and_a_sentence():
    decision = of_records()
    assert decision.interval == 14
    assert decision.flags == ("no activities logged",)


def test_a_rep_whose_past_is_not_on_record_has_no_trend():
    recent = tuple(Deal(DealId(str(n)), ANN, "d", DealStatus.OPEN, later(-n)) for n in range(60))
    assert of_records(deals=recent).Z is None


def test_a_rep_who_stopped_starting_deals_is_falling():
    earlier = tuple(Deal(DealId(str(n)), ANN, "d", DealStatus.OPEN, later(-n)) for n in range(92, 200))
    decision = of_records(deals=earlier)
    assert decision.trend == "negative"
    assert decision.interval == 7
