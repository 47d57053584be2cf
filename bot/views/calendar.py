"""What a person is told of the own calendar address."""

from __future__ import annotations

from datetime import datetime

from bot.views.blocks import context, message, section
from bot.views.message import Message
from bot.views.mrkdwn import moment

SLOW = "Calendars look every few hours, some once a day: when a 1:1 moves, the message here comes first."


def new_address(url: str) -> Message:
    """Show an address, which can't be shown again."""
    line = "*Your 1:1s in your calendar.* Subscribe to this address, which is yours alone:"
    return message(
        line,
        section(line, f"`{url}`"),
        section(
            "Google: _Other calendars_, _From URL_. Outlook: _Add calendar_, _Subscribe from web_. "
            "Apple: _File_, _New Calendar Subscription_.",
        ),
        context(
            "Keep it to yourself: who has it sees when you meet whom, and nothing else. I can't show it again; "
            "`/1on1 calendar new` replaces it, `/1on1 calendar off` ends it.",
            SLOW,
        ),
    )


def has_address(since: datetime, zone: str) -> Message:
    """Say that there is one already."""
    line = f"*You have a calendar address* since {moment(since, zone)}. I keep its seal alone and can't show it again."
    return message(
        line,
        section(line, "`/1on1 calendar new` makes another, and the old one ends. `/1on1 calendar off` ends it."),
        context(SLOW),
    )


def ended() -> Message:
    """Confirm that the address answers nobody any more."""
    line = "*Your calendar address has ended.* Remove it from your calendar, which may show old 1:1s until then."
    return message(line, section(line))
