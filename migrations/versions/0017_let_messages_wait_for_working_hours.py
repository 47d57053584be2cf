"""Know until when somebody waits for a message, and when it has to be said even at night.

Revision: 0017, after 0016.

Questions and agendas that wait already are said an hour before they expire, at the latest, as they were until now.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
HOUR = timedelta(hours=1)


def upgrade() -> None:
    op.add_column("outbox", sa.Column("awaited_until", INSTANT, nullable=True))
    op.add_column("outbox", sa.Column("latest_at", INSTANT, nullable=True))
    names = ("id", "kind", "state", "ts")
    box = sa.table("outbox", *map(sa.column, names), sa.column("expires_at", INSTANT))
    waits = box.c.state.in_(["pending", "sending"]) & box.c.ts.is_(None) & box.c.expires_at.is_not(None)
    waits &= box.c.kind.in_(["prompt", "pre_read"])
    latest = sa.table("outbox", sa.column("id"), sa.column("latest_at", INSTANT))
    for row in op.get_bind().execute(sa.select(box.c.id, box.c.expires_at).where(waits)).all():
        said = sa.update(latest).where(latest.c.id == row.id).values(latest_at=row.expires_at - HOUR)
        op.get_bind().execute(said)


def downgrade() -> None:
    op.drop_column("outbox", "latest_at")
    op.drop_column("outbox", "awaited_until")
