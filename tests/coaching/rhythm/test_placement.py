"""When rep and manager meet: the rules for standing places, the next 1:1, the first one and moves."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.coaching.meeting import Appointment
from bot.coaching.records import PersonId, WorkingHours
from bot.coaching.rhythm.free_times import Constraints, Diary, NoSlotError, Pairing, Span
from bot.coaching.rhythm.placement import bounds, free_slots, place, place_first, place_late
from bot.coaching.rhythm.standing_place import choose_standing
from bot.coaching.rhythm.wall_time import appointment, day_exists, instant, local_day, span
from bot.coaching.rhythm.working_days import DaysOff, working_days_before
from tests.coaching.placement_situations import DAYS, REP, ZONES, assert_fits, fits, situations, working_hours

INTERVALS = st.sampled_from((7, 14, 28))
TUESDAY = date(2026, 6, 2)
AT_TEN = Pairing(REP, TUESDAY.weekday(), time(10))
DEFAULT = WorkingHours()


@given(situation=situations(), interval=INTERVALS)
def test_the_next_one_is_7_to_31_days_later_on_a_working_day_of_both_and_overlaps_nothing(
    situation: tuple[date, Pairing, Constraints],
    interval: int,
) -> None:
    last_held, standing, constraints = situation
    now = instant(last_held, time(18), constraints.manager.zone)
    try:
        booked = place(standing, constraints, last_held=last_held, interval=interval, now=now)
    except NoSlotError:
        return
    assert 7 <= (booked.day - last_held).days <= 31
    assert_fits(booked, constraints)


@given(situation=situations(), interval=INTERVALS)
def test_the_standing_place_is_kept_whenever_it_is_free(
    situation: tuple[date, Pairing, Constraints],
    interval: int,
) -> None:
    some_day, standing, constraints = situation
    last_held = some_day - timedelta(days=(some_day.weekday() - standing.weekday) % 7)
    booked_as_ever = appointment(
        last_held + timedelta(days=interval),
        standing.at,
        constraints.manager.zone,
        constraints.hours.minutes,
    )
    # Planned long before, so that no notice is too short.
    now = instant(last_held - timedelta(days=60), time(18), constraints.manager.zone)
    if fits(booked_as_ever, constraints):
        assert place(standing, constraints, last_held=last_held, interval=interval, now=now) == booked_as_ever


@given(situation=situations(), interval=INTERVALS)
def test_no_slot_is_said_only_when_every_day_with_notice_is_taken(
    situation: tuple[date, Pairing, Constraints],
    interval: int,
) -> None:
    last_held, standing, constraints = situation
    now = instant(last_held - timedelta(days=60), time(18), constraints.manager.zone)
    anything = any(
        fits(appointment(day, at, constraints.manager.zone, constraints.hours.minutes), constraints)
        for day in (last_held + timedelta(days=n) for n in range(7, 32))
        for at in {standing.at, constraints.hours.opens}
    )
    try:
        place(standing, constraints, last_held=last_held, interval=interval, now=now)
    except NoSlotError:
        assert not anything


@given(situation=situations(), interval=INTERVALS)
def test_the_first_one_fits_and_leaves_three_working_days(
    situation: tuple[date, Pairing, Constraints],
    interval: int,
) -> None:
    today, standing, constraints = situation
    now = instant(today, time(18), constraints.manager.zone)
    try:
        booked = place_first(standing, constraints, interval=interval, now=now)
    except NoSlotError:
        # Only zones half a world apart and a narrow window: one of them always has weekend or nothing is open.
        assume(False)  # noqa: FBT003 - hypothesis takes the condition by position
    assert_fits(booked, constraints)
    for who in (constraints.manager, constraints.rep):
        third = working_days_before(local_day(booked.starts_at, who.zone), 3, who.off)
        assert third >= local_day(now, who.zone)


@given(situation=situations(), held=st.booleans())
def test_every_offered_move_fits_is_later_than_now_and_inside_the_cadence(
    situation: tuple[date, Pairing, Constraints],
    held: bool,  # noqa: FBT001 - a drawn value
) -> None:
    last_held, standing, constraints = situation
    day = last_held + timedelta(days=7 + (standing.weekday - last_held.weekday()) % 7)
    current = appointment(day, standing.at, constraints.manager.zone, constraints.hours.minutes)
    now = current.starts_at - timedelta(days=2)
    try:
        offers = free_slots(constraints, last_held=last_held if held else None, current=current, now=now)
    except NoSlotError:
        return
    assert 1 <= len(offers) <= 3
    assert list(offers) == sorted(set(offers), key=lambda offer: offer.starts_at)
    for offer in offers:
        assert_fits(offer, constraints)
        assert offer.starts_at > now
        assert offer.starts_at != current.starts_at
        assert not held or 7 <= (offer.day - last_held).days <= 31
    assert len({in_hours_of_the_rep(offer, constraints) for offer in offers}) == 1, "the hours of both, or else of one"


def in_hours_of_the_rep(offer: Appointment, constraints: Constraints) -> bool:
    start, end = (moment.astimezone(ZoneInfo(constraints.rep.zone)) for moment in span(offer))
    return start.weekday() < 5 and start.date() == end.date() and time(8) <= start.time() and end.time() <= time(18)


def test_a_move_is_offered_in_the_hours_of_both_though_others_are_nearer() -> None:
    apart = replace(office(), rep=Diary("Europe/Berlin"))  # 9 in Chicago is 16 in Berlin
    current = chicago(date(2026, 6, 16), time(14))
    offers = free_slots(apart, last_held=TUESDAY, current=current, now=current.starts_at - timedelta(days=1))
    assert [(offer.day, offer.at) for offer in offers] == [
        (date(2026, 6, 16), time(10, 30)),
        (date(2026, 6, 17), time(10, 30)),
        (date(2026, 6, 18), time(10, 30)),
    ]


def test_where_the_two_share_no_hours_the_managers_decide() -> None:
    apart = replace(office(), rep=Diary("Asia/Tokyo"))
    current = chicago(date(2026, 6, 16))
    offers = free_slots(apart, last_held=TUESDAY, current=current, now=current.starts_at - timedelta(days=1))
    assert [offer.at for offer in offers] == [time(9, 30), time(10), time(10)]


def office(
    *,
    manager_off: DaysOff | None = None,
    rep_off: DaysOff | None = None,
    busy: tuple[Span, ...] = (),
    reserved: tuple[Pairing, ...] = (),
) -> Constraints:
    """A manager and a rep in Chicago with the default hours."""
    return Constraints(
        DEFAULT,
        Diary("America/Chicago", manager_off or DaysOff()),
        Diary("America/Chicago", rep_off or DaysOff()),
        busy,
        reserved,
    )


def chicago(day: date, at: time = time(10)) -> Appointment:
    return appointment(day, at, "America/Chicago", 30)


def after(constraints: Constraints, interval: int = 14, last_held: date = TUESDAY) -> tuple[date, time]:
    now = instant(last_held, time(11), "America/Chicago")
    booked = place(AT_TEN, constraints, last_held=last_held, interval=interval, now=now)
    return booked.day, booked.at


def holidays(*days: date) -> DaysOff:
    return DaysOff(holidays=frozenset(days))


def test_bounds_are_a_week_and_a_month() -> None:
    assert bounds(TUESDAY) == (date(2026, 6, 9), date(2026, 7, 3))


def test_a_holiday_moves_it_to_the_nearest_day_of_the_managers_hours_at_the_same_time() -> None:
    assert after(office(manager_off=holidays(date(2026, 6, 16)))) == (date(2026, 6, 17), time(10))
    assert after(office(rep_off=holidays(date(2026, 6, 16)))) == (date(2026, 6, 17), time(10))


def test_a_weekly_one_is_never_moved_closer_than_a_week() -> None:
    wednesday = replace(AT_TEN, weekday=2)
    last_held = date(2026, 6, 3)
    booked = place(
        wednesday,
        office(manager_off=holidays(date(2026, 6, 10))),
        last_held=last_held,
        interval=7,
        now=instant(last_held, time(11), "America/Chicago"),
    )
    assert booked.day == date(2026, 6, 11), "Tuesday is as near but only six days after"


def test_a_busy_hour_moves_it_within_the_day() -> None:
    assert after(office(busy=(span(chicago(date(2026, 6, 16))),))) == (date(2026, 6, 16), time(9, 30))


def test_back_to_back_is_not_overlapping() -> None:
    before = span(chicago(date(2026, 6, 16), time(9, 30)))
    following = span(chicago(date(2026, 6, 16), time(10, 30)))
    assert after(office(busy=(before, following))) == (date(2026, 6, 16), time(10))


def test_a_moved_one_takes_no_other_reps_standing_place_while_another_is_near() -> None:
    other = Pairing(PersonId("other"), 2, time(10))
    off = holidays(date(2026, 6, 16))
    assert after(office(manager_off=off, reserved=(other,))) == (date(2026, 6, 17), time(9, 30))


def test_after_a_move_it_returns_to_its_weekday() -> None:
    assert after(office(), last_held=date(2026, 6, 3)) == (date(2026, 6, 16), time(10))
    assert after(office(), interval=7, last_held=date(2026, 6, 3)) == (date(2026, 6, 16), time(10))
    assert after(office(), interval=28, last_held=date(2026, 6, 3)) == (date(2026, 6, 30), time(10))


def test_one_planned_late_takes_the_next_standing_day_that_the_prompts_can_precede() -> None:
    now = instant(date(2026, 6, 15), time(11), "America/Chicago")
    booked = place(AT_TEN, office(), last_held=TUESDAY, interval=7, now=now)
    assert booked == chicago(date(2026, 6, 23))


def test_when_the_month_runs_out_the_pre_reads_day_is_notice_enough_and_less_never_is() -> None:
    def on(day: date) -> Appointment:
        return place(AT_TEN, office(), last_held=TUESDAY, interval=28, now=instant(day, time(11), "America/Chicago"))

    assert on(date(2026, 6, 30)).day == date(2026, 7, 2)
    assert on(date(2026, 7, 1)).day == date(2026, 7, 2)
    with pytest.raises(NoSlotError, match="Tuesday 9 June 2026 and Friday 3 July 2026"):
        on(date(2026, 7, 2))


def test_a_leave_over_the_whole_month_is_said_with_a_remedy_and_the_first_after_it_is_found() -> None:
    away = office(rep_off=DaysOff(leave=((date(2026, 6, 4), date(2026, 7, 20)),)))
    now = instant(TUESDAY, time(11), "America/Chicago")
    with pytest.raises(NoSlotError, match="shorten a leave"):
        place(AT_TEN, away, last_held=TUESDAY, interval=14, now=now)
    assert place_first(AT_TEN, away, interval=7, now=now).day == date(2026, 7, 28), "not on the day of return"


def test_a_reps_weekend_counts_on_the_reps_own_calendar() -> None:
    hours = WorkingHours(weekdays=(3, 4), opens=time(13), closes=time(17))
    constraints = Constraints(hours, Diary("America/Los_Angeles"), Diary("Australia/Sydney"))
    friday = Pairing(REP, 4, time(16))
    booked = place_first(friday, constraints, interval=7, now=instant(TUESDAY, time(9), "America/Los_Angeles"))
    assert booked.day.weekday() == 3, "Friday afternoon in Los Angeles is Saturday in Sydney"


def test_the_day_that_samoa_skipped_holds_no_one_to_one() -> None:
    hours = WorkingHours(weekdays=(4,))
    constraints = Constraints(hours, Diary("Pacific/Apia"), Diary("Pacific/Apia"))
    last_held = date(2011, 12, 23)
    now = instant(last_held, time(18), "Pacific/Apia")
    booked = place(Pairing(REP, 4, time(9)), constraints, last_held=last_held, interval=7, now=now)
    assert not day_exists(date(2011, 12, 30), "Pacific/Apia")
    assert booked.day == date(2012, 1, 6)


def test_first_ones_spread_over_the_weeks_of_an_interval() -> None:
    now = datetime(2026, 6, 1, 14, tzinfo=UTC)
    reps = [(PersonId(f"r{n}"), "America/Chicago") for n in range(8)]
    busy: list[Span] = []
    weeks = []
    for standing in choose_standing(DEFAULT, "America/Chicago", reps, on=TUESDAY):
        booked = place_first(standing, office(busy=tuple(busy)), interval=28, now=now)
        assert (booked.day.weekday(), booked.at) == (standing.weekday, standing.at)
        busy.append(span(booked))
        weeks.append(booked.day.isocalendar().week)
    assert max(weeks.count(week) for week in weeks) == 2


def test_a_first_weekly_one_is_within_the_coming_fortnight() -> None:
    booked = place_first(AT_TEN, office(), interval=7, now=datetime(2026, 6, 1, 14, tzinfo=UTC))
    assert booked == chicago(date(2026, 6, 9))


def test_moves_are_offered_on_three_days_nearest_first_and_told_in_order() -> None:
    current = chicago(date(2026, 6, 16))
    offers = free_slots(office(), last_held=TUESDAY, current=current, now=current.starts_at - timedelta(hours=1))
    assert [(offer.day, offer.at) for offer in offers] == [
        (date(2026, 6, 16), time(9, 30)),
        (date(2026, 6, 17), time(10)),
        (date(2026, 6, 18), time(10)),
    ]


def test_a_single_free_day_offers_several_times() -> None:
    current = chicago(date(2026, 6, 9))
    off = DaysOff(leave=((date(2026, 6, 10), date(2026, 7, 31)),))
    offers = free_slots(
        office(rep_off=off),
        last_held=TUESDAY,
        current=current,
        now=current.starts_at,
    )
    assert [offer.at for offer in offers] == [time(10, 30), time(11), time(11, 30)]


def test_a_move_at_the_end_of_the_month_says_that_nothing_is_left() -> None:
    current = chicago(date(2026, 7, 2), time(16, 30))
    with pytest.raises(NoSlotError, match="3 July 2026"):
        free_slots(office(), last_held=TUESDAY, current=current, now=current.starts_at)


@given(hours=working_hours(), zone=ZONES, count=st.integers(1, 6), rep_zone=ZONES, on=DAYS)
def test_standing_places_of_a_manager_never_overlap_and_lie_in_the_hours(
    hours: WorkingHours,
    zone: str,
    count: int,
    rep_zone: str,
    on: date,
) -> None:
    reps = [(PersonId(str(n)), rep_zone) for n in range(count)]
    try:
        first = choose_standing(hours, zone, reps, on=on)
        rest = choose_standing(hours, zone, [(PersonId("late"), zone)], taken=first, on=on)
    except NoSlotError:
        return
    assert [pairing.rep for pairing in first] == [rep for rep, _ in reps]
    starts = [p.weekday * 1440 + p.at.hour * 60 + p.at.minute for p in (*first, *rest)]
    assert all(abs(one - other) >= hours.minutes for one, other in combinations(starts, 2))
    assert all(p.weekday in hours.weekdays for p in first)


def test_the_default_hours_hold_48_reps_and_the_49th_is_told_what_to_do() -> None:
    reps = [(PersonId(str(n)), "America/Chicago") for n in range(49)]
    assert len(set(choose_standing(DEFAULT, "America/Chicago", reps[:48], on=TUESDAY))) == 48
    with pytest.raises(NoSlotError, match="add a weekday"):
        choose_standing(DEFAULT, "America/Chicago", reps, on=TUESDAY)


def test_reps_spread_over_the_weekdays() -> None:
    reps = [(PersonId(str(n)), "America/Chicago") for n in range(6)]
    chosen = choose_standing(DEFAULT, "America/Chicago", reps, on=TUESDAY)
    assert [(p.weekday, p.at) for p in chosen] == [
        (weekday, at) for at in (time(9), time(9, 30)) for weekday in (1, 2, 3)
    ]


def test_a_rep_far_away_gets_reasonable_hours_even_when_asked_for_last() -> None:
    home = [(PersonId(str(n)), "America/Los_Angeles") for n in range(10)]
    chosen = choose_standing(DEFAULT, "America/Los_Angeles", [*home, (PersonId("far"), "Europe/London")], on=TUESDAY)
    assert chosen[-1].at <= time(9, 30), "9:00 in Los Angeles is 17:00 in London"


def year_of(reps: int, interval_of: Callable[[int], int]) -> dict[PersonId, list[Appointment]]:
    """A year of a manager in Chicago: each 1:1 is planned when the one before was held, in order of time."""
    zone = "America/Chicago"
    public = {date(2026, 7, 3), date(2026, 9, 7), date(2026, 11, 26), date(2026, 12, 24), date(2026, 12, 25)}
    manager_off = DaysOff(frozenset(public | {date(2026, 11, 11)}), ((date(2026, 8, 10), date(2026, 8, 21)),))
    people = [(PersonId(f"r{n}"), zone if n % 3 else "Europe/London") for n in range(reps)]
    leave = {rep: ((TUESDAY + timedelta(days=20 * n), TUESDAY + timedelta(days=20 * n + 9)),)
             for n, (rep, _) in enumerate(people)}  # fmt: skip
    standing = {p.rep: p for p in choose_standing(DEFAULT, zone, people, on=TUESDAY)}
    zones = dict(people)
    interval = {rep: interval_of(n) for n, (rep, _) in enumerate(people)}
    planned: dict[PersonId, Appointment] = {}
    held: dict[PersonId, list[Appointment]] = {rep: [] for rep, _ in people}

    def around(rep: PersonId) -> Constraints:
        others = [other for other in planned if other != rep]
        return Constraints(
            DEFAULT,
            Diary(zone, manager_off),
            Diary(zones[rep], DaysOff(frozenset(public), leave[rep])),
            tuple(span(planned[other]) for other in others),
            tuple(pairing for other, pairing in standing.items() if other != rep),
        )

    for rep, pairing in standing.items():
        now = instant(TUESDAY, time(9), zone)
        planned[rep] = place_first(pairing, around(rep), interval=interval[rep], now=now)
    while min(planned.values(), key=lambda booked: booked.starts_at).day < TUESDAY + timedelta(days=365):
        rep = min(planned, key=lambda each: planned[each].starts_at)
        done = planned.pop(rep)
        held[rep].append(done)
        now = done.starts_at + timedelta(minutes=45)
        planned[rep] = place(standing[rep], around(rep), last_held=done.day, interval=interval[rep], now=now)
    return held


@pytest.mark.parametrize("interval", [7, 28])
def test_in_a_year_with_holidays_and_leave_every_gap_is_7_to_31_days_and_none_overlap(interval: int) -> None:
    held = year_of(12, lambda _: interval)
    gaps = {(later.day - earlier.day).days for each in held.values() for earlier, later in pairwise(each)}
    assert min(gaps) >= 7
    assert max(gaps) <= 31
    spans = sorted(span(booked) for each in held.values() for booked in each)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


def test_in_a_year_most_are_held_in_the_standing_place() -> None:
    held = year_of(12, lambda n: (7, 14, 28)[n % 3])
    for each in held.values():
        places = [(booked.day.weekday(), booked.at) for booked in each]
        usual = max(set(places), key=places.count)
        assert places.count(usual) >= 0.7 * len(places)


@given(situation=situations(), ahead=st.integers(0, 60))
def test_a_late_one_fits_and_comes_after_a_working_day_of_both_since_the_month_went_by(
    situation: tuple[date, Pairing, Constraints],
    ahead: int,
) -> None:
    last_held, standing, constraints = situation
    now = instant(last_held + timedelta(days=ahead), time(12), constraints.manager.zone)
    try:
        booked = place_late(standing, constraints, last_held=last_held, now=now)
    except NoSlotError:
        assume(False)  # noqa: FBT003 - hypothesis takes the condition by position
    assert_fits(booked, constraints)
    assert (booked.day - last_held).days > 31
    for who in (constraints.manager, constraints.rep):
        read_on = working_days_before(local_day(booked.starts_at, who.zone), 1, who.off)
        assert read_on >= local_day(now, who.zone)
        # A zone west of the manager's may still have the month's last day.
        assert read_on >= last_held + timedelta(days=31)


def test_back_from_two_months_away_the_agenda_is_read_on_the_first_day_and_the_meeting_is_on_the_next() -> None:
    away = DaysOff(leave=((date(2026, 6, 3), date(2026, 8, 3)),))  # back on Tuesday the 4th
    for one in (office(rep_off=away), office(manager_off=away)):
        booked = place_late(AT_TEN, one, last_held=TUESDAY, now=datetime(2026, 6, 2, 18, tzinfo=UTC))
        assert booked == chicago(date(2026, 8, 5))


def test_the_first_day_back_is_taken_though_it_is_anothers_place() -> None:
    away = DaysOff(leave=((date(2026, 6, 3), date(2026, 8, 3)),))
    full = office(rep_off=away, reserved=(Pairing(PersonId("other"), 2, time(10)),))
    booked = place_late(AT_TEN, full, last_held=TUESDAY, now=datetime(2026, 6, 2, 18, tzinfo=UTC))
    assert booked == chicago(date(2026, 8, 5), time(9, 30)), "the day counts, then the time nearest that nobody has"


@given(situation=situations(), interval=INTERVALS, days=st.integers(0, 20))
def test_after_one_that_was_left_out_the_next_is_later(
    situation: tuple[date, Pairing, Constraints], interval: int, days: int
) -> None:
    last_held, standing, constraints = situation
    left_out = last_held + timedelta(days=days)
    now = instant(last_held, time(18), constraints.manager.zone)
    try:
        booked = place(standing, constraints, last_held=last_held, interval=interval, now=now, after=left_out)
    except NoSlotError:
        return
    assert booked.day > left_out
    assert 7 <= (booked.day - last_held).days <= 31
    assert_fits(booked, constraints)
