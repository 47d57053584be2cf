"""Whose teams hold 1:1s with Cadence by now."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, SmallInteger, Table, Text

from bot.services.ports.invitations import InvitationState
from bot.storage.tables.base import metadata, person_key
from bot.storage.types import UTC, OneOf, one_of

reach = Table(
    "reach",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("everybody", Boolean, nullable=False),
    Column("by_choice", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint("id = 1", name="there_is_one_row"),
)

invitation = Table(
    "invitation",
    metadata,
    person_key("manager", key=True),
    Column("state", OneOf(InvitationState), nullable=False),
    Column("since", UTC, nullable=False),
    Column("said_by", Text, ForeignKey("person.id")),
    Column("version", Integer, nullable=False),
    one_of("state", InvitationState),
)
