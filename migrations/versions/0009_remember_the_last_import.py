"""Remember when records were last imported, so that an operator sees when they grow old.

Revision: 0009, after 0008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("facts_state", sa.Column("imported_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("facts_state", "imported_at")
