"""Values that storage tests put in: everything sensible and fixed but what a test names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any, Literal, get_args, get_origin, get_type_hints

from bot.coaching.commitment import CoachingGoal, Fork, GoalId, GoalState, GoalTerms, Worth
from bot.coaching.meeting import Appointment, Meeting, MeetingId, MeetingState
from bot.coaching.pre_read import PreRead
from bot.coaching.records import CommissionBand, DealId, Person, PersonId, Records
from bot.coaching.rhythm.cadence import CadenceDecision
from bot.services.ports import Outgoing, SlackAccount, Store, Transaction
from bot.views.message import Message

NOW = datetime(2017, 10, 2, 7, 30, tzinfo=UTC)
REP = PersonId("rep")
OTHER = PersonId("other")
MANAGER = PersonId("manager")

A_MANAGER = Person(MANAGER, "Mia Manager", "mia@example.com", timezone="Europe/Zurich")
A_REP = Person(
    REP,
    "Ron Rep",
    "ron@example.com",
    manager_id=MANAGER,
    team="Central",
    first_day=date(2016, 2, 29),
    timezone="America/New_York",
    country="US-CA",
    quota=123456.789,
    commission=(CommissionBand(0.0, 0.06), CommissionBand(1.0, 0.1)),
    awesome=90000.0,
)
ANOTHER_REP = Person(OTHER, "Ada Another", "ada@example.com", manager_id=MANAGER)
PEOPLE = Records(people=(A_REP, ANOTHER_REP, A_MANAGER))

TERMS = GoalTerms(
    fork=Fork.VERIFIER,
    title="Two references",
    item="reference",
    path=("revenue", "proposal", "call"),
    number=2,
    unit="calls",
    due=date(2017, 10, 30),
    plan="Tuesdays at 9, at my desk",
    why="Nothing can be claimed",
    deal=DealId("d1"),
    worth=Worth(1234.5, 0.1 + 0.2, 1e15, (("win rate", 1 / 3),), "About $1,234"),
)


def filled(kind: Any) -> Any:
    """Return a value of a type of the domain with something in every field, whatever fields it has by now."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{field.name: filled(hints[field.name]) for field in fields(kind)})
    if hasattr(kind, "__supertype__"):
        return filled(kind.__supertype__)
    inside = get_args(kind)
    if get_origin(kind) is tuple:
        return tuple(map(filled, inside[:1] * 2 if inside[-1] is Ellipsis else inside))
    if inside:  # the words of a Literal, or a union with None
        return inside[0] if get_origin(kind) is Literal else filled(inside[0])
    if issubclass(kind, Enum):
        return next(iter(kind))
    return {str: "Zoö & <Söhne>", float: 0.1 + 0.2, int: 3, bool: True, date: date(2016, 2, 29)}[kind]


DECISION: CadenceDecision = filled(CadenceDecision)
AGENDA: PreRead = filled(PreRead)


async def with_people(store: Store) -> None:
    """A manager with two reps, each with a live Slack account."""
    async with store.transaction() as tx:
        await tx.facts.upsert(PEOPLE)
        for person in PEOPLE.people:
            await tx.people.link(SlackAccount(person.id, f"U-{person.id}"))


class BreakError(Exception):
    """What ends a transaction in the middle."""


@asynccontextmanager
async def broken(store: Store) -> AsyncIterator[Transaction]:
    """Open a transaction that raises BreakError when all was done in it."""
    async with store.transaction() as tx:
        yield tx
        raise BreakError


def a_meeting(**fields: Any) -> Meeting:
    starts_at = fields.pop("starts_at", NOW)
    return replace(
        Meeting(
            id=MeetingId("m1"),
            rep=REP,
            manager=MANAGER,
            state=MeetingState.PLANNED,
            due=date(2017, 10, 3),
            appointment=Appointment(date(2017, 10, 2), time(9, 30), "Europe/Zurich", starts_at, 30),
        ),
        **fields,
    )


def a_goal(**fields: Any) -> CoachingGoal:
    return replace(
        CoachingGoal(
            id=GoalId("g1"),
            rep=REP,
            manager=MANAGER,
            meeting="m1",
            state=GoalState.OFFERED,
            version=1,
            terms=TERMS,
            changed_at=NOW,
        ),
        **fields,
    )


def outgoing(**fields: Any) -> Outgoing:
    words = fields.pop("words", "Hello")
    return replace(
        Outgoing(key="k1", to=REP, kind="prompt", message=a_message(words), due_at=NOW),
        **fields,
    )


def a_message(words: str) -> Message:
    return Message(words, [{"type": "section", "text": {"type": "mrkdwn", "text": words}}])


LATER = NOW + timedelta(hours=1)
