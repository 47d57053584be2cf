"""What goal somebody's own words mean, and which valid ones are nearest to them (specification, sections 7.4 and 8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import PEOPLE, START, some_records

from bot import playbook_file
from bot.coaching.book import Book
from bot.coaching.choices import Choice, choices, key_of, usual_day
from bot.coaching.commitment import CoachingGoal, Fork, GoalId, GoalState
from bot.coaching.draft import read_draft
from bot.coaching.goals.goal_test import GoalTest, Situation, check, is_own
from bot.coaching.numbers import Numbers, numbers_of
from bot.coaching.own_words import customer_of, meant, nearest_choices, terms_of, with_number
from bot.coaching.records import Activity, PersonId, Records
from bot.coaching.settings import DEFAULTS
from bot.views.languages import GERMAN, called

TODAY = date(2017, 10, 2)  # a Monday
NEXT = date(2017, 10, 11)
PLAYBOOK = playbook_file.load(None)
CALLS = tuple(
    Activity(PersonId("ruth"), "Call", date(2017, 7, 1) + timedelta(days=number), count=3) for number in range(90)
)
WITH_CALLS = some_records(activities=CALLS)


def numbers(records: Records = WITH_CALLS) -> Numbers:
    return numbers_of(Book(records, PLAYBOOK, TODAY, DEFAULTS), PEOPLE[1])


KNOWN = numbers()
CHOICES = choices(KNOWN, PLAYBOOK, (), NEXT, DEFAULTS)


def near(words: str) -> tuple[Choice, ...]:
    return nearest_choices(read_draft(words, TODAY), CHOICES, KNOWN, PLAYBOOK, NEXT, DEFAULTS)


@pytest.mark.parametrize(
    ("words", "title", "number", "unit", "due"),
    [
        ("close 3 deals", "close 3 deals", 3, "deals", None),
        ("20 more calls by Friday", "20 more calls", 20, "calls", date(2017, 10, 6)),
        ("ten requests this week", "ten requests", 10, "requests", date(2017, 10, 9)),
        ("win $50k", "win $50k", 50_000, "dollars", None),
        ("win 1.2m of revenue", "win 1.2m of revenue", 1_200_000, "dollars", None),
        ("1,200 calls", "1,200 calls", 1_200, "calls", None),
        ("by Monday 5 calls", "5 calls", 5, "calls", date(2017, 10, 9)),
        ("become world-class", "become world-class", None, "", None),
        ("20 weitere Anrufe bis Freitag", "20 weitere Anrufe", 20, "Anrufe", date(2017, 10, 6)),
        ("Bis zum Montag fünf Anrufe", "fünf Anrufe", 5, "Anrufe", date(2017, 10, 9)),
        ("zehn Demos diese Woche", "zehn Demos", 10, "Demos", date(2017, 10, 9)),
        ("1.200 Anrufe", "1.200 Anrufe", 1_200, "Anrufe", None),
        ("50.000 € gewinnen", "50.000 € gewinnen", 50_000, "dollars", None),
        ("1,2 Mio. Euro Umsatz", "1,2 Mio. Euro Umsatz", 1_200_000, "dollars", None),
        ("20 Anrufe bis zum 15. Oktober", "20 Anrufe", 20, "Anrufe", date(2017, 10, 15)),
        ("20 Anrufe bis 15.10.", "20 Anrufe", 20, "Anrufe", date(2017, 10, 15)),
        ("20 Anrufe bis zum 15.", "20 Anrufe", 20, "Anrufe", date(2017, 10, 15)),
        ("20 Anrufe bis zum 1.", "20 Anrufe", 20, "Anrufe", date(2017, 11, 1)),
        ("20 Anrufe bis Monatsende", "20 Anrufe", 20, "Anrufe", date(2017, 10, 31)),
        ("20 Anrufe bis Ende nächster Woche", "20 Anrufe", 20, "Anrufe", date(2017, 10, 13)),
        ("20 Anrufe bis naechsten Fr.", "20 Anrufe", 20, "Anrufe", date(2017, 10, 6)),
        ("20 Kunden anrufen bis Mittwoch um 12", "20 Kunden anrufen", 20, "Kunden", date(2017, 10, 4)),
        ("zwölf Anrufe in zwei Wochen", "zwölf Anrufe", 12, "Anrufe", date(2017, 10, 16)),
        ("fuenf Anrufe bis spätestens morgen", "fuenf Anrufe", 5, "Anrufe", date(2017, 10, 3)),
        ("10 Anrufe pro Woche bis Ende Oktober", "10 Anrufe pro Woche", 40, "Anrufe", date(2017, 10, 31)),
        ("10 calls a week", "10 calls", 10, "calls", date(2017, 10, 9)),
        ("20 calls by the 15th", "20 calls", 20, "calls", date(2017, 10, 15)),
        ("20 calls by 15 October at 3 pm", "20 calls", 20, "calls", date(2017, 10, 15)),
        ("20 calls by the end of the month", "20 calls", 20, "calls", date(2017, 10, 31)),
        ("20 calls within 10 days", "20 calls", 20, "calls", date(2017, 10, 12)),
        ("raise calls by 20", "raise calls by 20", 20, "", None),
        ("raise my rate by 1.5 points", "raise my rate by 1.5 points", None, "", None),
        ("20 calls by Monday", "20 calls", 20, "calls", date(2017, 10, 9)),
        ("20 calls by yesterday", "20 calls by yesterday", 20, "calls", None),
        ("20 calls by 30 February", "20 calls by 30 February", 20, "calls", None),
        ("50 Tausend Euro Umsatz", "50 Tausend Euro Umsatz", 50_000, "dollars", None),
        ("", "", None, "", None),
    ],
)
def test_number_unit_and_day_are_read_as_people_say_them(
    words: str, title: str, number: int | None, unit: str, due: date | None
) -> None:
    draft = read_draft(words, TODAY)
    assert (draft.title, draft.number, draft.unit, draft.due) == (title, number, unit, due)


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2017, 10, 2), date(2017, 10, 31)),
        (date(2017, 11, 5), date(2017, 12, 31)),
        (date(2018, 1, 31), date(2018, 3, 31)),
    ],
)
def test_the_31st_is_that_of_the_next_month_that_has_one(today: date, due: date) -> None:
    assert read_draft("20 calls by the 31st", today).due == due


@given(words=st.text(max_size=80))
def test_any_words_can_be_read_and_lead_only_to_valid_goals(words: str) -> None:
    draft = read_draft(words, TODAY)
    assert draft.due is None or draft.due > TODAY
    for choice in nearest_choices(draft, CHOICES, KNOWN, PLAYBOOK, NEXT, DEFAULTS):
        situation = Situation(PLAYBOOK, TODAY, choice.serves, NEXT, most=choice.most)
        assert not check(choice.terms, situation)


def test_every_choice_is_a_valid_goal_as_it_stands() -> None:
    assert {choice.terms.fork for choice in CHOICES} == set(Fork)
    for choice in CHOICES:
        situation = Situation(PLAYBOOK, TODAY, choice.serves, NEXT, most=choice.most, customer="Acme")
        assert not check(choice.terms, situation), choice
    assert len({choice.key for choice in CHOICES}) == len(CHOICES)


def test_an_outcome_becomes_as_many_acts_as_the_own_rate_asks_for_and_no_more_than_fit() -> None:
    first = near("close 3 deals")[0]
    assert first.terms.item == "Call a new prospect and ask for a first meeting"
    assert first.terms.why.startswith("3 deals usually take you ")
    assert first.most is not None
    assert 1 < first.terms.number <= first.most
    assert near("get 5 meetings")[0].terms.why.startswith("5 meetings usually take you ")
    assert near("5 Termine bekommen")[0].terms.why.startswith("5 Termine usually take you ")
    assert near("win $50k")[0].terms.why.startswith("50,000 dollars usually take you ")


def test_why_a_goal_takes_the_place_of_an_outcome_can_be_told_in_any_language() -> None:
    why = near("win $50k")[0].terms.why
    assert GERMAN.written(why).startswith("Für 50.000 Dollar brauchst du meist ")
    assert " ist bis zum 31. Dezember etwa " in GERMAN.written(why)


def test_a_named_customer_leads_to_that_deal_and_other_wishes_to_each_topic_once() -> None:
    assert customer_of("close Acme", KNOWN) == "Acme"
    assert customer_of("close acmes", KNOWN) == ""
    assert near("close Acme")[0].terms.deal == "ruth-open-0"
    assert {choice.terms.fork for choice in near("hit my number")} == set(Fork)


def test_words_mean_a_choice_by_its_name_or_by_its_unit_alone() -> None:
    called = meant(read_draft("call a new prospect and ask for a first meeting 9 times", TODAY), CHOICES)
    assert called is not None
    by_unit = meant(read_draft("9 calls", TODAY), CHOICES)
    assert by_unit == called
    assert meant(read_draft("9 Anrufe bis Freitag", TODAY), CHOICES) == by_unit
    assert meant(read_draft("3 role-plays", TODAY), CHOICES) is None, "several skills are practised so"
    terms = terms_of(read_draft("9 calls by Friday", TODAY), called)
    assert (terms.title, terms.number, terms.due, terms.item) == ("9 calls", 9, date(2017, 10, 6), called.terms.item)


@pytest.mark.parametrize("words", ["400 calls by Friday", "100 Anrufe pro Woche bis Ende Oktober", "400 Telefonate"])
def test_more_than_fits_of_something_is_answered_with_as_much_as_fits_of_it(words: str) -> None:
    first = near(words)[0]
    assert first.terms.item == "Call a new prospect and ask for a first meeting"
    assert first.terms.number == first.most


def test_dollars_follow_the_number() -> None:
    gap = next(choice for choice in CHOICES if choice.terms.fork is Fork.GAP)
    assert gap.terms.worth is not None
    more = with_number(gap, KNOWN, PLAYBOOK, gap.terms.number + 1, gap.terms.due)
    fewer = with_number(gap, KNOWN, PLAYBOOK, 1, gap.terms.due)
    assert more.terms.worth is not None
    assert more.terms.worth.expected > gap.terms.worth.expected
    assert fewer.terms.worth is None, "nothing more than usual is worth nothing more"


def test_what_is_held_is_not_offered_again() -> None:
    skill = next(choice for choice in CHOICES if choice.terms.item == "Discovery questions")
    acme = next(choice for choice in CHOICES if choice.terms.deal == "ruth-open-0")
    held = tuple(
        CoachingGoal(
            GoalId(choice.key),
            PersonId("ruth"),
            PersonId("mara"),
            "m",
            GoalState.ACTIVE,
            1,
            choice.terms,
            START,
        )
        for choice in (skill, acme)
    )
    left = {choice.key for choice in choices(KNOWN, PLAYBOOK, held, NEXT, DEFAULTS)}
    assert not left & {skill.key, acme.key}


def test_a_key_names_item_and_deal_whatever_the_number() -> None:
    terms = CHOICES[0].terms
    assert key_of(replace(terms, number=9, due=NEXT, title="else")) == CHOICES[0].key
    assert key_of(replace(terms, deal=None)) != CHOICES[0].key


@pytest.mark.parametrize(
    ("fork", "next_meeting", "due"),
    [
        (Fork.VERIFIER, date(2017, 10, 11), date(2017, 10, 11)),
        (Fork.GAP, date(2017, 10, 11), date(2017, 10, 11)),
        (Fork.GAP, date(2017, 10, 5), date(2017, 10, 30)),
        (Fork.ASPIRATION, None, date(2017, 10, 30)),
        (Fork.ASPIRATION, date(2017, 10, 15), date(2017, 10, 13)),
        (Fork.VERIFIER, date(2017, 12, 1), date(2017, 11, 2)),
    ],
)
def test_a_goal_is_due_at_the_next_1on1_or_in_four_weeks_and_at_no_weekend(
    fork: Fork, next_meeting: date | None, due: date
) -> None:
    assert usual_day(fork, Situation(PLAYBOOK, TODAY, "", next_meeting), DEFAULTS) == due


def test_a_driver_without_a_value_of_its_own_asks_for_no_practice_yet() -> None:
    nothing_won = numbers(some_records(deals=(), goals=()))
    assert "size" not in {driver.value for driver in nothing_won.caps}
    offered = {choice.terms.item for choice in choices(nothing_won, PLAYBOOK, (), None, DEFAULTS)}
    assert "Discovery questions" in offered
    assert "Trading terms" not in offered, "deal size isn't known before the first win"


@pytest.mark.parametrize(
    ("words", "item"),
    [
        ("Einen neuen Interessenten anrufen und um einen ersten Termin bitten bis Freitag", "Call a new prospect"),
        ("30-mal einen neuen Interessenten anrufen und um einen ersten Termin bitten", "Call a new prospect"),
        ("Call a new prospect and ask for a first meeting", "Call a new prospect"),
        ("Konditionen verhandeln", "Trading terms"),
        ("5 Proben bis Freitag", "Asking for introductions"),
        ("1 Probe bis Freitag", "Asking for introductions"),
        ("10 Anfragen diese Woche", "Ask a customer for an introduction"),
    ],
)
def test_german_words_mean_what_a_playbook_of_ours_is_called_in_german(words: str, item: str) -> None:
    draft = read_draft(words, TODAY)
    choice = meant(draft, CHOICES, called)
    assert choice is not None
    assert choice.terms.item.startswith(item)
    terms = terms_of(draft, choice)
    situation = Situation(PLAYBOOK, TODAY, choice.serves, NEXT, most=choice.most, called=called)
    assert not [fault for fault in check(terms, situation) if fault.test is GoalTest.OWN]


def test_german_words_that_are_near_a_name_of_ours_are_answered_with_what_it_names() -> None:
    draft = read_draft("Den Ablauf von der Entscheidung rückwärts planen", TODAY)
    assert meant(draft, CHOICES, called) is None
    first, *_ = nearest_choices(draft, CHOICES, KNOWN, PLAYBOOK, NEXT, DEFAULTS, called=called)
    assert first.terms.item == "Planning back from the decision"


def test_what_a_customer_gives_is_theirs_in_german_too() -> None:
    theirs = replace(terms_of(read_draft("x", TODAY), None), item="ein Abschlussplan")
    assert is_own(theirs, PLAYBOOK)
    assert not is_own(theirs, PLAYBOOK, called=called)
