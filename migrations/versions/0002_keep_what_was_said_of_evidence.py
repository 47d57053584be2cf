"""Keep who recorded or withdrew a customer's evidence in Slack, and when.

Revision: 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", ROW_ID, sa.Identity(), nullable=False),
        sa.Column("deal", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("withdrawn_on", sa.Date()),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["deal"], ["deal.id"], name=op.f("fk_evidence_deal_deal")),
        sa.ForeignKeyConstraint(["said_by"], ["person.id"], name=op.f("fk_evidence_said_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_deal_said_at", "evidence", ["deal", "said_at"])


def downgrade() -> None:
    op.drop_index("ix_evidence_deal_said_at", table_name="evidence")
    op.drop_table("evidence")
