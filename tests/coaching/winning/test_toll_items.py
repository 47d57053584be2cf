"""What a customer has given for a deal, verifier by verifier, and what is still to be given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching.playbook import Playbook, Stage, VerifierKind
from bot.coaching.records import DealId, PersonId, Verifier
from bot.coaching.winning.evidence import Recording, has_expired, names_only_us, news, toll_items

MEETING, PLAN = VerifierKind("meeting", "a meeting"), VerifierKind("plan", "a closure plan", expires_after_days=30)
PLAYBOOK = Playbook("b2b", ("Win",), (Stage("Demo", "Win", (MEETING,)), Stage("Approved", "Win", (PLAN,))), (), (), ())
DAY = date(2017, 10, 3)
OWN = frozenset({"ruth", "ruth adler", "ruth@example.com", "omar blake"})
GIVEN = Verifier(DealId("acme"), "plan", "Carla Customer", DAY)


def test_every_verifier_is_listed_in_the_order_of_the_stages() -> None:
    items = toll_items(PLAYBOOK, (GIVEN,), DAY, OWN)
    assert [(item.kind, item.stage, item.counting) for item in items] == [
        (MEETING, "Demo", ()),
        (PLAN, "Approved", (GIVEN,)),
    ]


@pytest.mark.parametrize(
    ("known", "on", "counts", "lapsed"),
    [
        (GIVEN, DAY - timedelta(days=1), False, False),
        (GIVEN, DAY, True, False),
        (GIVEN, DAY + timedelta(days=30), True, False),
        (GIVEN, DAY + timedelta(days=31), False, True),
        (replace(GIVEN, expires_on=DAY), DAY + timedelta(days=1), False, True),
        (replace(GIVEN, withdrawn_on=DAY + timedelta(days=2)), DAY + timedelta(days=1), True, False),
        (replace(GIVEN, withdrawn_on=DAY + timedelta(days=2)), DAY + timedelta(days=2), False, True),
        (replace(GIVEN, given_by="Ruth Adler"), DAY, False, False),
        (replace(GIVEN, key="other"), DAY, False, False),
    ],
)
def test_what_counted_once_and_does_not_any_more_has_lapsed(
    known: Verifier, on: date, *, counts: bool, lapsed: bool
) -> None:
    item = toll_items(PLAYBOOK, (known,), on, OWN)[1]
    assert item.counting == ((known,) if counts else ())
    assert item.lapsed == (known if lapsed else None)


def test_the_newest_comes_first_and_hides_what_lapsed() -> None:
    older, newer = replace(GIVEN, given_on=DAY - timedelta(days=2)), replace(GIVEN, given_by="Dan")
    gone = replace(GIVEN, given_on=DAY - timedelta(days=90))
    item = toll_items(PLAYBOOK, (gone, older, newer), DAY, OWN)[1]
    assert (item.counting, item.lapsed) == ((newer, older), None)
    assert toll_items(PLAYBOOK, (gone,), DAY, OWN)[1].lapsed == gone


def test_what_is_missing_or_will_expire_may_be_given_and_what_holds_for_good_need_not() -> None:
    meeting = replace(GIVEN, key="meeting")
    missing, expiring = toll_items(PLAYBOOK, (GIVEN,), DAY, OWN)
    assert (missing.may_be_given, expiring.may_be_given) == (True, True)
    assert not toll_items(PLAYBOOK, (meeting,), DAY, OWN)[0].may_be_given
    until = replace(meeting, expires_on=DAY + timedelta(days=9))
    assert toll_items(PLAYBOOK, (until,), DAY, OWN)[0].may_be_given
    assert not toll_items(PLAYBOOK, (until, meeting), DAY, OWN)[0].may_be_given, "one of them doesn't end"


def test_a_span_of_the_playbook_counts_its_last_day() -> None:
    assert not has_expired(PLAN, DAY, DAY + timedelta(days=30))
    assert has_expired(PLAN, DAY, DAY + timedelta(days=31))
    assert not has_expired(MEETING, DAY, date(2030, 1, 1))


@pytest.mark.parametrize(
    ("words", "ours"),
    [
        ("Ruth Adler", True),
        (" RUTH@example.com ", True),
        ("Ruth Adler <ruth@example.com>", True),
        ("Ruth Adler (ruth@example.com)", True),
        ("Ruth Adler and Omar Blake", True),
        ("Carla Customer", False),
        ("Carla Customer and Ruth Adler", False),
        ("Ruth Adler, Acme", False),
        ("Alexandra Sand", False),
        ("", False),
        ("<>", False),
    ],
)
def test_who_names_only_our_own_people_names_no_customer(words: str, *, ours: bool) -> None:
    assert names_only_us(words, OWN) is ours


@given(st.text(max_size=30))
def test_whoever_does_not_count_by_the_books_is_named_as_ours(words: str) -> None:
    own = frozenset({words.strip().casefold()}) - {""}
    assert names_only_us(words, own) is bool(own)


def words_of(given_or_not: Iterable[bool]) -> list[Recording]:
    at = datetime(2017, 10, 3, 9, tzinfo=UTC)
    return [
        Recording(replace(GIVEN, withdrawn_on=None if was_given else DAY), PersonId("ruth"), at + timedelta(hours=hour))
        for hour, was_given in enumerate(given_or_not)
    ]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ((), None),
        ((True,), 0),
        ((False,), 0),
        ((True, False), None),
        ((False, True), None),
        ((True, True), 1),
        ((True, False, True), 2),
        ((False, True, False), 2),
    ],
)
def test_only_what_is_otherwise_than_before_is_news(said: tuple[bool, ...], told: int | None) -> None:
    recordings = words_of(said)
    assert news(recordings) == (() if told is None else (recordings[told],))


def test_news_of_one_verifier_do_not_hide_those_of_another() -> None:
    plan, again = words_of((True, False))
    other = Recording(replace(GIVEN, given_on=DAY - timedelta(days=1)), PersonId("ruth"), plan.at)
    assert news((plan, other, again)) == (other,)
