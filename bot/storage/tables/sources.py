"""Sources as they were read: connections, runs, the vendors' own rows, snapshots."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from bot.coaching.records import DealStatus
from bot.services.ports.sync import Phase
from bot.storage.kept_words import Words
from bot.storage.tables.base import metadata, row_id
from bot.storage.types import UTC, Json, OneOf, one_of

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
    Column("failed", Words, nullable=False),
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
    row_id(),
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
