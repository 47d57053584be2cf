"""Keep what connected sources hold, and where reading them stands.

Revision: 0011, after 0010.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
INSTANT = sa.DateTime(timezone=True)
STATUS = "status IN ('open', 'won', 'lost')"


def upgrade() -> None:
    op.add_column("deal", sa.Column("absent_since", sa.Date()))
    for table in ("period_goal", "activity", "verifier"):
        op.add_column(table, sa.Column("source", sa.Text()))
    op.create_table(
        "connection",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("connected_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_connection")),
    )
    op.create_table(
        "sync",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("run", sa.BigInteger(), nullable=False),
        sa.Column("phase", sa.Text()),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("since", INSTANT),
        sa.Column("cursor", sa.Text()),
        sa.Column("began_at", INSTANT),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("marker", INSTANT),
        sa.Column("whole_at", INSTANT),
        sa.Column("tried_at", INSTANT),
        sa.Column("good_at", INSTANT),
        sa.Column("failed", sa.Text(), nullable=False),
        sa.Column("retry_at", INSTANT),
        sa.Column("notes", JSON, nullable=False),
        sa.Column("problems", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Text()),
        sa.Column("lease_until", INSTANT),
        sa.CheckConstraint("phase IN ('deals', 'gone', 'history', 'rest')", name=op.f("ck_sync_phase_is_known")),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_sync")),
    )
    op.create_table(
        "source_person",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("manager", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("record", JSON),
        sa.Column("person", sa.Text()),
        sa.Column("mapped", sa.Boolean(), nullable=False),
        sa.Column("made", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_source_person_person_person")),
        sa.PrimaryKeyConstraint("source", "id", name=op.f("pk_source_person")),
    )
    op.create_table(
        "source_stage",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pipeline", sa.Text(), nullable=False),
        sa.Column("pipeline_name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("probability", sa.Double()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.CheckConstraint(STATUS, name=op.f("ck_source_stage_status_is_known")),
        sa.PrimaryKeyConstraint("source", "id", name=op.f("pk_source_stage")),
    )
    _create_deals()
    op.create_table(
        "source_count",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("deal", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "owner", "type", "day", "deal", "contact", name=op.f("pk_source_count")),
    )
    op.create_table(
        "source_goal",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("start_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=False),
        sa.Column("amount", sa.Double(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.CheckConstraint("start_day <= end_day", name=op.f("ck_source_goal_days_are_in_order")),
        sa.PrimaryKeyConstraint("source", "owner", "start_day", "end_day", name=op.f("pk_source_goal")),
    )


def _create_deals() -> None:
    op.create_table(
        "source_deal",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("amount", sa.Double()),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("start_day", sa.Date()),
        sa.Column("close_day", sa.Date()),
        sa.Column("expected_close", sa.Date()),
        sa.Column("modified", INSTANT),
        sa.Column("modified_on", sa.Date()),
        sa.Column("lost_reason", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("list_price", sa.Double()),
        sa.Column("fields", JSON),
        sa.Column("given", JSON),
        sa.Column("run", sa.BigInteger(), nullable=False),
        sa.Column("absent_at", INSTANT),
        sa.Column("fresh", sa.Boolean(), nullable=False),
        sa.Column("history_due", sa.Boolean(), nullable=False),
        sa.CheckConstraint(STATUS, name=op.f("ck_source_deal_status_is_known")),
        sa.PrimaryKeyConstraint("source", "id", name=op.f("pk_source_deal")),
    )
    op.create_index("ix_source_deal_source_owner", "source_deal", ["source", "owner"])
    for flag in ("fresh", "history_due"):
        where = sa.text(flag)
        op.create_index(
            f"ix_source_deal_{flag}", "source_deal", ["source", "id"], sqlite_where=where, postgresql_where=where
        )
    op.create_table(
        "deal_snapshot",
        sa.Column("id", ROW_ID, sa.Identity(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("deal", sa.Text(), nullable=False),
        sa.Column("seen_at", INSTANT),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("entered", sa.Date()),
        sa.Column("status", sa.Text()),
        sa.Column("owner", sa.Text()),
        sa.Column("amount", sa.Double()),
        sa.Column("currency", sa.Text()),
        sa.Column("close_day", sa.Date()),
        sa.CheckConstraint(STATUS, name=op.f("ck_deal_snapshot_status_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_snapshot")),
    )
    op.create_index("ix_deal_snapshot_source_deal", "deal_snapshot", ["source", "deal", "id"])


def downgrade() -> None:
    op.drop_table("source_goal")
    op.drop_table("source_count")
    op.drop_index("ix_deal_snapshot_source_deal", table_name="deal_snapshot")
    op.drop_table("deal_snapshot")
    for index in ("ix_source_deal_history_due", "ix_source_deal_fresh", "ix_source_deal_source_owner"):
        op.drop_index(index, table_name="source_deal")
    for table in ("source_deal", "source_stage", "source_person", "sync", "connection"):
        op.drop_table(table)
    for table in ("verifier", "activity", "period_goal"):
        op.drop_column(table, "source")
    op.drop_column("deal", "absent_since")
