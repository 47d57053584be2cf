"""A person's 1:1s in their own calendar: /1on1 calendar."""

from __future__ import annotations

from bot.errors import BadInputError
from bot.services.use_cases import UseCases
from bot.views import calendar as view
from bot.views.message import Message

FILE = frozenset({"file", "ics", "next"})


async def answer(cases: UseCases, user: str, words: str) -> Message:
    """Do what was asked after "calendar". Raises BadInputError for words that can't be understood."""
    wish = words.strip().lower()
    if wish == "off":
        await cases.calendar_feeds.end(user)
        return view.ended()
    if wish in FILE:
        return view.file_given((await cases.calendar_feeds.give_file(user)).other)
    if wish not in ("", "new"):
        raise BadInputError(
            "Type /1on1 calendar for your address, with new after it for another, with off to end it, "
            "with file for your next 1:1 as a file."
        )
    found = await cases.calendar_feeds.address(user, anew=wish == "new")
    return view.has_address(found.made_at, found.zone) if found.url is None else view.new_address(found.url)
