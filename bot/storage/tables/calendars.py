"""Calendars: addresses of feeds, events that stand in them, times they say are taken."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from bot.services.ports.calendars import EntryState
from bot.storage.tables.base import metadata, person_key, row_id
from bot.storage.types import UTC, OneOf, one_of

calendar_feed = Table(
    "calendar_feed",
    metadata,
    person_key("person", key=True),
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
    row_id(),
    Column("person", Text, ForeignKey("person.id"), nullable=False, index=True),
    Column("starts_at", UTC, nullable=False),
    Column("ends_at", UTC, nullable=False),
    Column("away", Boolean, nullable=False),
)
