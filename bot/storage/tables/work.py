"""The bot's own work: duties, the outbox, the inbox, what went wrong."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, SmallInteger, Table, Text, text

from bot.services.ports import DutyKind, Surface
from bot.storage.tables.base import metadata, person_key, row_id
from bot.storage.types import UTC, Json, OneOf, one_of


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


waiting = text("state = 'waiting'")

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
    Index("ix_duty_due", "due_at", "key", sqlite_where=waiting, postgresql_where=waiting),
    Index("ix_duty_subject", "subject", sqlite_where=waiting, postgresql_where=waiting),
)

wanting = text("state IN ('pending', 'sending')")

unsettled = text("state IN ('pending', 'sending', 'failed', 'expired')")
"""What whoever looks for one of these says word for word: with a parameter in its place SQLite, and PostgreSQL once it
has prepared the statement, don't know that the index holds all of them, and look at every row there ever was."""

outbox = Table(
    "outbox",
    metadata,
    row_id(),
    Column("key", Text, nullable=False, unique=True),
    person_key("recipient"),
    Column("kind", Text, nullable=False),
    Column("surface", OneOf(Surface), nullable=False),
    Column("text", Text, nullable=False),
    Column("blocks", Json, nullable=False),
    Column("announcement", Json),  # facts of which the text and the blocks are made when it is sent
    Column("revision", Integer, nullable=False),
    Column("sent_revision", Integer, nullable=False),  # 0 is never sent
    Column("state", OneOf(SendState), nullable=False),
    Column("wanted", Boolean, nullable=False),  # false once withdrawn, also while an attempt is under way
    Column("lane", SmallInteger, nullable=False),  # 0 overtakes 1
    Column("due_at", UTC, nullable=False),  # the bot's clock, as is expires_at
    Column("expires_at", UTC),
    Column("awaited_until", UTC),  # its reader waits for it so long, at whatever hour
    Column("latest_at", UTC),  # then it is said at whatever hour
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
    Index("ix_outbox_due", "lane", "due_at", "id", sqlite_where=wanting, postgresql_where=wanting),
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
