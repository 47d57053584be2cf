"""Says of numbers how old they are, where the source they come from can't be read."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from bot.services.ports import Transaction

TITLES = {
    "hubspot": "HubSpot",
    "pipedrive": "Pipedrive",
    "salesforce": "Salesforce",
    "sql": "The database of views",
    "csv": "The folder of files",
}
"""What people call each source."""

OLD = timedelta(days=1)


def title_of(name: str) -> str:
    return TITLES.get(name, name)


async def data_age(tx: Transaction, now: datetime, zone: tzinfo) -> str:
    """Return what to say of the numbers where a source couldn't be read since the last time it could, else "".

    One that nobody read for a day is as old, and said to be. ``zone`` is whose days are meant.
    """
    for connection in await tx.connections.all():
        state = await tx.syncs.state(connection.name)
        if state.good_at is not None and (state.failed or now - state.good_at > OLD):
            day = state.good_at.astimezone(zone)
            days = (now.astimezone(zone).date() - day.date()).days
            ago = "today" if days < 1 else "1 day ago" if days == 1 else f"{days} days ago"
            why = "couldn't be" if state.failed else "wasn't"
            return (
                f"{title_of(connection.name)} {why} read since {day:%-d %B} ({ago}): "
                "the numbers rest on what it held then."
            )
    return ""
