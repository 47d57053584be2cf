"""Remember what keeps the bot from working with Slack, and find messages that expired.

Revision: 0013, after 0012.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

UNSETTLED = "state IN ('pending', 'sending', 'failed', 'expired')"
BEFORE = "state IN ('pending', 'sending', 'failed')"


def upgrade() -> None:
    op.create_table(
        "trouble",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_trouble")),
    )
    _index_states(UNSETTLED)


def downgrade() -> None:
    _index_states(BEFORE)
    op.drop_table("trouble")


def _index_states(these: str) -> None:
    op.drop_index("ix_outbox_unsettled", table_name="outbox")
    op.create_index(
        "ix_outbox_unsettled", "outbox", ["state"], sqlite_where=sa.text(these), postgresql_where=sa.text(these)
    )
