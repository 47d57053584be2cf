"""Create every table.

Revision: 0001, the first.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

TABLES = (
    "duty", "facts_state", "inbox", "person", "cadence_decision", "deal", "leave",
    "meeting", "outbox", "period_goal", "slack_account", "standing", "working_hours", "activity",
    "goal", "stage_entry", "verifier", "goal_history", "goal_report",
)  # fmt: skip


def only_where(condition: str) -> dict[str, Any]:
    """Make an index hold only the rows that meet the condition, in either database."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def to(table: str, name: str) -> sa.ForeignKey:
    """Make a column point to a row of another table, under a constraint of this name."""
    return sa.ForeignKey(f"{table}.id", name=op.f(name))


def upgrade() -> None:
    op.create_table(
        "duty",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('plan', 'prompt', 'publish', 'start', 'ask_to_close', 'lapse', 'remind')",
            name=op.f("ck_duty_kind_is_known"),
        ),
        sa.CheckConstraint("state IN ('waiting', 'done')", name=op.f("ck_duty_state_is_known")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_duty")),
    )
    op.create_index("ix_duty_due", "duty", ["due_at", "key"], **only_where("state = 'waiting'"))
    op.create_index("ix_duty_subject", "duty", ["subject"], **only_where("state = 'waiting'"))

    op.create_table(
        "facts_state",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("closings_known_since", sa.Date()),
        sa.CheckConstraint("id = 1", name=op.f("ck_facts_state_there_is_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts_state")),
    )

    op.create_table(
        "inbox",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_inbox")),
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])

    op.create_table(
        "person",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column(
            "manager_id",
            sa.Text(),
            sa.ForeignKey("person.id", name=op.f("fk_person_manager_id_person"), initially="DEFERRED", deferrable=True),
        ),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date()),
        sa.Column("last_day", sa.Date()),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("country", sa.Text()),
        sa.Column("quota", sa.Double()),
        sa.Column("commission", JSON, nullable=False),
        sa.Column("awesome", sa.Double()),
        sa.Column("awesome_is_own", sa.Boolean(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index("ix_person_manager_id", "person", ["manager_id"])

    op.create_table(
        "cadence_decision",
        sa.Column("id", ROW_ID, sa.Identity(always=False), nullable=False),
        sa.Column("rep", sa.Text(), to("person", "fk_cadence_decision_rep_person"), nullable=False),
        sa.Column("decision", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cadence_decision")),
    )
    op.create_index("ix_cadence_decision_rep_id", "cadence_decision", ["rep", "id"])

    op.create_table(
        "deal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), to("person", "fk_deal_owner_person"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("start_day", sa.Date()),
        sa.Column("close_day", sa.Date()),
        sa.Column("amount", sa.Double()),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("list_price", sa.Double()),
        sa.Column("expected_close", sa.Date()),
        sa.Column("lost_reason", sa.Text(), nullable=False),
        sa.Column("modified", sa.Date()),
        sa.CheckConstraint("status IN ('open', 'won', 'lost')", name=op.f("ck_deal_status_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal")),
    )
    op.create_index("ix_deal_owner", "deal", ["owner"])

    op.create_table(
        "leave",
        sa.Column("person", sa.Text(), to("person", "fk_leave_person_person"), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_leave_days_are_in_order")),
        sa.PrimaryKeyConstraint("person", "first_day", "last_day", name=op.f("pk_leave")),
    )

    op.create_table(
        "meeting",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("rep", sa.Text(), to("person", "fk_meeting_rep_person"), nullable=False),
        sa.Column("manager", sa.Text(), to("person", "fk_meeting_manager_person"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("wall_time", sa.Time(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("answered_at", INSTANT),
        sa.Column("published_at", INSTANT),
        sa.Column("closed_at", INSTANT),
        sa.Column("closing_words", sa.Text(), nullable=False),
        sa.Column("agenda", JSON),
        sa.CheckConstraint(
            "state IN ('planned', 'prompted', 'published', 'started', 'held', 'missed', 'moved', 'excused')",
            name=op.f("ck_meeting_state_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_index("ix_meeting_manager_state_starts_at", "meeting", ["manager", "state", "starts_at"])
    op.create_index("ix_meeting_rep_starts_at", "meeting", ["rep", "starts_at"])
    op.create_index(
        "uq_meeting_open_rep",
        "meeting",
        ["rep"],
        unique=True,
        **only_where("state IN ('planned', 'prompted', 'published', 'started')"),
    )

    op.create_table(
        "outbox",
        sa.Column("id", ROW_ID, sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), to("person", "fk_outbox_recipient_person"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("blocks", JSON, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sent_revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("attempt_revision", sa.Integer(), nullable=False),
        sa.Column("attempt_at", INSTANT),
        sa.Column("lease_until", INSTANT),
        sa.Column("not_before", INSTANT),
        sa.Column("unsure_since", INSTANT),
        sa.Column("unsure_until", INSTANT),
        sa.Column("channel", sa.Text()),
        sa.Column("ts", sa.Text()),
        sa.Column("error", sa.Text()),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'failed', 'expired', 'withdrawn')",
            name=op.f("ck_outbox_state_is_known"),
        ),
        sa.CheckConstraint("surface IN ('message', 'home')", name=op.f("ck_outbox_surface_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(
        "ix_outbox_due", "outbox", ["lane", "due_at", "id"], **only_where("state IN ('pending', 'sending')")
    )
    op.create_index("ix_outbox_recipient", "outbox", ["recipient"])

    op.create_table(
        "period_goal",
        sa.Column("rep", sa.Text(), to("person", "fk_period_goal_rep_person"), nullable=False),
        sa.Column("start_day", sa.Date(), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=False),
        sa.Column("amount", sa.Double(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.CheckConstraint("start_day <= end_day", name=op.f("ck_period_goal_days_are_in_order")),
        sa.PrimaryKeyConstraint("rep", "start_day", "end_day", name=op.f("pk_period_goal")),
    )

    op.create_table(
        "slack_account",
        sa.Column("person", sa.Text(), to("person", "fk_slack_account_person_person"), nullable=False),
        sa.Column("slack_user", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text()),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_slack_account")),
        sa.UniqueConstraint("slack_user", name=op.f("uq_slack_account_slack_user")),
    )

    op.create_table(
        "standing",
        sa.Column("rep", sa.Text(), to("person", "fk_standing_rep_person"), nullable=False),
        sa.Column("manager", sa.Text(), to("person", "fk_standing_manager_person"), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("wall_time", sa.Time(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_standing_weekday_is_one_of_seven")),
        sa.PrimaryKeyConstraint("rep", name=op.f("pk_standing")),
    )
    op.create_index("ix_standing_manager", "standing", ["manager"])

    op.create_table(
        "working_hours",
        sa.Column(
            "manager",
            sa.Text(),
            to("person", "fk_working_hours_manager_person"),
            nullable=False,
        ),
        sa.Column("weekdays", JSON, nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_working_hours_minutes_are_positive")),
        sa.PrimaryKeyConstraint("manager", name=op.f("pk_working_hours")),
    )

    op.create_table(
        "activity",
        sa.Column("rep", sa.Text(), to("person", "fk_activity_rep_person"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("deal", sa.Text(), to("deal", "fk_activity_deal_deal")),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("about = coalesce(deal, '')", name=op.f("ck_activity_about_is_the_deal")),
        sa.PrimaryKeyConstraint("rep", "type", "day", "about", "contact", name=op.f("pk_activity")),
    )
    op.create_index("ix_activity_deal", "activity", ["deal"])

    op.create_table(
        "goal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("rep", sa.Text(), to("person", "fk_goal_rep_person"), nullable=False),
        sa.Column("manager", sa.Text(), to("person", "fk_goal_manager_person"), nullable=False),
        sa.Column("meeting", sa.Text(), to("meeting", "fk_goal_meeting_meeting"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("terms", JSON, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("done", sa.Double()),
        sa.Column("reported_at", INSTANT),
        sa.Column("active_since", sa.Date()),
        sa.Column("offered_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "state IN ('offered', 'declined', 'accepted', 'sent_back', 'active', "
            "'kept', 'partly', 'missed', 'obsolete')",
            name=op.f("ck_goal_state_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    op.create_index("ix_goal_manager_state", "goal", ["manager", "state"])
    op.create_index("ix_goal_meeting", "goal", ["meeting"])
    op.create_index("ix_goal_rep_offered_at", "goal", ["rep", "offered_at"])

    op.create_table(
        "stage_entry",
        sa.Column("deal", sa.Text(), to("deal", "fk_stage_entry_deal_deal"), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("entered", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("deal", "stage", "entered", name=op.f("pk_stage_entry")),
    )

    op.create_table(
        "verifier",
        sa.Column("deal", sa.Text(), to("deal", "fk_verifier_deal_deal"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date()),
        sa.Column("withdrawn_on", sa.Date()),
        sa.PrimaryKeyConstraint("deal", "key", "given_on", name=op.f("pk_verifier")),
    )

    op.create_table(
        "goal_history",
        sa.Column("id", ROW_ID, sa.Identity(always=False), nullable=False),
        sa.Column("goal", sa.Text(), to("goal", "fk_goal_history_goal_goal"), nullable=False),
        sa.Column("said_by", sa.Text(), to("person", "fk_goal_history_said_by_person")),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("terms", JSON, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("done", sa.Double()),
        sa.Column("reported_at", INSTANT),
        sa.Column("active_since", sa.Date()),
        sa.CheckConstraint(
            "state IN ('offered', 'declined', 'accepted', 'sent_back', 'active', "
            "'kept', 'partly', 'missed', 'obsolete')",
            name=op.f("ck_goal_history_state_is_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_history")),
    )
    op.create_index("ix_goal_history_goal", "goal_history", ["goal"])

    op.create_table(
        "goal_report",
        sa.Column("goal", sa.Text(), to("goal", "fk_goal_report_goal_goal"), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("number", sa.Double()),
        sa.Column("reported_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("goal", "week", name=op.f("pk_goal_report")),
    )
    op.execute("INSERT INTO facts_state (id, version) VALUES (1, 0)")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
