"""A person's 1:1s in their own calendar: /1on1 calendar."""

from __future__ import annotations

from bot.coaching.said import say
from bot.errors import BadInputError
from bot.services.use_cases import UseCases
from bot.views import calendar as view
from bot.views.message import Message

FILE = frozenset({"file", "ics", "next", "download", "datei"})
OFF = frozenset({"off", "stop", "end", "remove", "delete", "aus", "beenden", "löschen", "loeschen"})
ANEW = frozenset({"new", "anew", "rotate", "replace", "another", "reset", "neu", "neue"})
SHOWN = frozenset({"", "make", "on", "start", "show", "address", "link", "feed", "an", "zeigen", "adresse"})


async def answer(cases: UseCases, user: str, words: str) -> Message:
    """Do what was asked after "calendar". Raises BadInputError for words that can't be understood."""
    wish = words.strip().lower()
    if wish in OFF:
        await cases.calendar_feeds.end(user)
        return view.ended()
    if wish in FILE:
        entry = await cases.calendar_feeds.give_file(user)
        return view.file_coming(entry.other, entry.starts_at, entry.zone)
    if wish not in SHOWN | ANEW:
        raise BadInputError(
            say(
                "I don't know what to do there. Type /1on1 calendar for your address, /1on1 calendar new for another, "
                "/1on1 calendar off to end it, /1on1 calendar file for your next 1:1 as a file."
            )
        )
    found = await cases.calendar_feeds.address(user, anew=wish in ANEW)
    return view.has_address(found.made_at, found.zone) if found.url is None else view.new_address(found.url)
