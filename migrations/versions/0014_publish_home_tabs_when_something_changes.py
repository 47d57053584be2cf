"""Remember whose home tab is to be shown anew.

Revision: 0014, after 0013.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stale_home",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_stale_home_person_person"),
        sa.PrimaryKeyConstraint("person", name="pk_stale_home"),
    )


def downgrade() -> None:
    op.drop_table("stale_home")
