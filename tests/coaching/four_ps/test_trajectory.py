"""Where a rep is heading, and which word says so."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.four_ps.trajectory import (
    Effort,
    Process,
    Progress,
    Trajectory,
    process_to_requirement,
    progress_to_goal,
    trajectory,
    willingness_to_change,
)
from bot.coaching.goals.kept import KeptRate
from bot.coaching.settings import Settings

TODAY = date(2026, 3, 31)
SETTINGS = Settings()


def progress(share: float) -> Progress:
    return Progress(goal=100.0, won=100 * share, expected_open=0.0, expected_new=0.0)


def process(share: float) -> Process:
    return Process(starts=(share, 1.0))


def kept(value: float, commitments: int = 5) -> KeptRate:
    return KeptRate(value, commitments, "")


def heading(
    of_goal: float = 0.5,
    of_work: float = 0.5,
    willing: float = 0.6,
    trend="flat",
    cycle: float | None = 50.0,
    building_since: date | None = None,
    **points,
) -> Trajectory:
    known = {"progress": progress(of_goal), "process": process(of_work), "kept": kept(willing), **points}
    return trajectory(**known, trend=trend, cycle=cycle, building_since=building_since, as_of=TODAY, settings=SETTINGS)


def test_progress_counts_what_is_won_expected_and_still_to_start():
    point = progress_to_goal(Progress(goal=200.0, won=100.0, expected_open=50.0, expected_new=40.0), SETTINGS)
    assert (point.value, point.level) == (pytest.approx(0.95), "high")


@pytest.mark.parametrize(
    ("share", "level"),
    [(0.95, "high"), (0.949, "middle"), (0.80, "middle"), (0.799, "low"), (3.0, "high"), (-1.0, "low")],
)
def test_progress_is_high_from_95_percent_and_low_below_80(share, level):
    assert progress_to_goal(progress(share), SETTINGS).level == level


@pytest.mark.parametrize("goal", [None, 0.0, -5.0])
def test_progress_without_a_goal_is_unknown(goal):
    assert progress_to_goal(replace(progress(1.0), goal=goal), SETTINGS).level == "unknown"


@pytest.mark.parametrize(("share", "level"), [(0.90, "high"), (0.899, "middle"), (0.70, "middle"), (0.699, "low")])
def test_process_is_high_from_90_percent_and_low_below_70(share, level):
    assert process_to_requirement(process(share), SETTINGS).level == level


def test_process_is_the_mean_of_what_is_met_and_more_than_required_makes_up_for_nothing():
    known = Process(starts=(9.0, 3.0), activities=(Effort("demos", 2.0, 4.0),), sound_stages=0.4)
    assert process_to_requirement(known, SETTINGS).value == pytest.approx((1 + 0.5 + 0.5) / 3)


def test_four_of_five_deals_at_their_verified_stage_are_all_that_is_required():
    assert process_to_requirement(Process(sound_stages=0.8), SETTINGS).value == 1


def test_an_activity_without_a_planned_number_is_no_requirement():
    known = Process(starts=(1.0, 2.0), activities=(Effort("calls", 9.0, 0.0),))
    assert process_to_requirement(known, SETTINGS).value == 0.5


def test_starts_that_nobody_requires_any_more_are_met():
    assert process_to_requirement(Process(starts=(0.0, 0.0)), SETTINGS).value == 1


def test_process_without_any_requirement_is_unknown():
    assert process_to_requirement(Process(), SETTINGS).level == "unknown"


def test_nine_tenths_added_up_are_high_whatever_the_rounding():
    tenths = tuple(Effort("demos", share, 1.0) for share in (1.0, 0.9, 0.8, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9))
    assert process_to_requirement(Process(activities=tenths), SETTINGS).level == "high"


@pytest.mark.parametrize(("rate", "level"), [(0.75, "high"), (0.749, "middle"), (0.5, "middle"), (0.499, "low")])
def test_willingness_is_high_from_75_percent_and_low_below_50(rate, level):
    assert willingness_to_change(kept(rate), SETTINGS).level == level


def test_fewer_than_three_commitments_say_nothing_of_willingness():
    assert willingness_to_change(kept(0.1, 2), SETTINGS).level == "unknown"
    assert willingness_to_change(kept(0.1, 3), SETTINGS).level == "low"


@pytest.mark.parametrize(
    ("of_goal", "of_work", "willing", "status"),
    [
        (0.95, 0.90, 0.1, "on course"),
        (0.95, 0.89, 0.9, "coasting risk"),
        (0.95, 0.10, 0.1, "coasting risk"),
        (0.94, 0.90, 0.1, "building"),
        (0.10, 0.90, 0.9, "building"),
        (0.94, 0.89, 0.49, "conversation needed"),
        (0.10, 0.10, 0.50, "ready to change"),
        (0.94, 0.89, 0.90, "ready to change"),
    ],
)
def test_high_or_not_high_decides_the_status(of_goal, of_work, willing, status):
    assert heading(of_goal, of_work, willing).status == status


def test_only_a_conversation_comes_before_a_new_goal():
    assert not heading(0.1, 0.1, 0.1).offers_goal
    assert heading(0.1, 0.1, 0.9).offers_goal
    assert heading(0.1, 0.1, kept=kept(0.1, 2)).offers_goal


def test_an_unknown_willingness_is_not_a_low_one():
    assert heading(0.1, 0.1, kept=kept(0.1, 2)).status == "ready to change"


def test_building_holds_until_a_cycle_has_passed():
    first = heading(0.5, 0.95)
    assert first.building_since == TODAY
    assert heading(0.5, 0.95, building_since=TODAY - timedelta(days=49)).status == "building"
    over = heading(0.5, 0.95, building_since=TODAY - timedelta(days=50))
    assert over.status == "ready to change"
    assert over.building_since == TODAY - timedelta(days=50)
    assert heading(0.5, 0.95, 0.1, building_since=TODAY - timedelta(days=50)).status == "conversation needed"


def test_building_begins_anew_once_the_work_or_the_result_was_different():
    long_ago = TODAY - timedelta(days=300)
    assert heading(0.95, 0.95, building_since=long_ago).building_since is None
    assert heading(0.5, 0.5, building_since=long_ago).building_since is None


def test_building_holds_while_nobody_knows_how_long_a_cycle_is():
    known = heading(0.5, 0.95, cycle=None, building_since=TODAY - timedelta(days=300))
    assert known.status == "building"
    assert known.sentence == "You're building: the starts you need are there, results follow later."


def test_the_specification_s_sentence_for_building():
    assert heading(0.5, 1.0).sentence == (
        "You're building: the starts you need are there, results follow about 50 days later."
    )


def test_building_claims_no_starts_that_are_not_there():
    work = Process(starts=(0.8, 1.0), activities=(Effort("demos", 4.0, 4.0),), sound_stages=1.0)
    assert heading(0.5, process=work).sentence == (
        "You're building: the work you need is there, results follow about 50 days later."
    )


def test_a_coasting_risk_names_the_work_that_is_furthest_behind():
    work = Process(starts=(3.0, 4.0), activities=(Effort("demos", 1.0, 4.0),), sound_stages=0.8)
    assert heading(1.0, process=work).sentence == (
        "There's a coasting risk: the result is in reach, but your demos are at 25% of what the next one takes."
    )


def test_without_a_goal_the_rep_is_asked_to_set_one():
    known = heading(progress=Progress(None, 5.0, 5.0, 5.0))
    assert known.status is None
    assert known.sentence == "Set your goal first: without one we can't say how far along you are."


@pytest.mark.parametrize(
    ("of_goal", "head"), [(0.95, "You're on the way to your goal"), (0.94, "Your goal is still some way off")]
)
def test_without_any_requirement_no_status_is_claimed(of_goal, head):
    known = heading(of_goal, process=Process())
    assert known.status is None
    assert known.offers_goal
    assert known.sentence == f"{head}; what it takes isn't known yet, as no starts, activities or stages say so."


@pytest.mark.parametrize(
    ("trend", "of_work", "willing", "direction"),
    [
        ("negative", 1.0, 1.0, "down"),
        ("positive", 0.1, 0.1, "down"),
        ("positive", 0.1, 0.9, "up"),
        ("flat", 0.1, 0.1, "down"),
        ("flat", 0.9, 0.75, "up"),
        ("flat", 0.9, 0.74, "level"),
        ("flat", 0.1, 0.5, "level"),
    ],
)
def test_direction_comes_from_the_trend_or_from_work_and_willingness_together(trend, of_work, willing, direction):
    assert heading(0.5, of_work, willing, trend).direction == direction


def test_two_unknown_points_give_no_direction():
    assert heading(process=Process(), kept=kept(0.1, 0)).direction == "level"


SHARE = st.floats(0, 2)


@given(SHARE, SHARE, SHARE, SHARE, SHARE)
def test_more_progress_never_costs_a_better_status(of_goal, more, of_work, more_work, willing):
    order = ["conversation needed", "ready to change", "building", "on course"]
    before = heading(of_goal, of_work, willing).status
    after = heading(of_goal + more, of_work + more_work, willing).status
    if "coasting risk" not in {before, after}:
        assert order.index(after) >= order.index(before)


@given(SHARE, SHARE, SHARE, st.sampled_from(["negative", "flat", "positive"]), st.none() | st.floats(0, 400))
def test_every_trajectory_speaks_to_the_rep_in_one_sentence(of_goal, of_work, willing, trend, cycle):
    said = heading(of_goal, of_work, willing, trend, cycle).sentence
    assert said[-1] in ".?"
    assert ". " not in said
