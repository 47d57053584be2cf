"""Keep what an import said of a figure while a source says otherwise.

Of the day since when closings are known nobody kept who said it: where something that can say it is connected, it did.

Revision: 0023, after 0022.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ADDED = (
    ("period_goal", "imported_amount", sa.Double()),
    ("period_goal", "imported_currency", sa.Text()),
    ("activity", "imported_count", sa.Integer()),
    ("facts_state", "closings_source", sa.Text()),
    ("facts_state", "imported_closings", sa.Date()),
)
SAID = """
    UPDATE facts_state SET closings_source = (SELECT min(name) FROM connection WHERE name IN ('csv', 'sql'))
    WHERE closings_known_since IS NOT NULL
"""


def upgrade() -> None:
    for table, name, kind in ADDED:
        op.add_column(table, sa.Column(name, kind, nullable=True))
    op.execute(SAID)


def downgrade() -> None:
    for table, name, _ in reversed(ADDED):
        op.drop_column(table, name)
