"""Let a 1:1 stay the same one in calendars when it moves.

Revision: 0007, after 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("occurrence", sa.Text()))
    op.add_column("meeting", sa.Column("sequence", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("meeting", sa.Column("planned_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("meeting", "planned_at")
    op.drop_column("meeting", "sequence")
    op.drop_column("meeting", "occurrence")
