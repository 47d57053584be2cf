"""Keep what comes in at a rush until it is worked off, and find it without reading all that ever came.

Revision: 0012, after 0011.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
WAITS = sa.text("body IS NOT NULL")


def upgrade() -> None:
    op.add_column("inbox", sa.Column("body", JSON, nullable=True))
    op.create_index("ix_inbox_waiting", "inbox", ["received_at"], sqlite_where=WAITS, postgresql_where=WAITS)


def downgrade() -> None:
    op.drop_index("ix_inbox_waiting", table_name="inbox")
    op.drop_column("inbox", "body")
