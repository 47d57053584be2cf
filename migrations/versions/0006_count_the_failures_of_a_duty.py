"""Count how often a duty failed, and find what isn't settled without reading the whole outbox.

Revision: 0006, after 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UNSETTLED = sa.text("state IN ('pending', 'sending', 'failed')")


def upgrade() -> None:
    op.add_column("duty", sa.Column("failures", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.create_index("ix_outbox_unsettled", "outbox", ["state"], sqlite_where=UNSETTLED, postgresql_where=UNSETTLED)


def downgrade() -> None:
    op.drop_index("ix_outbox_unsettled", table_name="outbox")
    op.drop_column("duty", "failures")
