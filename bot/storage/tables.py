"""Every table of the bot's own database, its keys and its indexes.

Money and other figures are double precision: the domain computes with floats, nothing is added up in SQL, and a double
brings back the very bits that were imported, which a column of ten-thousandths would round.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Time,
    UniqueConstraint,
    text,
)

from bot.coaching.commitment import GoalState
from bot.coaching.meeting import OPEN_STATES, MeetingState
from bot.coaching.records import DealStatus
from bot.coaching.rhythm.market import MarketAnswer
from bot.services.ports import DutyKind, ForecastKind, Surface
from bot.services.ports.calendars import EntryState
from bot.services.ports.sync import Phase
from bot.storage.types import UTC, Json, OneOf, one_of

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
)

RowId = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows by itself in an INTEGER key only


class DutyState(StrEnum):
    WAITING = "waiting"
    DONE = "done"


class SendState(StrEnum):
    """Where an outbox row is. PENDING and SENDING want to be sent; the others rest until they are put again."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


def _row_id() -> Column[int]:
    return Column("id", RowId, Identity(), primary_key=True)


def _person(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Text, ForeignKey("person.id"), primary_key=key, nullable=False)


person = Table(
    "person",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    # Deferred, so that an import may name a rep before the manager.
    Column("manager_id", Text, ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True),
    Column("team", Text, nullable=False),
    Column("first_day", Date),
    Column("last_day", Date),
    Column("timezone", Text, nullable=False),
    Column("country", Text),
    Column("quota", Double),
    Column("commission", Json, nullable=False),
    Column("awesome", Double),
    Column("awesome_is_own", Boolean, nullable=False),
    Column("is_admin", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
)

slack_account = Table(
    "slack_account",
    metadata,
    _person("person", key=True),
    Column("slack_user", Text, nullable=False, unique=True),
    Column("zone", Text),
    Column("deleted", Boolean, nullable=False),
)

working_hours = Table(
    "working_hours",
    metadata,
    _person("manager", key=True),
    Column("weekdays", Json, nullable=False),
    Column("opens", Time, nullable=False),
    Column("closes", Time, nullable=False),
    Column("minutes", Integer, nullable=False),
    CheckConstraint("minutes > 0", name="minutes_are_positive"),
)

leave = Table(
    "leave",
    metadata,
    _person("person", key=True),
    Column("first_day", Date, primary_key=True),
    Column("last_day", Date, primary_key=True),
    Column("reason", Text, nullable=False),
    CheckConstraint("first_day <= last_day", name="days_are_in_order"),
)

facts_state = Table(
    "facts_state",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
    Column("closings_known_since", Date),
    Column("imported_at", UTC),  # the database's clock
    CheckConstraint("id = 1", name="there_is_one_row"),
)

deal = Table(
    "deal",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner", Text, ForeignKey("person.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("status", OneOf(DealStatus), nullable=False),
    Column("start_day", Date),
    Column("close_day", Date),
    Column("amount", Double),
    Column("currency", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("list_price", Double),
    Column("expected_close", Date),
    Column("lost_reason", Text, nullable=False),
    Column("modified", Date),
    Column("absent_since", Date),  # its source no longer has it, or nobody of ours owns it: it counts nowhere
    one_of("status", DealStatus),
)

period_goal = Table(
    "period_goal",
    metadata,
    _person("rep", key=True),
    Column("start_day", Date, primary_key=True),
    Column("end_day", Date, primary_key=True),
    Column("amount", Double, nullable=False),
    Column("currency", Text, nullable=False),
    Column("source", Text),  # NULL where an import said it
    CheckConstraint("start_day <= end_day", name="days_are_in_order"),
)

activity = Table(
    "activity",
    metadata,
    _person("rep", key=True),
    Column("type", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("about", Text, primary_key=True),  # the deal, or '': a key can't hold the NULL that "deal" may be
    Column("contact", Text, primary_key=True),
    Column("deal", Text, ForeignKey("deal.id"), index=True),
    Column("count", Integer, nullable=False),
    Column("source", Text),
    CheckConstraint("about = coalesce(deal, '')", name="about_is_the_deal"),
)

stage_entry = Table(
    "stage_entry",
    metadata,
    Column("deal", Text, ForeignKey("deal.id"), primary_key=True),
    Column("stage", Text, primary_key=True),
    Column("entered", Date, primary_key=True),
)

verifier = Table(
    "verifier",
    metadata,
    Column("deal", Text, ForeignKey("deal.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("given_on", Date, primary_key=True),  # the same evidence may be given anew after it expired
    Column("given_by", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("expires_on", Date),
    Column("withdrawn_on", Date),
    Column("source", Text),
)

evidence = Table(
    "evidence",
    metadata,
    _row_id(),
    Column("deal", Text, ForeignKey("deal.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("given_on", Date, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("withdrawn_on", Date),  # NULL says that it was given; the row before may say otherwise
    Column("said_by", Text, ForeignKey("person.id"), nullable=False),
    Column("said_at", UTC, nullable=False),
    Index("ix_evidence_deal_said_at", "deal", "said_at"),
)

_open = ", ".join(f"'{state.value}'" for state in MeetingState if state in OPEN_STATES)

meeting = Table(
    "meeting",
    metadata,
    Column("id", Text, primary_key=True),
    _person("rep"),
    _person("manager"),
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
    Column("closing_words", Text, nullable=False),
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
    _person("rep"),
    _person("manager"),
    Column("meeting", Text, ForeignKey("meeting.id"), nullable=False, index=True),
    Column("state", OneOf(GoalState), nullable=False),
    Column("version", Integer, nullable=False),
    Column("terms", Json, nullable=False),
    Column("changed_at", UTC, nullable=False),
    Column("words", Text, nullable=False),
    Column("done", Double),
    Column("reported_at", UTC),
    Column("active_since", Date),
    Column("offered_at", UTC, nullable=False),
    one_of("state", GoalState),
    Index("ix_goal_rep_offered_at", "rep", "offered_at"),
    Index("ix_goal_manager_state", "manager", "state"),
)

goal_history = Table(
    "goal_history",
    metadata,
    _row_id(),
    Column("goal", Text, ForeignKey("goal.id"), nullable=False, index=True),
    Column("said_by", Text, ForeignKey("person.id")),  # NULL is the bot, which offers
    Column("state", OneOf(GoalState), nullable=False),
    Column("version", Integer, nullable=False),
    Column("terms", Json, nullable=False),
    Column("changed_at", UTC, nullable=False),
    Column("words", Text, nullable=False),
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
    _row_id(),
    _person("rep"),
    Column("decision", Json, nullable=False),
    Index("ix_cadence_decision_rep_id", "rep", "id"),
)

forecast = Table(
    "forecast",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", OneOf(ForecastKind), nullable=False),
    _person("rep"),
    Column("made_on", Date, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False, index=True),
    Column("expected", Double, nullable=False),
    Column("low", Double),
    Column("high", Double),
    Column("goal", Double),
    Column("sentence", Text, nullable=False),
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
    _person("manager"),
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

stale_home = Table(
    "stale_home",
    metadata,
    _person("person", key=True),
    Column("since", UTC, nullable=False),
)

standing = Table(
    "standing",
    metadata,
    _person("rep", key=True),
    Column("manager", Text, ForeignKey("person.id"), nullable=False, index=True),
    Column("weekday", SmallInteger, nullable=False),
    Column("wall_time", Time, nullable=False),
    Column("zone", Text, nullable=False),
    CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_is_one_of_seven"),
)

_waiting = text("state = 'waiting'")

calendar_feed = Table(
    "calendar_feed",
    metadata,
    _person("person", key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("made_at", UTC, nullable=False),
)

calendar_entry = Table(
    "calendar_entry",
    metadata,
    Column("event", Text, primary_key=True),
    Column("provider", Text, nullable=False),
    Column("owner", Text, ForeignKey("person.id"), nullable=False),
    Column("ref", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("starts_at", UTC, nullable=False),
    Column("state", OneOf(EntryState), nullable=False),
    one_of("state", EntryState),
    Index("ix_calendar_entry_provider_state", "provider", "state"),
)

taken_time = Table(
    "taken_time",
    metadata,
    Column("id", RowId, Identity(), primary_key=True),
    Column("person", Text, ForeignKey("person.id"), nullable=False, index=True),
    Column("starts_at", UTC, nullable=False),
    Column("ends_at", UTC, nullable=False),
    Column("away", Boolean, nullable=False),
)

duty = Table(
    "duty",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", OneOf(DutyKind), nullable=False),
    Column("subject", Text, nullable=False),
    Column("due_at", UTC, nullable=False),
    Column("state", OneOf(DutyState), nullable=False),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    one_of("kind", DutyKind),
    one_of("state", DutyState),
    Index("ix_duty_due", "due_at", "key", sqlite_where=_waiting, postgresql_where=_waiting),
    Index("ix_duty_subject", "subject", sqlite_where=_waiting, postgresql_where=_waiting),
)

_wanting = text("state IN ('pending', 'sending')")
unsettled = text("state IN ('pending', 'sending', 'failed', 'expired')")
"""What whoever looks for one of these says word for word, for SQLite finds its index by no other."""

outbox = Table(
    "outbox",
    metadata,
    _row_id(),
    Column("key", Text, nullable=False, unique=True),
    _person("recipient"),
    Column("kind", Text, nullable=False),
    Column("surface", OneOf(Surface), nullable=False),
    Column("text", Text, nullable=False),
    Column("blocks", Json, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("sent_revision", Integer, nullable=False),  # 0 is never sent
    Column("state", OneOf(SendState), nullable=False),
    Column("wanted", Boolean, nullable=False),  # false once withdrawn, also while an attempt is under way
    Column("lane", SmallInteger, nullable=False),  # 0 overtakes 1
    Column("due_at", UTC, nullable=False),  # the bot's clock, as is expires_at
    Column("expires_at", UTC),
    Column("begins_at", UTC),  # when it was first to be said, whenever it is rewritten; NULL is due_at
    Column("attempt", Integer, nullable=False),
    Column("attempt_revision", Integer, nullable=False),
    Column("attempt_at", UTC),  # the database's clock, as are the four below
    Column("lease_until", UTC),
    Column("not_before", UTC),
    Column("unsure_since", UTC),  # when the first attempt of unknown end began; the last is below
    Column("unsure_until", UTC),
    Column("channel", Text),
    Column("ts", Text),
    Column("error", Text),
    one_of("surface", Surface),
    one_of("state", SendState),
    Index("ix_outbox_due", "lane", "due_at", "id", sqlite_where=_wanting, postgresql_where=_wanting),
    Index("ix_outbox_unsettled", "state", sqlite_where=unsettled, postgresql_where=unsettled),
    Index("ix_outbox_recipient", "recipient"),
)

restoration = Table(
    "restoration",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("known_until", UTC, nullable=False),  # the database's clock: what Slack was asked later isn't in here
    Column("restored_at", UTC, nullable=False),
    CheckConstraint("id = 1", name="there_is_one_row"),
)

trouble = Table(
    "trouble",
    metadata,
    Column("key", Text, primary_key=True),
    Column("began_at", UTC, nullable=False),
    Column("over_at", UTC),
)

_has_body = text("body IS NOT NULL")

inbox = Table(
    "inbox",
    metadata,
    Column("key", Text, primary_key=True),
    Column("received_at", UTC, nullable=False, index=True),
    Column("body", Json),  # what was written down and isn't worked off
    Index("ix_inbox_waiting", "received_at", sqlite_where=_has_body, postgresql_where=_has_body),
)

connection = Table(
    "connection",
    metadata,
    Column("name", Text, primary_key=True),
    Column("options", Json, nullable=False),
    Column("secret", Text, nullable=False),  # sealed with CADENCE_SECRET_KEYS
    Column("connected_at", UTC, nullable=False),
)

sync = Table(
    "sync",
    metadata,
    Column("source", Text, primary_key=True),
    Column("run", BigInteger, nullable=False),
    Column("phase", OneOf(Phase)),
    Column("whole", Boolean, nullable=False),
    Column("since", UTC),
    Column("cursor", Text),
    Column("began_at", UTC),
    Column("read", Integer, nullable=False),
    Column("marker", UTC),
    Column("whole_at", UTC),
    Column("tried_at", UTC),
    Column("good_at", UTC),
    Column("failed", Text, nullable=False),
    Column("retry_at", UTC),
    Column("notes", Json, nullable=False),
    Column("problems", Integer, nullable=False),
    Column("lease", Text),
    Column("lease_until", UTC),  # the database's clock
    one_of("phase", Phase),
)

source_person = Table(
    "source_person",
    metadata,
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("manager", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("record", Json),
    Column("person", Text, ForeignKey("person.id")),
    Column("mapped", Boolean, nullable=False),
    Column("made", Boolean, nullable=False),
)

source_stage = Table(
    "source_stage",
    metadata,
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("pipeline", Text, nullable=False),
    Column("pipeline_name", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("probability", Double),
    Column("status", OneOf(DealStatus), nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("shown", Text, nullable=False),
    one_of("status", DealStatus),
)

_fresh = text("fresh")
_history_due = text("history_due")

source_deal = Table(
    "source_deal",
    metadata,
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("status", OneOf(DealStatus), nullable=False),
    Column("owner", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("amount", Double),
    Column("currency", Text, nullable=False),
    Column("start_day", Date),
    Column("close_day", Date),
    Column("expected_close", Date),
    Column("modified", UTC),
    Column("modified_on", Date),
    Column("lost_reason", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("list_price", Double),
    Column("fields", Json),
    Column("given", Json),
    Column("run", BigInteger, nullable=False),  # the last that saw it
    Column("absent_at", UTC),
    Column("fresh", Boolean, nullable=False),  # to be shown anew
    Column("history_due", Boolean, nullable=False),
    one_of("status", DealStatus),
    Index("ix_source_deal_source_owner", "source", "owner"),
    Index("ix_source_deal_fresh", "source", "id", sqlite_where=_fresh, postgresql_where=_fresh),
    Index("ix_source_deal_history_due", "source", "id", sqlite_where=_history_due, postgresql_where=_history_due),
)

deal_snapshot = Table(
    "deal_snapshot",
    metadata,
    _row_id(),
    Column("source", Text, nullable=False),
    Column("deal", Text, nullable=False),
    Column("seen_at", UTC),  # NULL: the source's own history said it
    Column("stage", Text, nullable=False),
    Column("entered", Date),  # when it entered the stage, where that is known
    Column("status", OneOf(DealStatus)),
    Column("owner", Text),
    Column("amount", Double),
    Column("currency", Text),
    Column("close_day", Date),
    one_of("status", DealStatus),
    Index("ix_deal_snapshot_source_deal", "source", "deal", "id"),
)

source_count = Table(
    "source_count",
    metadata,
    Column("source", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("type", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("deal", Text, primary_key=True),  # '' where it is counted without
    Column("contact", Text, primary_key=True),
    Column("count", Integer, nullable=False),
)

source_goal = Table(
    "source_goal",
    metadata,
    Column("source", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("start_day", Date, primary_key=True),
    Column("end_day", Date, primary_key=True),
    Column("amount", Double, nullable=False),
    Column("currency", Text, nullable=False),
    CheckConstraint("start_day <= end_day", name="days_are_in_order"),
)
