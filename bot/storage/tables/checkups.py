"""What was asked of the doctor, and what the doctor found."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Table, Text

from bot.storage.tables.base import metadata
from bot.storage.types import UTC, Json

checkup = Table(
    "checkup",
    metadata,
    Column("key", Text, primary_key=True),
    Column("asked_at", UTC, nullable=False),
    Column("asked_by", Text, ForeignKey("person.id")),
    Column("done_at", UTC),
    Column("findings", Json, nullable=False),
)
