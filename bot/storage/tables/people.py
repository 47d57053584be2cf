"""People, their accounts, their hours, their leave."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Integer,
    SmallInteger,
    Table,
    Text,
    Time,
)

from bot.storage.tables.base import metadata, person_key
from bot.storage.types import UTC, Json

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
    Column("source", Text),  # of which the record was made; NULL: it was imported
)

slack_account = Table(
    "slack_account",
    metadata,
    person_key("person", key=True),
    Column("slack_user", Text, nullable=False, unique=True),
    Column("zone", Text),
    Column("deleted", Boolean, nullable=False),
    Column("as_of", UTC),  # Slack's clock
    Column("locale", Text),
)

working_hours = Table(
    "working_hours",
    metadata,
    person_key("manager", key=True),
    Column("weekdays", Json, nullable=False),
    Column("opens", Time, nullable=False),
    Column("closes", Time, nullable=False),
    Column("minutes", Integer, nullable=False),
    CheckConstraint("minutes > 0", name="minutes_are_positive"),
)

leave = Table(
    "leave",
    metadata,
    person_key("person", key=True),
    Column("first_day", Date, primary_key=True),
    Column("last_day", Date, primary_key=True),
    Column("reason", Text, nullable=False),
    CheckConstraint("first_day <= last_day", name="days_are_in_order"),
)

stale_home = Table(
    "stale_home",
    metadata,
    person_key("person", key=True),
    Column("since", UTC, nullable=False),
)

standing = Table(
    "standing",
    metadata,
    person_key("rep", key=True),
    Column("manager", Text, ForeignKey("person.id"), nullable=False, index=True),
    Column("weekday", SmallInteger, nullable=False),
    Column("wall_time", Time, nullable=False),
    Column("zone", Text, nullable=False),
    CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_is_one_of_seven"),
)
