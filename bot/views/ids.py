"""Every identifier that Slack hands back to us, and how the values of buttons are written and read."""

from __future__ import annotations

import math
from datetime import date
from enum import StrEnum

from bot.coaching.commitment import CoachingGoal, GoalId
from bot.coaching.meeting import MeetingId
from bot.coaching.records import DealId, PersonId
from bot.coaching.rhythm.market import MarketProposal
from bot.coaching.said import say
from bot.errors import BadInputError


class ActionId(StrEnum):
    """Buttons and fields. Those of ``FIELDS`` are only read with their form; each other one has a handler."""

    PROMPT_OPEN = "prompt_open"
    PRE_READ_HOW = "pre_read_how"
    PRE_READ_WHOLE = "pre_read_whole"
    PIPELINE_HOW = "pipeline_how"
    FORK_YES = "fork_yes"
    FORK_CHANGE = "fork_change"
    FORK_NOT_NOW = "fork_not_now"
    GOAL_APPROVE = "goal_approve"
    GOAL_SEND_BACK = "goal_send_back"
    REPORT_COUNTED = "report_counted"
    REPORT_DONE = "report_done"
    REPORT_PARTLY = "report_partly"
    REPORT_NOT_YET = "report_not_yet"
    REPORT_NOT_RELEVANT = "report_not_relevant"
    MEETING_START = "meeting_start"
    MEETING_HELD = "meeting_held"
    MEETING_MOVE = "meeting_move"
    MEETING_EXCUSE = "meeting_excuse"
    AWAY_WITHDRAW = "away_withdraw"
    AWAY_CONFIRM = "away_confirm"
    EVIDENCE_RECORD = "evidence_record"
    HOME_NEW_GOAL = "home_new_goal"
    HOME_REPORT = "home_report"
    HOME_MATCH = "home_match"
    HOME_ACCOUNT = "home_account"
    HOME_INVITE = "home_invite"
    HOME_STOP = "home_stop"
    HOME_EVERYBODY = "home_everybody"
    HOME_CHECK = "home_check"
    FIRST_DAY_SOURCE = "first_day_source"
    INVITATION_BEGIN = "invitation_begin"
    INVITATION_WHY = "invitation_why"
    INVITATION_LATER = "invitation_later"
    MARKET_MORE_OFTEN = "market_more_often"
    MARKET_LEAVE = "market_leave"
    DIGEST_WHOLE = "digest_whole"
    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    SLOT = "slot"
    CHOICE = "choice"
    LINK = "link"
    USER = "user"


FIELDS = frozenset(
    {
        ActionId.TEXT,
        ActionId.NUMBER,
        ActionId.DAY,
        ActionId.SLOT,
        ActionId.CHOICE,
        ActionId.LINK,
        ActionId.USER,
    },
)

ONE_TAP = frozenset(
    {
        ActionId.FORK_YES,
        ActionId.GOAL_APPROVE,
        ActionId.AWAY_CONFIRM,
        ActionId.REPORT_COUNTED,
        ActionId.REPORT_DONE,
        ActionId.REPORT_NOT_YET,
        ActionId.REPORT_NOT_RELEVANT,
        ActionId.MEETING_START,
        ActionId.MEETING_HELD,
        ActionId.MARKET_MORE_OFTEN,
        ActionId.MARKET_LEAVE,
        ActionId.INVITATION_BEGIN,
        ActionId.INVITATION_LATER,
        ActionId.HOME_EVERYBODY,
        ActionId.HOME_CHECK,
    },
)
"""Buttons that say it all: no form opens, and the message they stand in is rewritten to tell what came of it."""


class Topic(StrEnum):
    """The four topics of a 1:1, by the keys under which a rep's answers are kept."""

    PAST = "goals"
    WIN = "win"
    BALANCE = "balance"
    ASPIRATION = "aspiration"


class BlockId(StrEnum):
    """Input blocks: the keys under which a refused form names its faults."""

    ANSWER_WIN = "answer_win"
    ANSWER_BALANCE = "answer_balance"
    ANSWER_ASPIRATION = "answer_aspiration"
    ANSWER_GOALS = "answer_goals"
    NUMBER = "number"
    DUE = "due"
    PLAN = "plan"
    REASON = "reason"
    WORDS = "words"
    SLOT = "slot"
    DROP = "drop"
    VERIFIER = "verifier"
    GIVEN_BY = "given_by"
    GIVEN_ON = "given_on"
    LINK = "link"
    ENDED = "ended"
    CHOICE = "choice"
    RESULT = "result"
    PERSON = "person"
    FORGOTTEN = "forgotten"


class CallbackId(StrEnum):
    """Forms. Those without a submit button (``READ_ONLY``) never come back."""

    PROMPT_ANSWERS = "prompt_answers"
    PRE_READ_HOW = "pre_read_how"
    PRE_READ_WHOLE = "pre_read_whole"
    FORK_CHANGE = "fork_change"
    FORK_DECLINE = "fork_decline"
    FORK_FULL = "fork_full"
    SEND_BACK = "send_back"
    REPORT_NUMBER = "report_number"
    MEETING_MOVE = "meeting_move"
    MEETING_EXCUSE = "meeting_excuse"
    GOAL_NEW = "goal_new"
    GOAL_SHAPE = "goal_shape"
    GOAL_NEAREST = "goal_nearest"
    GOAL_MADE = "goal_made"
    GOAL_REPORT = "goal_report"
    GOAL_REPORTED = "goal_reported"
    EVIDENCE = "evidence"
    EVIDENCE_DONE = "evidence_done"
    AWAY_WITHDRAWN = "away_withdrawn"
    MATCH = "match"
    MATCHED = "matched"
    ACCOUNT = "account"
    ACCOUNT_KEPT = "account_kept"
    INVITATION = "invitation"
    INVITATION_STOP = "invitation_stop"
    INVITATION_DONE = "invitation_done"
    INVITATION_WHY = "invitation_why"
    DIGEST_WHOLE = "digest_whole"
    SOURCES = "sources"
    PROBLEM = "problem"


READ_ONLY = frozenset(
    {
        CallbackId.PRE_READ_HOW,
        CallbackId.PRE_READ_WHOLE,
        CallbackId.GOAL_MADE,
        CallbackId.GOAL_REPORTED,
        CallbackId.EVIDENCE_DONE,
        CallbackId.AWAY_WITHDRAWN,
        CallbackId.MATCHED,
        CallbackId.ACCOUNT_KEPT,
        CallbackId.INVITATION_DONE,
        CallbackId.INVITATION_WHY,
        CallbackId.DIGEST_WHOLE,
        CallbackId.SOURCES,
        CallbackId.PROBLEM,
    },
)

UNREADABLE = say("This button can't be read any more. Type /goals or /1on1 to see how things stand.")


def goal_value(goal: CoachingGoal) -> str:
    """Return "id:version": a click names the version that the person saw."""
    return f"{goal.id}:{goal.version}"


def split_goal(value: str) -> tuple[GoalId, int]:
    """Read ``goal_value``. Raises BadInputError for anything else."""
    goal, version = _split_version(value)
    return GoalId(goal), version


def how_value(subject: str, topic: Topic | None) -> str:
    """Return "id topic" for the reasons of one topic, and the id alone for those of all."""
    return subject if topic is None else f"{subject} {topic}"


def split_how(value: str) -> tuple[str, Topic | None]:
    """Read ``how_value``; what ends with no topic is all of it."""
    subject, _, topic = value.rpartition(" ")
    return (subject, Topic(topic)) if subject and topic in set(Topic) else (value, None)


def swap_value(goal: CoachingGoal, *, changed: bool) -> str:
    """Return ``goal_value`` and, where the rep ``changed`` the terms, number, day and plan on lines of their own."""
    if not changed:
        return goal_value(goal)
    terms = goal.terms
    return "\n".join((goal_value(goal), str(terms.number), terms.due.isoformat(), terms.plan))


def split_swap(value: str) -> tuple[GoalId, int, tuple[int, date, str] | None]:
    """Read ``swap_value``; None stands for unchanged terms. Raises BadInputError for anything else."""
    head, *rest = value.split("\n", 3)
    goal, version = split_goal(head)
    if not rest:
        return goal, version, None
    try:
        number, due, plan = rest
        return goal, version, (int(number), date.fromisoformat(due), plan)
    except ValueError as error:
        raise BadInputError(UNREADABLE) from error


def market_value(proposal: MarketProposal) -> str:
    """Return "id:version": whoever it names may grow until it is answered."""
    return f"{proposal.id}:{proposal.version}"


def split_market(value: str) -> tuple[str, int]:
    """Read ``market_value``. Raises BadInputError for anything else."""
    return _split_version(value)


def invitation_value(manager: PersonId, version: int) -> str:
    """Return "manager:version": a click answers the invitation that the manager saw."""
    return f"{manager}:{version}"


def split_invitation(value: str) -> tuple[PersonId, int]:
    """Read ``invitation_value``. Raises BadInputError for anything else."""
    manager, version = _split_version(value)
    return PersonId(manager), version


def _split_version(value: str) -> tuple[str, int]:
    key, _, version = value.rpartition(":")
    if not key or not (version.isascii() and version.isdigit()):
        raise BadInputError(UNREADABLE)
    return key, int(version)


def report_value(goal: CoachingGoal, week: date) -> str:
    """Return "id:version:week"; ``week`` is the Monday that is reported on."""
    return f"{goal_value(goal)}:{week.isoformat()}"


def split_report(value: str) -> tuple[GoalId, int, date]:
    """Read ``report_value``. Raises BadInputError for anything else."""
    head, _, week = value.rpartition(":")
    goal, version = split_goal(head)
    try:
        return goal, version, date.fromisoformat(week)
    except ValueError as error:
        raise BadInputError(UNREADABLE) from error


def counted_value(goal: CoachingGoal, week: date, number: float) -> str:
    """Return "id:version:week:number": what a rep confirms is what was shown, whatever is counted meanwhile."""
    return f"{report_value(goal, week)}:{number!r}"


def split_counted(value: str) -> tuple[GoalId, int, date, float]:
    """Read ``counted_value``. Raises BadInputError for anything else, and for a number below nothing."""
    head, _, said = value.rpartition(":")
    try:
        number = float(said)
    except ValueError as error:
        raise BadInputError(UNREADABLE) from error
    if not (math.isfinite(number) and number >= 0):
        raise BadInputError(UNREADABLE)
    return (*split_report(head), number)


def leave_value(first: date, last: date) -> str:
    """Return "first last", both days of a leave."""
    return f"{first.isoformat()} {last.isoformat()}"


def split_leave(value: str) -> tuple[date, date]:
    """Read ``leave_value``. Raises BadInputError for anything else."""
    first, _, last = value.partition(" ")
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError as error:
        raise BadInputError(UNREADABLE) from error


def split_week(value: str) -> date:
    """Read the Monday of a manager's week. Raises BadInputError for anything else."""
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise BadInputError(UNREADABLE) from error


def verifier_value(key: str, given_on: date) -> str:
    """Return "day key": with its deal this is one thing that a customer gave."""
    return f"{given_on.isoformat()} {key}"


def evidence_form_value(deal: DealId, agenda: MeetingId | None) -> str:
    """Return the deal alone, or "deal" and on a line of its own the 1:1 in whose whole agenda the form was opened."""
    return deal if agenda is None else f"{deal}\n{agenda}"


def split_evidence_form(value: str) -> tuple[DealId, MeetingId | None]:
    """Read ``evidence_form_value``."""
    deal, _, agenda = value.partition("\n")
    return DealId(deal), MeetingId(agenda) if agenda else None


def number_form_value(goal: CoachingGoal, week: date, result: str) -> str:
    """Return "id:version:week:result", the private metadata of the form that asks for a number."""
    return f"{report_value(goal, week)}:{result}"


def split_number_form(value: str) -> tuple[GoalId, int, date, str]:
    """Read ``number_form_value``. Raises BadInputError for anything else."""
    head, _, result = value.rpartition(":")
    return (*split_report(head), result)
