"""Which drivers a rep's month is about, and how much room each has."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.aspirations.drivers import Driver
from bot.coaching.basis.ground import Ground
from bot.coaching.basis.ground_book import ground_for
from bot.coaching.four_ps.blocks import Block
from bot.coaching.four_ps.priorities import at_best, month_sentence, priorities, room
from bot.coaching.four_ps.team_blocks import Metric, MiddleHalf
from bot.coaching.records import Person, PersonId, Records
from bot.coaching.settings import Settings

TODAY = date(2026, 3, 31)
SETTINGS = Settings()
STARTS, WIN_RATE, SIZE, CYCLE = Driver
NOW = Block(
    first=TODAY - timedelta(days=90),
    last=TODAY,
    is_full=True,
    starts=20,
    closed=16,
    won=4,
    won_dollars=80_000.0,
    other_dollars=0.0,
    dollars_started=400_000.0,
    win_rate=0.25,
    deal_size=20_000.0,
    cycle=60.0,
)
LEAST = {STARTS: 0.02, WIN_RATE: 0.02, SIZE: 0.02, CYCLE: 0.02}


def ground(cycle: float | None = 60.0) -> Ground:
    known = ground_for(
        PersonId("ann"),
        Records(people=(Person(PersonId("ann"), "Ann", "ann@example.com"),)),
        TODAY,
        SETTINGS,
    )
    return replace(known, typical_cycle=cycle)


def before(**known) -> Block:
    return replace(NOW, **known)


def team(metric: Metric, median: float) -> dict[Metric, MiddleHalf]:
    return {metric: MiddleHalf(median * 0.9, median, median * 1.1, 6)}


def test_a_rep_at_the_own_best_has_the_least_room():
    assert room((NOW, before(starts=10, win_rate=0.2)), {}, SETTINGS) == LEAST


def test_room_is_the_way_back_to_the_own_best_block():
    known = room((NOW, before(starts=21), before(deal_size=21_600.0)), {}, SETTINGS)
    assert known == {**LEAST, STARTS: pytest.approx(0.05), SIZE: pytest.approx(0.08)}


def test_room_is_half_of_the_way_to_the_team_s_median():
    assert room((NOW,), team(Metric.STARTS, 22.0), SETTINGS)[STARTS] == pytest.approx(0.05)


def test_the_larger_of_own_best_and_team_counts():
    own = (NOW, before(starts=21))
    assert room(own, team(Metric.STARTS, 23.0), SETTINGS)[STARTS] == pytest.approx(0.075)
    assert room(own, team(Metric.STARTS, 21.0), SETTINGS)[STARTS] == pytest.approx(0.05)


def test_a_cycle_has_room_to_get_shorter():
    assert room((NOW, before(cycle=57.0)), {}, SETTINGS)[CYCLE] == pytest.approx(0.05)
    assert room((NOW, before(cycle=90.0)), {}, SETTINGS)[CYCLE] == 0.02
    assert room((NOW,), team(Metric.CYCLE, 54.0), SETTINGS)[CYCLE] == pytest.approx(0.05)


@pytest.mark.parametrize(("starts", "x"), [(22, 0.10), (23, 0.10), (2_000, 0.10), (20, 0.02)])
def test_room_ends_at_ten_percent(starts, x):
    assert room((NOW, before(starts=starts)), {}, SETTINGS)[STARTS] == pytest.approx(x)


def test_a_rep_without_starts_has_all_the_room_there_is():
    assert room((before(starts=0), NOW), {}, SETTINGS)[STARTS] == 0.10
    assert room((before(starts=0),), {}, SETTINGS)[STARTS] == 0.02


def test_a_driver_without_a_value_has_no_room():
    assert set(room((before(deal_size=None, cycle=None), NOW), {}, SETTINGS)) == {STARTS, WIN_RATE}


def test_starts_of_a_part_of_a_block_are_not_held_against_whole_ones():
    new = before(is_full=False, starts=2)
    assert room((new,), team(Metric.STARTS, 20.0), SETTINGS)[STARTS] == 0.02
    assert room((new,), team(Metric.WIN_RATE, 0.275), SETTINGS)[WIN_RATE] == pytest.approx(0.05)


def test_impact_is_a_quarter_s_dollars_times_the_room():
    chosen = priorities(ground(), (NOW, before(starts=22)), {})
    assert [(one.driver, one.impact) for one in chosen] == [
        (STARTS, pytest.approx(8_000)),
        (WIN_RATE, pytest.approx(1_600)),
    ]


def test_a_shorter_cycle_brings_its_dollars_once():
    own = (NOW, before(cycle=54.0))
    cycle = next(one for one in priorities(ground(), own, {}) if one.driver is CYCLE)
    assert cycle.impact == pytest.approx(80_000 / 91 * 0.10 * 60)
    assert cycle.sentence == "Cycle time: back to your own best quarter (-10%) is worth about $5.3k once."


def test_the_specification_s_sentence():
    own = (NOW, before(starts=22), before(deal_size=21_000.0, cycle=57.0))
    chosen = priorities(ground(), own, {})
    assert at_best(own, {}) == (WIN_RATE,)
    assert month_sentence(chosen, at_best(own, {}), SETTINGS) == (
        "Starts first: back to your own best quarter (+10%) is worth about $8.0k a quarter; "
        "win rate is already at its best."
    )


def test_three_drivers_with_room_are_three_priorities_and_the_largest_goes_first():
    own = (NOW, before(starts=21), before(win_rate=0.27, deal_size=21_200.0, cycle=59.0))
    assert [one.driver for one in priorities(ground(), own, {})] == [WIN_RATE, SIZE, STARTS]


def test_a_third_priority_needs_more_room_than_everybody_has():
    assert len(priorities(ground(), (NOW, before(starts=21), before(win_rate=0.26)), {})) == 2
    assert len(priorities(ground(), (NOW, before(starts=21), before(win_rate=0.26, deal_size=20_500.0)), {})) == 3


def test_ties_go_from_starts_to_win_rate_to_size_to_cycle():
    own = (NOW, before(starts=30, win_rate=0.5, deal_size=40_000.0, cycle=1.0))
    assert [one.driver for one in priorities(ground(91.0), own, {})] == [STARTS, WIN_RATE, SIZE]


@pytest.mark.parametrize("lost", [{"won_dollars": 0.0}, {"other_dollars": -90_000.0}])
def test_a_quarter_without_dollars_still_has_priorities_and_claims_none(lost):
    chosen = priorities(ground(None), (before(**lost), before(starts=22)), {})
    assert [(one.driver, one.impact) for one in chosen] == [(STARTS, 0), (WIN_RATE, 0)]
    assert chosen[0].sentence == (
        "Starts: back to your own best quarter (+10%); no dollars are claimed, as the last 91 days won none."
    )


@pytest.mark.parametrize(
    ("own", "middle", "said"),
    [
        ((NOW, before(starts=21)), {}, "back to your own best quarter (+5%)"),
        ((NOW, before(starts=30)), {}, "a step back towards your own best quarter (+10%)"),
        ((NOW, NOW), team(Metric.STARTS, 22.0), "half the way to the middle of the team (+5%)"),
        ((NOW, NOW), team(Metric.STARTS, 30.0), "a step towards the middle half of the team (+10%)"),
        ((NOW, NOW), {}, "a small step beyond your own best quarter (+2%)"),
        ((NOW,), {}, "a small step (+2%)"),
    ],
)
def test_an_aim_says_what_the_room_is_measured_by(own, middle, said):
    assert next(one for one in priorities(ground(), own, middle) if one.driver is STARTS).aim == said


def test_nothing_is_called_the_best_without_a_quarter_to_compare_with():
    assert at_best((NOW,), {}) == ()
    assert at_best((NOW, before(starts=10, cycle=70.0)), {}) == (STARTS, WIN_RATE, SIZE, CYCLE)
    assert STARTS not in at_best((NOW, NOW), team(Metric.STARTS, 30.0))


@pytest.mark.parametrize(
    ("best", "tail"),
    [
        ((), ""),
        ((STARTS,), ""),
        ((SIZE,), "; deal size is already at its best"),
        ((WIN_RATE, SIZE, CYCLE), "; win rate, deal size and cycle time are already at their best"),
    ],
)
def test_what_is_at_its_best_is_named_beside_the_first_priority(best, tail):
    chosen = priorities(ground(), (NOW, before(starts=22)), {})
    said = month_sentence(chosen, best, SETTINGS)
    assert said == f"Starts first: back to your own best quarter (+10%) is worth about $8.0k a quarter{tail}."


def test_starts_at_their_best_are_many():
    chosen = priorities(ground(), (NOW, before(win_rate=0.27)), {})
    assert month_sentence(chosen, (STARTS,), SETTINGS).endswith("; starts are already at their best.")


BLOCKS = st.lists(
    st.builds(
        before,
        starts=st.integers(0, 200),
        win_rate=st.floats(0, 1),
        deal_size=st.none() | st.floats(1, 1e6),
        cycle=st.none() | st.floats(0, 700),
        won_dollars=st.floats(-1e5, 1e7),
    ),
    min_size=1,
    max_size=4,
)
MIDDLE = st.dictionaries(
    st.sampled_from(Metric), st.floats(0, 1e6).map(lambda value: MiddleHalf(value, value, value, 5))
)


@given(BLOCKS, MIDDLE)
def test_room_is_always_within_its_bounds(own, middle):
    assert all(0.02 <= x <= 0.10 for x in room(tuple(own), middle, SETTINGS).values())


@given(BLOCKS, MIDDLE, st.randoms(use_true_random=False))
def test_the_order_of_past_blocks_changes_nothing(own, middle, shuffle):
    earlier = own[1:]
    shuffle.shuffle(earlier)
    turned = (own[0], *earlier)
    assert priorities(ground(), tuple(own), middle) == priorities(ground(), turned, middle)


@given(BLOCKS, MIDDLE)
def test_a_month_has_two_or_three_priorities_by_falling_impact(own, middle):
    chosen = priorities(ground(), tuple(own), middle)
    impacts = [one.impact for one in chosen]
    assert 2 <= len(chosen) <= 3
    assert impacts == sorted(impacts, reverse=True)
    assert all(one.sentence.endswith(".") for one in chosen)
