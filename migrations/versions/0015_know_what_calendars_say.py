"""Know what was written into people's calendars, and when these say that somebody can't meet.

Revision: 0015, after 0014.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "calendar_entry",
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('there', 'deleted', 'over')", name=op.f("ck_calendar_entry_state_is_known")),
        sa.ForeignKeyConstraint(["owner"], ["person.id"], name=op.f("fk_calendar_entry_owner_person")),
        sa.PrimaryKeyConstraint("event", name=op.f("pk_calendar_entry")),
    )
    op.create_index("ix_calendar_entry_provider_state", "calendar_entry", ["provider", "state"])
    op.create_table(
        "taken_time",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("away", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_taken_time_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taken_time")),
    )
    op.create_index("ix_taken_time_person", "taken_time", ["person"])


def downgrade() -> None:
    op.drop_index("ix_taken_time_person", table_name="taken_time")
    op.drop_table("taken_time")
    op.drop_index("ix_calendar_entry_provider_state", table_name="calendar_entry")
    op.drop_table("calendar_entry")
