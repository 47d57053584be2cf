"""Know which language people chose in Slack.

Revision: 0019, after 0018.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("slack_account", sa.Column("locale", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("slack_account", "locale")
