"""What came of coaching: 1:1s, goals, rhythms, forecasts."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Time,
    UniqueConstraint,
    text,
)

from bot.coaching.commitment import GoalState
from bot.coaching.meeting import OPEN_STATES, MeetingState
from bot.coaching.rhythm.market import MarketAnswer
from bot.services.ports import ForecastKind
from bot.storage.kept_words import Words
from bot.storage.tables.base import metadata, person_key, row_id
from bot.storage.types import UTC, Json, OneOf, one_of

_open = ", ".join(f"'{state.value}'" for state in MeetingState if state in OPEN_STATES)

meeting = Table(
    "meeting",
    metadata,
    Column("id", Text, primary_key=True),
    person_key("rep"),
    person_key("manager"),
    Column("state", OneOf(MeetingState), nullable=False),
    Column("due", Date, nullable=False),
    Column("day", Date, nullable=False),
    Column("wall_time", Time, nullable=False),
    Column("zone", Text, nullable=False),
    Column("starts_at", UTC, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("answers", Json, nullable=False),
    Column("answered_at", UTC),
    Column("published_at", UTC),
    Column("closed_at", UTC),
    Column("closing_words", Words, nullable=False),
    Column("agenda", Json),
    Column("interval_days", Integer),
    Column("occurrence", Text),
    Column("sequence", Integer, nullable=False, server_default=text("0")),
    Column("planned_at", UTC),
    one_of("state", MeetingState),
    Index("ix_meeting_rep_starts_at", "rep", "starts_at"),
    Index("ix_meeting_manager_state_starts_at", "manager", "state", "starts_at"),
    Index(
        "uq_meeting_open_rep",
        "rep",
        unique=True,
        sqlite_where=text(f"state IN ({_open})"),
        postgresql_where=text(f"state IN ({_open})"),
    ),
)

goal = Table(
    "goal",
    metadata,
    Column("id", Text, primary_key=True),
    person_key("rep"),
    person_key("manager"),
    Column("meeting", Text, ForeignKey("meeting.id"), nullable=False, index=True),
    Column("state", OneOf(GoalState), nullable=False),
    Column("version", Integer, nullable=False),
    Column("terms", Json, nullable=False),
    Column("changed_at", UTC, nullable=False),
    Column("words", Words, nullable=False),
    Column("done", Double),
    Column("reported_at", UTC),
    Column("active_since", Date),
    Column("offered_at", UTC, nullable=False),
    Column("place", Integer, nullable=False, server_default=text("0")),  # among the goals of its 1:1, from 0
    one_of("state", GoalState),
    Index("ix_goal_rep_offered_at", "rep", "offered_at"),
    Index("ix_goal_manager_state", "manager", "state"),
)

goal_history = Table(
    "goal_history",
    metadata,
    row_id(),
    Column("goal", Text, ForeignKey("goal.id"), nullable=False, index=True),
    Column("said_by", Text, ForeignKey("person.id")),  # NULL is the bot, which offers
    Column("state", OneOf(GoalState), nullable=False),
    Column("version", Integer, nullable=False),
    Column("terms", Json, nullable=False),
    Column("changed_at", UTC, nullable=False),
    Column("words", Words, nullable=False),
    Column("done", Double),
    Column("reported_at", UTC),
    Column("active_since", Date),
    one_of("state", GoalState),
)

goal_report = Table(
    "goal_report",
    metadata,
    Column("goal", Text, ForeignKey("goal.id"), primary_key=True),
    Column("week", Date, primary_key=True),
    Column("result", Text, nullable=False),
    Column("number", Double),
    Column("reported_at", UTC, nullable=False),
)

cadence_decision = Table(
    "cadence_decision",
    metadata,
    row_id(),
    person_key("rep"),
    Column("decision", Json, nullable=False),
    Index("ix_cadence_decision_rep_id", "rep", "id"),
)

forecast = Table(
    "forecast",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", OneOf(ForecastKind), nullable=False),
    person_key("rep"),
    Column("made_on", Date, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False, index=True),
    Column("expected", Double, nullable=False),
    Column("low", Double),
    Column("high", Double),
    Column("goal", Double),
    Column("sentence", Words, nullable=False),
    Column("happened", Double),
    one_of("kind", ForecastKind),
    CheckConstraint(
        "CASE kind WHEN 'chance' THEN goal IS NOT NULL ELSE low IS NOT NULL AND high IS NOT NULL AND low <= high END",
        name="can_be_settled",
    ),
)

market_proposal = Table(
    "market_proposal",
    metadata,
    Column("id", Text, primary_key=True),
    person_key("manager"),
    Column("asked_on", Date, nullable=False),
    Column("down", Integer, nullable=False),
    Column("team", Integer, nullable=False),
    Column("changes", Json, nullable=False),
    Column("answer", OneOf(MarketAnswer), nullable=False),
    Column("version", Integer, nullable=False),
    Column("answered_at", UTC),
    one_of("answer", MarketAnswer),
    UniqueConstraint("manager", "asked_on"),
)
