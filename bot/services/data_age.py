"""Says of numbers how old they are, where the source they come from can't be read."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from bot.coaching import wording
from bot.coaching.said import Said, say, say_many
from bot.services.ports import Transaction

TITLES = {  # no words: names, but for the two that are said
    "hubspot": "HubSpot",
    "pipedrive": "Pipedrive",
    "salesforce": "Salesforce",
    "sql": say("The database of views"),
    "csv": say("The folder of files"),
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
            read_on = state.good_at.astimezone(zone).date()
            return _said(
                title_of(connection.name),
                read_on,
                (now.astimezone(zone).date() - read_on).days,
                failed=bool(state.failed),
            )
    return ""


def _said(source: str, on: date, days: int, *, failed: bool) -> Said:
    ago = say("today") if days < 1 else say_many("{n} day ago", "{n} days ago", days)
    if failed:
        return say(
            "{source} couldn't be read since {day} ({ago}): the numbers rest on what it held then.",
            source=source,
            day=wording.day(on),
            ago=ago,
        )
    return say(
        "{source} wasn't read since {day} ({ago}): the numbers rest on what it held then.",
        source=source,
        day=wording.day(on),
        ago=ago,
    )
