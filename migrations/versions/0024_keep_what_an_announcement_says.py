"""Keep what is said of a date as facts, of which the words are made when it is sent.

Messages that wait keep the words they have.

Revision: 0024, after 0023.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("announcement", JSON, nullable=True))


def downgrade() -> None:
    """What waits is then sent in plain words, which are there beside the facts."""
    op.drop_column("outbox", "announcement")
