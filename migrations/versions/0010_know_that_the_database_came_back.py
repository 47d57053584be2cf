"""Remember that the database came back from a backup: Slack may show what it doesn't know of.

Revision: 0010, after 0009.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "restoration",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restoration")),
        sa.CheckConstraint("id = 1", name=op.f("ck_restoration_there_is_one_row")),
    )


def downgrade() -> None:
    op.drop_table("restoration")
