"""Keep the cadence that each 1:1 was planned by.

Revision: 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # NULL for the 1:1s that are there: what their cadence was is told by the days on which they were held.
    op.add_column("meeting", sa.Column("interval_days", sa.Integer()))


def downgrade() -> None:
    op.drop_column("meeting", "interval_days")
