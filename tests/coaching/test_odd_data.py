"""Whatever the records are, every number is finite or says why it isn't there; neither order nor unit matters."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot import playbook_file
from bot.coaching.book import Book
from bot.coaching.build_pre_read import Rhythm, build_pre_read
from bot.coaching.numbers import Numbers, numbers_of
from bot.coaching.pre_read import PreRead
from bot.coaching.records import Deal, DealId, DealStatus, PeriodGoal, Person, PersonId, Records
from bot.coaching.settings import ExchangeRate, Settings
from bot.explain.plain import plain

TODAY = date(2026, 3, 31)
PLAYBOOK = playbook_file.load(None)
ANN, BOB = PersonId("ann"), PersonId("bob")
PEOPLE = (Person(ANN, "Ann", "ann@example.com", BOB), Person(BOB, "Bob", "bob@example.com"))
GOAL = PeriodGoal(ANN, date(2026, 4, 1), date(2026, 6, 30), 100_000.0)
OPEN, WON, LOST = DealStatus.OPEN, DealStatus.WON, DealStatus.LOST


def a_deal(number: int, status: DealStatus = OPEN, *, start: int = 40, close: int = 10, **known) -> Deal:
    ends = {} if status is OPEN else {"close": TODAY - timedelta(days=close)}
    usual = {"start": TODAY - timedelta(days=start), "amount": 1_000.0 + number, "stage": "Proposal", **ends}
    return Deal(DealId(f"d{number}"), ANN, f"Deal {number}", status, **usual | known)


def records(*deals: Deal, **changes) -> Records:
    return Records(**{"people": PEOPLE, "deals": deals, "goals": (GOAL,)} | changes)


def computed(facts: Records, settings: Settings | None = None) -> tuple[Numbers, PreRead]:
    found = numbers_of(Book(facts, PLAYBOOK, TODAY, settings or Settings()), PEOPLE[0])
    day = TODAY + timedelta(days=2)
    return found, build_pre_read(found, (), PLAYBOOK, rhythm=Rhythm(14), minutes=30, meeting_day=day, previous=None)


ODD = {
    "no deals": (records(), set()),
    "nobody's goal": (records(a_deal(1), goals=()), set()),
    "one open deal": (records(a_deal(1)), {"assumed"}),
    "one won deal": (records(a_deal(1, WON)), {"assumed"}),
    "all won": (records(*(a_deal(n, WON) for n in range(60))), set()),
    "all lost": (records(*(a_deal(n, LOST) for n in range(60))), set()),
    "all on one day": (records(*(a_deal(n, WON, start=0, close=0) for n in range(60))), set()),
    "negative amounts": (records(a_deal(1, WON, amount=-500.0), a_deal(2, amount=-5.0)), {"credit"}),
    "no amounts": (records(a_deal(1, WON, amount=None), a_deal(2, amount=None)), {"won without amount"}),
    "future dates": (records(a_deal(1, start=-30), a_deal(2, WON, start=-5, close=-10)), set()),
    "closed before it started": (records(a_deal(1, WON, start=5, close=10)), {"dates reversed"}),
    "no start": (records(replace(a_deal(1), start=None)), {"unstarted"}),
    "no day of closing": (records(replace(a_deal(1, WON), close=None)), set()),
    "a currency with a rate": (records(a_deal(1, WON, currency="EUR"), a_deal(2, currency="EUR")), set()),
    "a currency without": (records(a_deal(1, WON, currency="XAU"), a_deal(2, currency="XAU")), {"no rate"}),
    "the same id twice": (records(a_deal(1), a_deal(1, WON)), {"duplicate"}),
    "nan and infinite amounts": (records(a_deal(1, amount=float("nan")), a_deal(2, WON, amount=float("inf"))), set()),
    "overdue and very old": (records(a_deal(1, start=5_000, expected_close=date(2020, 1, 1))), {"overdue"}),
    "a goal of nought": (records(a_deal(1), goals=(replace(GOAL, amount=0.0),)), set()),
    "a tiny goal": (records(a_deal(1), goals=(replace(GOAL, amount=1e-9),)), set()),
    "an enormous goal": (records(a_deal(1, WON), goals=(replace(GOAL, amount=1e14),)), set()),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_data_are_flagged_and_every_number_is_finite(name: str) -> None:
    facts, flags = ODD[name]
    rates = Settings(exchange_rates=(ExchangeRate("EUR", date(2020, 1, 1), 1.1),))
    found, agenda = computed(facts, rates)
    json.dumps(plain(replace(found, ground=None)), allow_nan=False)
    json.dumps(plain(agenda), allow_nan=False)
    assert flags <= set(found.ground.flags)
    assert all(row.sentence for row in agenda.horizons)
    assert agenda.deals_sentence
    assert agenda.past_sentence
    assert agenda.month


def test_a_hundred_thousand_deals_are_computed_like_ten() -> None:
    many = tuple(a_deal(n, (OPEN, WON, LOST)[n % 3], start=40 + n % 300, close=n % 40) for n in range(100_000))
    found, agenda = computed(records(*many))
    assert len(found.ground.open_deals) == 33_334
    assert 0 <= (found.winnable.hit or 0) <= 1
    assert len(agenda.deals) <= 3


MIXED = [
    a_deal(n, (OPEN, WON, LOST)[n % 3], start=20 + 5 * n, close=n, amount=[None, 900.0, 40_000.0][n % 7 % 3])
    for n in range(60)
]


@given(seed=st.integers(0, 2**32))
@hypothesis_settings(max_examples=15)
def test_the_order_of_records_changes_nothing(seed: int) -> None:
    shuffled = random.Random(seed).sample(MIXED, len(MIXED))  # noqa: S311 - an order, not a secret
    assert plain(computed(records(*shuffled))[1]) == plain(computed(records(*MIXED))[1])


@given(power=st.integers(-3, 6))
@hypothesis_settings(max_examples=10)
def test_scaling_money_scales_money_and_nothing_else(power: int) -> None:
    factor = 2.0**power
    bigger = [replace(deal, amount=None if deal.amount is None else deal.amount * factor) for deal in MIXED]
    was, _ = computed(records(*MIXED))
    now, _ = computed(records(*bigger, goals=(replace(GOAL, amount=GOAL.amount * factor),)))
    for before, after in zip(was.horizons, now.horizons, strict=True):
        assert after.expected == pytest.approx(before.expected * factor)
        assert (after.need, after.have) == pytest.approx((before.need, before.have))
        assert (after.starts, after.extra, after.starts_safe) == (before.starts, before.extra, before.starts_safe)
    assert now.ground.deal_size == pytest.approx(was.ground.deal_size * factor)
    assert now.run_rate.value == pytest.approx((was.run_rate.value or 0.0) * factor)
    assert now.winnable.hit == pytest.approx(was.winnable.hit)
    assert [one.deal.deal.id for one in now.winnable.reviewed] == [one.deal.deal.id for one in was.winnable.reviewed]
