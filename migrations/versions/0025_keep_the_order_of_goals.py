"""Keep in which order the goals of a 1:1 were offered, which was that of their first versions.

What a replica of the version before adds meanwhile is in no order with others of the same instant, as before.

Revision: 0025, after 0024.
"""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

IN_ORDER = """
    SELECT goal.id, goal.meeting FROM goal
    JOIN (SELECT goal, min(id) AS first FROM goal_history GROUP BY goal) AS version ON version.goal = goal.id
    ORDER BY version.first
"""


def upgrade() -> None:
    op.add_column("goal", sa.Column("place", sa.Integer(), nullable=False, server_default=sa.text("0")))
    connection = op.get_bind()
    seen = Counter[str]()
    placed = []
    for goal, meeting in connection.execute(sa.text(IN_ORDER)).all():
        if seen[meeting]:
            placed.append({"goal": goal, "place": seen[meeting]})
        seen[meeting] += 1
    if placed:
        connection.execute(sa.text("UPDATE goal SET place = :place WHERE id = :goal"), placed)


def downgrade() -> None:
    op.drop_column("goal", "place")
