"""A coaching goal: what a rep alone has to say yes to, and the states it may pass through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from bot.coaching.records import DealId, PersonId

GoalId = NewType("GoalId", str)


class Fork(StrEnum):
    """The topic a goal comes from, which is also what makes it relevant."""

    VERIFIER = "verifier"
    GAP = "gap"
    ASPIRATION = "aspiration"


class Origin(StrEnum):
    """Who put a goal before the rep: the bot in a 1:1, the rep, or the manager."""

    MEETING = "meeting"
    REP = "rep"
    MANAGER = "manager"


class GoalState(StrEnum):
    OFFERED = "offered"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"
    ACTIVE = "active"
    KEPT = "kept"
    PARTLY = "partly"
    MISSED = "missed"
    OBSOLETE = "obsolete"


TRANSITIONS: dict[GoalState, frozenset[GoalState]] = {
    GoalState.OFFERED: frozenset({GoalState.ACCEPTED, GoalState.DECLINED, GoalState.OBSOLETE}),
    GoalState.ACCEPTED: frozenset({GoalState.ACTIVE, GoalState.SENT_BACK, GoalState.OBSOLETE}),
    GoalState.SENT_BACK: frozenset({GoalState.ACCEPTED, GoalState.DECLINED, GoalState.OBSOLETE}),
    GoalState.ACTIVE: frozenset({GoalState.KEPT, GoalState.PARTLY, GoalState.MISSED, GoalState.OBSOLETE}),
}
"""Where each state may go; a state that is not a key is final."""

MAX_ACTIVE = 2
"""'Reps respond best to 1 or 2' goals [J2]; the specification, section 2."""

HELD_BY_REP = frozenset({GoalState.ACCEPTED, GoalState.SENT_BACK, GoalState.ACTIVE})
"""The states that take one of the two places."""


@dataclass(frozen=True, slots=True)
class Worth:
    """Dollars claimed for a goal: 80% range and the inputs that give it (section 6)."""

    expected: float
    low: float
    high: float
    inputs: tuple[tuple[str, float], ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class GoalTerms:
    """What exactly is committed to; each change of a goal makes a new version of these.

    ``path`` names the playbook items from outcome to activity (or skill, resource).
    ``worth`` is None where no dollars can honestly be claimed, and then ``why`` says so.
    """

    fork: Fork
    title: str
    item: str
    path: tuple[str, ...]
    number: int
    unit: str
    due: date
    plan: str
    why: str
    deal: DealId | None = None
    worth: Worth | None = None
    origin: Origin = Origin.MEETING


@dataclass(frozen=True, slots=True)
class CoachingGoal:
    """A goal as it stands: its current terms, their version, and who said what last."""

    id: GoalId
    rep: PersonId
    manager: PersonId
    meeting: str
    state: GoalState
    version: int
    terms: GoalTerms
    changed_at: datetime
    words: str = ""
    done: float | None = None
    reported_at: datetime | None = None
    active_since: date | None = None
