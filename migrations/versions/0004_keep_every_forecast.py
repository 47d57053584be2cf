"""Keep every forecast that was shown, and what came of it.

Revision: 0004, after 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forecast",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rep", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("expected", sa.Double(), nullable=False),
        sa.Column("low", sa.Double()),
        sa.Column("high", sa.Double()),
        sa.Column("goal", sa.Double()),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("happened", sa.Double()),
        sa.CheckConstraint("kind IN ('chance', 'range')", name=op.f("ck_forecast_kind_is_known")),
        sa.CheckConstraint(
            "CASE kind WHEN 'chance' THEN goal IS NOT NULL "
            "ELSE low IS NOT NULL AND high IS NOT NULL AND low <= high END",
            name=op.f("ck_forecast_can_be_settled"),
        ),
        sa.ForeignKeyConstraint(["rep"], ["person.id"], name=op.f("fk_forecast_rep_person")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_forecast")),
    )
    op.create_index("ix_forecast_last_day", "forecast", ["last_day"])


def downgrade() -> None:
    op.drop_index("ix_forecast_last_day", table_name="forecast")
    op.drop_table("forecast")
