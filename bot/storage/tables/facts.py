"""The records that coaching goes by, as imports or reps said them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
)

from bot.coaching.records import DealStatus
from bot.storage.kept_words import Words
from bot.storage.tables.base import metadata, person_key, row_id
from bot.storage.types import UTC, OneOf, one_of

facts_state = Table(
    "facts_state",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
    Column("closings_known_since", Date),
    Column("closings_source", Text),  # NULL where an import said that day
    Column("imported_closings", Date),  # what an import said while a source says otherwise
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
    person_key("rep", key=True),
    Column("start_day", Date, primary_key=True),
    Column("end_day", Date, primary_key=True),
    Column("amount", Double, nullable=False),
    Column("currency", Text, nullable=False),
    Column("source", Text),  # NULL where an import said it
    Column("imported_amount", Double),  # what an import said while a source says otherwise
    Column("imported_currency", Text),
    CheckConstraint("start_day <= end_day", name="days_are_in_order"),
)

activity = Table(
    "activity",
    metadata,
    person_key("rep", key=True),
    Column("type", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("about", Text, primary_key=True),  # the deal, or '': a key can't hold the NULL that "deal" may be
    Column("contact", Text, primary_key=True),
    Column("deal", Text, ForeignKey("deal.id"), index=True),
    Column("count", Integer, nullable=False),
    Column("source", Text),
    Column("imported_count", Integer),
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
    Column("given_by", Words, nullable=False),
    Column("link", Text, nullable=False),
    Column("expires_on", Date),
    Column("withdrawn_on", Date),
    Column("source", Text),
)

evidence = Table(
    "evidence",
    metadata,
    row_id(),
    Column("deal", Text, ForeignKey("deal.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("given_on", Date, nullable=False),
    Column("given_by", Words, nullable=False),
    Column("link", Text, nullable=False),
    Column("withdrawn_on", Date),  # NULL says that it was given; the row before may say otherwise
    Column("said_by", Text, ForeignKey("person.id"), nullable=False),
    Column("said_at", UTC, nullable=False),
    Index("ix_evidence_deal_said_at", "deal", "said_at"),
)
