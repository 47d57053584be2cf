"""Know of which source a person's record was made.

Who is somebody of a source that names no manager, and has one, was imported since: that record is the company's own.

Revision: 0022, after 0021.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MADE = """
    UPDATE person SET source = (
        SELECT min(theirs.source) FROM source_person AS theirs
        WHERE theirs.person = person.id AND theirs.made AND NOT theirs.mapped
        AND (theirs.manager <> '' OR person.manager_id IS NULL)
    )
"""


def upgrade() -> None:
    op.add_column("person", sa.Column("source", sa.Text(), nullable=True))
    op.execute(MADE)


def downgrade() -> None:
    op.drop_column("person", "source")
