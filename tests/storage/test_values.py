"""A domain value that is kept as JSON comes back equal, whatever is in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.coaching.commitment import GoalTerms
from bot.coaching.meeting import MeetingId
from bot.coaching.pre_read import PreRead
from bot.coaching.records import CommissionBand
from bot.coaching.rhythm.cadence import CadenceDecision
from bot.coaching.said import Said, say
from bot.storage.values import (
    ANNOUNCEMENT,
    CADENCE_DECISION,
    COMMISSION,
    GOAL_TERMS,
    PRE_READ,
    AsJson,
    announcement_to_json,
)
from bot.views.announcement import Announcement

st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
WAITING_AT = datetime(2026, 3, 9, 13, tzinfo=UTC)
KEPT = [
    (PRE_READ, PreRead),
    (GOAL_TERMS, GoalTerms),
    (CADENCE_DECISION, CadenceDecision),
    (COMMISSION, tuple[CommissionBand, ...]),
]


@pytest.mark.parametrize(("kept", "kind"), KEPT, ids=lambda part: getattr(part, "__name__", ""))
@given(data=st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_value_comes_back_equal_from_its_json(kept: AsJson[Any], kind: Any, data: st.DataObject) -> None:
    value = data.draw(st.from_type(kind))
    stored = json.dumps(kept.write(value))
    assert kept.read(json.loads(stored)) == kept.read_json(stored) == value


@dataclass(frozen=True, slots=True)
class Deepest:
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Holder:
    """Has texts of ours in every place in which a domain value has one."""

    word: Literal["a", "b"]
    day: date | None
    share: tuple[float, ...]
    text: str | None
    texts: tuple[str, ...]
    pairs: tuple[tuple[float, str | None], ...]
    named: dict[str, str]
    deepest: Deepest | None
    many: tuple[Deepest, ...]


def test_a_text_remembers_how_it_was_made_wherever_in_a_value_it_is() -> None:
    text = say("{n} days", n=14)
    deepest = Deepest(text, 1)
    value = Holder("a", None, (1.0,), text, (text, "plain"), ((1.0, text),), {"it": text}, deepest, (deepest, deepest))
    kept = AsJson(Holder)
    read = kept.read_json(json.dumps(kept.write(value)))
    assert read == value
    texts = [read.text, read.texts[0], read.pairs[0][1], read.named["it"]]
    texts += [one.words for one in (*read.many, *([read.deepest] if read.deepest else []))]
    assert [one.memory() for one in texts if isinstance(one, Said)] == [text.memory()] * 7


@given(st.builds(Announcement, starts_at=st.datetimes(timezones=st.just(UTC))))
@example(Announcement(MeetingId("m-1"), WAITING_AT, 30, "UTC", "\x1e", "\x1e{}", "", to_rep=True, is_first=False))
def test_what_is_to_be_announced_comes_back_equal_from_its_json(one: Announcement) -> None:
    assert ANNOUNCEMENT.read(json.loads(json.dumps(announcement_to_json(one)))) == one


def test_the_reason_for_a_date_remembers_how_it_was_made() -> None:
    why = say("{n} days", n=14)
    one = Announcement(
        MeetingId("m-1"), WAITING_AT, 30, "Europe/Berlin", "Ron", "Mia", why, to_rep=True, is_first=False
    )
    assert ANNOUNCEMENT.read(announcement_to_json(one)).why.memory() == why.memory()


def test_an_announcement_that_waits_from_an_earlier_version_is_read() -> None:
    """Whoever changes the fields has a migration to write: rows as this one wait in every database."""
    waiting = json.loads(
        '{"meeting": "m-1", "starts_at": "2026-03-09T13:00:00+00:00", "minutes": 30, "zone": "Europe/Berlin", '
        '"rep": "Ron Rep", "manager": "Mia Manager", "why": "Every two weeks.", "to_rep": true, "is_first": false}'
    )
    assert ANNOUNCEMENT.read(waiting) == Announcement(
        MeetingId("m-1"),
        WAITING_AT,
        30,
        "Europe/Berlin",
        "Ron Rep",
        "Mia Manager",
        "Every two weeks.",
        to_rep=True,
        is_first=False,
    )
