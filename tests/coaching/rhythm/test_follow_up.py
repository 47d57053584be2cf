"""How steadily the 1:1s were held, for one rep and for a team."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.meeting import Appointment, Meeting, MeetingId, MeetingState
from bot.coaching.records import PersonId
from bot.coaching.rhythm.follow_up import consistency, team_consistency

TODAY = date(2026, 6, 30)
REP, OTHER = PersonId("rep"), PersonId("other")
MANAGER = PersonId("manager")
HELD, MISSED, MOVED, EXCUSED = MeetingState.HELD, MeetingState.MISSED, MeetingState.MOVED, MeetingState.EXCUSED
STATES = st.sampled_from(list(MeetingState))


def meeting(state: MeetingState, due: date, late: int = 0, rep: PersonId = REP) -> Meeting:
    day = due + timedelta(days=late)
    starts_at = datetime.combine(day, time(10), UTC)
    return Meeting(
        id=MeetingId(f"{rep}{due}{late}"),
        rep=rep,
        manager=MANAGER,
        state=state,
        due=due,
        appointment=Appointment(day, time(10), "UTC", starts_at, 30),
        closed_at=None if state not in (HELD, MISSED, MOVED, EXCUSED) else starts_at + timedelta(hours=1),
    )


def weeks_ago(*weeks: int, state: MeetingState = HELD, rep: PersonId = REP) -> tuple[Meeting, ...]:
    return tuple(meeting(state, TODAY - timedelta(weeks=week), rep=rep) for week in weeks)


def test_eight_of_nine_on_time_and_five_in_a_row():
    known = consistency(weeks_ago(1, 2, 3, 4, 5, 7, 8, 9) + weeks_ago(6, state=MISSED), 7, TODAY)
    assert (known.held_on_time, known.counted, known.streak) == (8, 9, 5)
    assert known.sentence == "We've held 8 of 9 on time, 5 in a row."


@pytest.mark.parametrize(
    ("interval", "late", "points"),
    [
        (7, 2, 1),
        (7, 3, 0.5),
        (7, 6, 0.5),
        (7, 7, 0),
        (14, 3, 1),
        (14, 4, 0.5),
        (14, 13, 0.5),
        (14, 14, 0),
        (28, 3, 1),
        (28, 4, 0.5),
        (28, 27, 0.5),
        (28, 28, 0),
        (28, -9, 1),
    ],
)
def test_on_time_is_two_days_for_weekly_and_three_for_the_others(interval, late, points):
    due = TODAY - timedelta(days=2 * interval)
    before = due - timedelta(days=interval)
    # All three weigh the same for being due on one day with three reps.
    same_day = [meeting(HELD, due, rep=PersonId(f"rep {n}")) for n in range(2)]
    tried = (meeting(HELD, before), meeting(HELD, due, late))
    all_three = team_consistency(
        [*same_day, *tried], {REP: interval, PersonId("rep 0"): 7, PersonId("rep 1"): 7}, TODAY
    )
    weight = 2 ** (-2 * interval / 90)
    older = 2 ** (-3 * interval / 90)
    assert all_three.value == pytest.approx((weight * (2 + points) + older) / (3 * weight + older))


def test_a_1_on_1_of_90_days_ago_weighs_half():
    meetings = (meeting(HELD, TODAY), meeting(HELD, TODAY - timedelta(days=7)))
    old = meeting(MISSED, TODAY - timedelta(days=90))
    known = consistency((*meetings, old), 7, TODAY)
    newer = 1 + 2 ** (-7 / 90)
    assert known.value == pytest.approx(newer / (newer + 0.5))
    assert known.percent == 80


def test_under_three_it_is_too_early():
    assert consistency((), 7, TODAY).sentence == (
        "It's too early to say how steadily we meet: none of our 1:1s has come and gone yet, and it takes 3."
    )
    known = consistency(weeks_ago(1, 2), 7, TODAY)
    assert (known.value, known.percent, known.counted) == (None, None, 2)
    assert known.sentence == (
        "It's too early to say how steadily we meet: only 2 of our 1:1s have come and gone, and it takes 3."
    )
    assert "only one of our 1:1s has come and gone" in consistency(weeks_ago(1), 7, TODAY).sentence


def test_a_streak_of_one_goes_without_saying():
    assert consistency(weeks_ago(1, 3) + weeks_ago(2, state=MISSED), 7, TODAY).sentence == "We've held 2 of 3 on time."


def test_two_on_time_are_a_row_and_all_on_time_are_100_percent():
    known = consistency(weeks_ago(1, 2, 4) + weeks_ago(3, state=MISSED), 7, TODAY)
    assert known.sentence == "We've held 3 of 4 on time, 2 in a row."
    assert consistency(weeks_ago(1, 2, 3), 7, TODAY).percent == 100


def test_a_moved_1_on_1_counts_once_by_the_day_it_was_held():
    due = TODAY - timedelta(days=14)
    chain = (meeting(MOVED, due), meeting(MOVED, due, 1), meeting(HELD, due, 2))
    assert consistency(weeks_ago(3, 4) + chain, 7, TODAY).held_on_time == 3
    assert consistency(weeks_ago(3, 4) + chain, 7, TODAY).counted == 3


def test_a_moved_1_on_1_waits_for_the_end_of_its_successor():
    due = TODAY - timedelta(days=14)
    open_one = meeting(MeetingState.PLANNED, due, 20)
    assert consistency((*weeks_ago(3, 4, 5), meeting(MOVED, due), open_one), 7, TODAY).counted == 3


def test_one_nobody_closed_yet_does_not_count():
    unclosed = meeting(MeetingState.STARTED, TODAY - timedelta(days=1))
    assert consistency((*weeks_ago(2, 3, 4), unclosed), 7, TODAY).counted == 3


def test_the_one_after_a_missed_one_is_on_time_when_held_where_it_was_planned():
    due = TODAY - timedelta(days=28)
    after = (meeting(MISSED, due), meeting(MISSED, due, 7), meeting(MOVED, due, 14), meeting(HELD, due, 16))
    known = consistency((meeting(HELD, due - timedelta(days=7)), *after), 7, TODAY)
    assert (known.held_on_time, known.counted, known.streak) == (2, 4, 1)


def test_an_excused_one_is_left_out_and_breaks_no_streak():
    due = TODAY - timedelta(days=14)
    leave = (meeting(EXCUSED, due), meeting(HELD, due, 9))
    known = consistency((*weeks_ago(3, 4, 5), *leave), 7, TODAY)
    assert (known.held_on_time, known.counted, known.streak) == (4, 4, 4)


def test_the_cadence_of_that_time_decides_what_was_late():
    first = TODAY - timedelta(days=60)
    earlier = tuple(meeting(HELD, first - timedelta(days=days)) for days in (28, 56))
    second = first + timedelta(days=28)
    meetings = (*earlier, meeting(HELD, first), meeting(HELD, second, 10), meeting(HELD, second + timedelta(days=17)))
    assert consistency(meetings, 7, TODAY).value == consistency(meetings, 28, TODAY).value
    assert consistency(meetings, 7, TODAY).held_on_time == 4


def test_a_1_on_1_that_keeps_its_cadence_is_late_by_that_whatever_its_due_day():
    """Wednesday a week ago was held, Tuesday is the standing day: 13 days later, and weekly all the same."""
    held = meeting(HELD, TODAY - timedelta(days=27))
    due = held.due + timedelta(days=13)
    for interval, late, on_time in ((7, 2, 3), (7, 3, 2), (14, 3, 3), (14, 4, 2)):
        planned = replace(meeting(HELD, due, late), interval=interval)
        known = consistency((meeting(HELD, TODAY - timedelta(days=34)), held, planned), 28, TODAY)
        assert known.held_on_time == on_time, (interval, late)


def test_a_move_keeps_the_cadence_of_the_1_on_1_it_moved():
    due = TODAY - timedelta(days=14)
    chain = (replace(meeting(MOVED, due), interval=7), replace(meeting(HELD, due, 3), interval=7))
    assert consistency((*weeks_ago(4, 5), *chain), 28, TODAY).held_on_time == 2


def test_a_new_manager_starts_anew():
    former = tuple(replace(old, manager=PersonId("former")) for old in weeks_ago(8, 9, 10, state=MISSED))
    known = consistency((*former, *weeks_ago(1, 2, 3)), 7, TODAY)
    assert known.sentence == "We've held 3 of 3 on time, 3 in a row."


def test_a_team_counts_all_1_on_1s_together():
    meetings = weeks_ago(1, 2) + weeks_ago(1, state=MISSED, rep=OTHER) + weeks_ago(1, rep=PersonId("gone"))
    known = team_consistency(meetings, {REP: 7, OTHER: 7}, TODAY)
    assert (known.held_on_time, known.counted, known.streak) == (2, 3, 0)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Meeting, ...]:
    weeks = draw(st.lists(st.integers(0, 40), unique=True, max_size=12))
    made = [
        meeting(
            draw(STATES), TODAY - timedelta(weeks=week), draw(st.integers(0, 20)), draw(st.sampled_from((REP, OTHER)))
        )
        for week in weeks
    ]
    return tuple(made)


@given(histories())
def test_consistency_is_a_share_and_the_streak_fits_in_it(history):
    known = team_consistency(history, {REP: 7, OTHER: 14}, TODAY)
    assert known.value is None or 0 <= known.value <= 1
    assert known.streak <= known.held_on_time <= known.counted <= len(history)


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(history, random):
    shuffled = list(history)
    random.shuffle(shuffled)
    known = team_consistency(history, {REP: 7, OTHER: 14}, TODAY)
    again = team_consistency(shuffled, {OTHER: 14, REP: 7}, TODAY)
    assert replace(again, value=None) == replace(known, value=None)
    assert again.value == pytest.approx(known.value) if known.value else again.value == known.value


@given(histories(), st.integers(0, 40))
def test_one_more_excused_1_on_1_changes_nothing_about_the_others(history, week):
    day = TODAY - timedelta(weeks=week, days=3)
    excused = meeting(EXCUSED, day)
    before = team_consistency(history, {REP: 7, OTHER: 14}, TODAY)
    assert team_consistency((*history, excused), {REP: 7, OTHER: 14}, TODAY) == before
