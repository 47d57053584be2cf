"""Whether the real numbers equal those of a second, plain reading of the specification, on the public data set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.coaching.book import Book
from bot.coaching.numbers import Numbers, numbers_of
from bot.coaching.pipeline.balance import Balance
from bot.coaching.records import PersonId, Records
from bot.coaching.rhythm.cadence import CadenceDecision, cadence_for
from bot.crm import maven
from bot.playbook_file import load
from tests.coaching.reference import DEFAULT_STAGES, LAST_DAY, Reference
from tests.coaching.reference import Balance as ReferenceBalance

DAYS = (date(2017, 7, 1), date(2017, 8, 15), date(2017, 9, 15), date(2017, 10, 1), date(2017, 11, 15))
"""On the third the month ends with its quarter, so that the medium horizon is the quarter after."""

DATA = Path(maven.__file__).parents[1] / "sandbox" / "data" / "maven-crm"

on_each_day = pytest.mark.parametrize("today", DAYS, ids=str)


@cache
def records() -> Records:
    return maven.read(DATA)


@cache
def reps() -> tuple[PersonId, ...]:
    return tuple(sorted({deal.owner for deal in records().deals}))


@cache
def plain(today: date) -> Reference:
    return Reference(records(), today)


@cache
def real(today: date) -> dict[PersonId, tuple[Numbers, CadenceDecision]]:
    book = Book(records(), load(None), today, maven.SETTINGS)
    found = {}
    for person in records().people:
        if person.id in reps():
            numbers = numbers_of(book, person)
            cadence = cadence_for(
                numbers.ground, records(), None, today, maven.SETTINGS, DEFAULT_STAGES, feed=book.feed
            )
            found[person.id] = numbers, cadence
    return found


def of_all(today: date, value: Callable[[Numbers, CadenceDecision], Any]) -> dict[PersonId, Any]:
    return {rep: value(*real(today)[rep]) for rep in reps()}


def plainly(value: Callable[[PersonId], Any]) -> dict[PersonId, Any]:
    return {rep: value(rep) for rep in reps()}


def close_to(expected: Any) -> Any:
    return pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_the_set_has_thirty_reps_with_deals() -> None:
    assert len(reps()) == 30


@on_each_day
def test_own_win_rates_are_noise_on_this_set_so_the_pool_weighs_two_hundred_deals(today: date) -> None:
    assert plain(today).m == 200
    assert {numbers.ground.m for numbers, _ in real(today).values()} == {200}


@on_each_day
def test_win_rates_and_their_intervals_are_equal(today: date) -> None:
    reference = plain(today)
    counted = of_all(today, lambda numbers, _: (numbers.ground.closed, numbers.ground.won))
    assert counted == plainly(reference.closed_and_won)
    rates = of_all(today, lambda numbers, _: numbers.ground.win_rate.value)
    assert rates == close_to(plainly(reference.win_rate))
    for end in (0, 1):
        edges = of_all(today, lambda numbers, _, end=end: numbers.ground.win_rate_80[end])
        assert edges == close_to(plainly(lambda rep, end=end: reference.win_rate_80(rep)[end]))


@on_each_day
def test_win_curves_are_equal_on_every_day(today: date) -> None:
    for rep in reps():
        curve, reference = real(today)[rep][0].ground.curve, plain(today).curve(rep)
        assert len(reference.won) == LAST_DAY + 1
        assert curve.won.tolist() == close_to(reference.won), rep
        assert curve.lost.tolist() == close_to(reference.lost), rep


@on_each_day
def test_cycles_and_stale_ages_are_equal(today: date) -> None:
    reference = plain(today)
    assert of_all(today, lambda numbers, _: numbers.ground.typical_cycle) == plainly(reference.typical_cycle)
    assert of_all(today, lambda numbers, _: numbers.ground.stale_age) == plainly(reference.stale_age)


@on_each_day
def test_deal_sizes_and_paces_are_equal(today: date) -> None:
    reference = plain(today)
    assert {numbers.ground.size_cap for numbers, _ in real(today).values()} == {reference.cap}
    assert of_all(today, lambda numbers, _: numbers.ground.deal_size) == close_to(plainly(reference.deal_size))
    assert of_all(today, lambda numbers, _: numbers.ground.size_var) == close_to(plainly(reference.size_variance))
    paces = of_all(today, lambda numbers, _: numbers.ground.starts_per_week)
    assert paces == close_to(plainly(reference.starts_per_week))


@on_each_day
def test_raw_intervals_are_equal(today: date) -> None:
    reference = plain(today)
    events = of_all(today, lambda _, cadence: cadence.activities_per_week)
    assert events == close_to(plainly(reference.events_per_week))
    assert of_all(today, lambda _, cadence: cadence.raw) == close_to(plainly(reference.raw_interval))


@pytest.mark.parametrize("today", DAYS[2:], ids=str)
def test_trends_and_first_intervals_are_equal(today: date) -> None:
    reference = plain(today)
    assert of_all(today, lambda _, cadence: cadence.trend) == plainly(lambda rep: reference.trend(rep)[0])
    assert of_all(today, lambda _, cadence: cadence.Z) == close_to(plainly(lambda rep: reference.trend(rep)[1]))
    assert of_all(today, lambda _, cadence: cadence.M) == close_to(plainly(lambda rep: reference.trend(rep)[2]))
    assert of_all(today, lambda _, cadence: cadence.interval) == plainly(reference.first_interval)


@pytest.mark.parametrize("today", DAYS[:2], ids=str)
def test_a_past_from_before_the_first_known_closings_is_no_past_to_compare_with(today: date) -> None:
    """The specification is silent: its formula would take what is missing from the file for a change of the rep."""
    assert {(cadence.trend, cadence.Z) for _, cadence in real(today).values()} == {("flat", None)}
    assert of_all(today, lambda _, cadence: cadence.interval) == plainly(plain(today).base)


@on_each_day
def test_chances_of_the_goal_and_swings_are_equal(today: date) -> None:
    for rep in reps()[DAYS.index(today) :: len(DAYS)]:  # each rep on one day: the plain way is slow
        topic = real(today)[rep][0].winnable
        hit, swings = plain(today).hit(rep)
        assert topic.hit == close_to(hit), rep
        found = {one.deal.deal.id: one.swing for one in topic.likeliest if one.swing is not None}
        assert found == close_to(swings), rep


@on_each_day
def test_balances_are_equal_on_all_three_horizons(today: date) -> None:
    reference = plain(today)
    for rep in reps():
        horizons = real(today)[rep][0].horizons
        assert tuple(horizon.ends for horizon in horizons) == reference.horizons()
        for horizon in horizons:
            expected = reference.balance(rep, horizon.ends)
            assert found_for(horizon) == matching(expected), (rep, horizon.name)


def found_for(horizon: Balance) -> ReferenceBalance:
    goal = horizon.target
    return ReferenceBalance(
        end=horizon.ends,
        Y=horizon.expected,
        low=horizon.low,
        high=horizon.high,
        live=horizon.live,
        remaining=None if goal is None else goal.remaining,
        need=None if goal is None else horizon.need,
        have=horizon.have,
        gap=horizon.gap,
        f=horizon.f,
        starts=horizon.starts,
        pace=horizon.pace,
        extra=horizon.extra,
        safe_starts=horizon.starts_safe,
        last_useful_start=horizon.last_useful_start,
    )


def matching(expected: ReferenceBalance) -> ReferenceBalance:
    """Return a value that equals a balance whose fractions are equal but for rounding, and all else exactly."""
    fractions = {name: close_to(value) for name, value in asdict(expected).items() if isinstance(value, float)}
    return replace(expected, **fractions)


@on_each_day
def test_an_open_deal_of_the_set_is_worth_its_list_price(today: date) -> None:
    prices = {deal.id: deal.list_price for deal in records().deals}
    for rep in reps():
        for known in real(today)[rep][0].ground.open_deals:
            assert known.amount == prices[known.deal.id]
