"""Whether an agenda says all its words through templates, and goes on knowing them after it was stored.

In a language that nobody speaks no word of ours is left in English, the built-in playbook's among them; what is left
are names of deals and of the CRM's stages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import playbook_file
from bot.coaching.book import Book
from bot.coaching.build_pre_read import Rhythm, build_pre_read
from bot.coaching.choices import choices
from bot.coaching.commitment import CoachingGoal, Fork, GoalId, GoalState, GoalTerms
from bot.coaching.numbers import Numbers, numbers_of
from bot.coaching.pipeline.balance import HorizonRow
from bot.coaching.pre_read import PreRead
from bot.coaching.records import Activity, PeriodGoal, PersonId, Records
from bot.coaching.said import Said, say
from bot.coaching.settings import Settings
from bot.crm import maven
from bot.storage.values import GOAL_TERMS, PRE_READ
from tests.languages.pseudo import LETTERS, PSEUDO, unsaid

TODAY = date(2017, 10, 4)
PLAYBOOK = playbook_file.load(None)
RHYTHM = Rhythm(14, "flat", say("We meet {often}: {facts}; {because}.", often="-", facts="-", because="-"))
KEYS = {"status", "level", "direction", "driver", "fork", "origin", "rep", "deal", "key"}
"""The fields that hold no words; the name of a horizon is one, too."""


def texts(value: Any, field: str = "") -> Iterator[str]:
    if isinstance(value, str):
        yield from () if field in KEYS else (value,)
    elif is_dataclass(value):
        for one in fields(value):
            is_key = isinstance(value, HorizonRow) and one.name == "name"
            yield from () if is_key else texts(getattr(value, one.name), one.name)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from texts(part, field)


def records() -> Records:
    """Return three people of the sample CRM: one logs calls, one has a goal, and all have dreams."""
    known = maven.read(Path(maven.__file__).parent.parent / "sandbox" / "data" / "maven-crm")
    people = [person for person in known.people if person.manager_id is not None][:3]
    caller, aiming, *_ = ids = [person.id for person in people]
    return replace(
        known,
        people=tuple(replace(person, awesome=500_000.0) for person in people),
        deals=tuple(deal for deal in known.deals if deal.owner in ids),
        activities=tuple(Activity(caller, "Call", TODAY - timedelta(days=day * day // 300)) for day in range(1, 300)),
        goals=(PeriodGoal(aiming, date(2017, 1, 1), date(2017, 12, 31), 900_000.0),),
    )


def a_goal(number: int, state: GoalState) -> CoachingGoal:
    terms = GoalTerms(Fork.GAP, "Calls", "Calls", (), 12, "calls", date(2017, 10, 3), "", "")
    changed = datetime(2017, 10, 3, 12, tzinfo=UTC)
    return CoachingGoal(GoalId(f"g{number}"), PersonId("a"), PersonId("m"), "m", state, 1, terms, changed, done=7.5)


@pytest.fixture(scope="module")
def known() -> list[Numbers]:
    facts = records()
    book = Book(facts, PLAYBOOK, TODAY, Settings())
    return [numbers_of(book, person) for person in (*facts.people, replace(facts.people[0], awesome=None))]


@pytest.fixture(scope="module")
def agendas(known: list[Numbers]) -> list[PreRead]:
    held = ([], [a_goal(1, GoalState.ACTIVE)], [a_goal(1, GoalState.KEPT), a_goal(2, GoalState.ACCEPTED)], [])
    return [
        build_pre_read(one, goals, PLAYBOOK, rhythm=RHYTHM, minutes=30, meeting_day=TODAY, previous=None)
        for one, goals in zip(known, held, strict=True)
    ]


@pytest.fixture(scope="module")
def data() -> frozenset[str]:
    """Return the words of deals, and of a goal in a rep's own words, as they are and in the middle of a sentence."""
    named = (text for one in records().deals for text in (one.name, one.stage))
    words = {word for text in (*named, "Calls") for word in LETTERS.findall(text)}
    return frozenset(words | {word.lower() for word in words} | {word.lower().removesuffix("s") for word in words})


def left(text: str, data: frozenset[str]) -> list[str]:
    return unsaid({"text": PSEUDO.written(text)}, data)


def test_every_word_of_an_agenda_is_said_through_a_template(agendas: list[PreRead], data: frozenset[str]) -> None:
    assert {word for pre in agendas for text in texts(pre) for word in left(text, data)} == set()


def test_every_word_of_a_choice_is_said_through_a_template(known: list[Numbers], data: frozenset[str]) -> None:
    offered = [choices(one, PLAYBOOK, (), TODAY + timedelta(days=8), Settings()) for one in known]
    assert {word for one in offered for text in texts(one) for word in left(text, data)} == set()


def test_an_agenda_goes_on_knowing_its_words_after_it_was_stored(agendas: list[PreRead]) -> None:
    for pre in agendas:
        back = PRE_READ.read(json.loads(json.dumps(PRE_READ.write(pre))))
        assert back == pre
        assert list(map(PSEUDO.written, texts(back))) == list(map(PSEUDO.written, texts(pre)))
        for terms in pre.offers:
            again = GOAL_TERMS.read(json.loads(json.dumps(GOAL_TERMS.write(terms))))
            assert again == terms
            assert isinstance(again.why, Said)
            for one in (terms, again):
                assert all(isinstance(text, Said) for text in (one.title, one.item, one.unit, *one.path))
