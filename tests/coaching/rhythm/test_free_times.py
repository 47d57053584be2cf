"""Which times are offered for a 1:1, and in which order."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.meeting import Appointment
from bot.coaching.rhythm.free_times import Constraints, Pairing, Wish, is_reasonable, nearest, starts
from bot.coaching.rhythm.wall_time import appointment, instant, local_day, span
from tests.coaching.placement_situations import fits, situations


def rank(option: Appointment, constraints: Constraints, wish: Wish) -> tuple[int, int, date, object]:
    """How far an option is from the wish, in the words of the rule."""
    minutes = constraints.hours.minutes
    apart = abs((option.at.hour - wish.place.at.hour) * 60 + option.at.minute - wish.place.at.minute)
    far = abs((option.day - wish.day).days)
    if (option.day.weekday(), option.at) != wish.place:
        for other in constraints.reserved:
            between = (option.at.hour - other.at.hour) * 60 + option.at.minute - other.at.minute
            if other.weekday == option.day.weekday() and abs(between) < minutes:
                far += 7
                break
        far += 0 if is_reasonable(span(option), constraints.rep.zone) else 7
    return far, apart, option.day, option.at


@given(situation=situations(), aim=st.integers(-40, 60), length=st.integers(0, 40))
def test_every_possible_time_is_offered_once_and_a_nearer_one_before_a_further_one(
    situation: tuple[date, Pairing, Constraints], aim: int, length: int
) -> None:
    first, standing, constraints = situation
    last = first + timedelta(days=length)
    wish = Wish(first + timedelta(days=aim), standing.place)
    not_before = instant(first, constraints.hours.opens, constraints.manager.zone)
    offered = list(nearest(constraints, wish, (first, last), not_before))
    zone, minutes = constraints.manager.zone, constraints.hours.minutes
    all_there_are = [
        appointment(first + timedelta(days=day), at, zone, minutes)
        for day in range(length + 1)
        for at in starts(constraints.hours, also=standing.at)
    ]
    possible = [
        one
        for one in all_there_are
        if one.starts_at >= not_before and fits(one, constraints) and local_day(one.starts_at, zone) == one.day
    ]
    assert offered == sorted(possible, key=lambda one: rank(one, constraints, wish))
    assert list(islice(nearest(constraints, wish, (first, last), not_before), 1)) == offered[:1]
