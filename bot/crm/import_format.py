"""The files and columns of the import format, for reading and for writing it."""

from __future__ import annotations

from bot.crm.csv_header import Column

PEOPLE = (
    Column("email", required=True),
    Column("name", required=True),
    Column("manager_email", required=True),
    Column("team"),
    Column("first_day"),
    Column("timezone"),
    Column("id"),
    Column("last_day"),
    Column("country"),
    Column("quota"),
    Column("awesome"),
    Column("commission"),
    Column("is_admin"),
    Column("active"),
)
DEALS = (
    Column("id", required=True),
    Column("owner_email", required=True),
    Column("name", required=True),
    Column("status", required=True),
    Column("stage", required=True),
    Column("start", ("started_at", "created_at"), required=True),
    Column("close", ("closed_at",), required=True),
    Column("amount", required=True),
    Column("currency"),
    Column("account"),
    Column("product"),
    Column("list_price"),
    Column("expected_close", ("close_date",)),
    Column("lost_reason"),
    Column("modified", ("updated_at",)),
)
GOALS = (
    Column("rep_email", ("owner_email",), required=True),
    Column("period_start", required=True),
    Column("period_end", required=True),
    Column("amount", required=True),
    Column("currency"),
)
ACTIVITIES = (
    Column("owner_email", required=True),
    Column("type", required=True),
    Column("at", required=True),
    Column("count"),
    Column("deal_id"),
    Column("contact"),
)
STAGE_HISTORY = (
    Column("deal_id", required=True),
    Column("stage", required=True),
    Column("entered_at", required=True),
)
VERIFIERS = (
    Column("deal_id", required=True),
    Column("verifier", required=True),
    Column("given_by", required=True),
    Column("given_on", required=True),
    Column("link"),
    Column("expires_on"),
    Column("withdrawn_on"),
)
ABOUT = (Column("closings_known_since", required=True),)

LAYOUTS = {
    "people.csv": PEOPLE,
    "deals.csv": DEALS,
    "goals.csv": GOALS,
    "activities.csv": ACTIVITIES,
    "stage_history.csv": STAGE_HISTORY,
    "verifiers.csv": VERIFIERS,
    "about.csv": ABOUT,
}
REQUIRED = ("people.csv", "deals.csv", "goals.csv")
EVIDENCE = "evidence."
"""What the name of a column of deals.csv starts with if it holds a verifier."""
