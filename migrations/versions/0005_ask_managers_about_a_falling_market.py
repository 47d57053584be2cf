"""Keep what managers are asked when most of a team turns down at once, and what they said.

Revision: 0005, after 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "market_proposal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("manager", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("down", sa.Integer(), nullable=False),
        sa.Column("team", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("answer IN ('open', 'more_often', 'left')", name=op.f("ck_market_proposal_answer_is_known")),
        sa.ForeignKeyConstraint(["manager"], ["person.id"], name=op.f("fk_market_proposal_manager_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market_proposal")),
        sa.UniqueConstraint("manager", "asked_on", name=op.f("uq_market_proposal_manager_asked_on")),
    )


def downgrade() -> None:
    op.drop_table("market_proposal")
