"""Begin manager by manager.

Revision: 0020, after 0019. Without a row in ``reach`` everybody is planned for, as before.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reach",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("everybody", sa.Boolean(), nullable=False),
        sa.Column("by_choice", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_reach_there_is_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reach")),
    )
    op.create_table(
        "invitation",
        sa.Column("manager", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('proposed', 'begun', 'stopped')", name=op.f("ck_invitation_state_is_known")),
        sa.ForeignKeyConstraint(["said_by"], ["person.id"], name=op.f("fk_invitation_said_by_person")),
        sa.ForeignKeyConstraint(["manager"], ["person.id"], name=op.f("fk_invitation_manager_person")),
        sa.PrimaryKeyConstraint("manager", name=op.f("pk_invitation")),
    )


def downgrade() -> None:
    op.drop_table("invitation")
    op.drop_table("reach")
