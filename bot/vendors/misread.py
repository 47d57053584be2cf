"""What is said of a value that isn't of the kind that a vendor promises."""

from __future__ import annotations

from bot.coaching.said import Said, say


def no_number(text: str) -> Said:
    return say("'{text}' isn't a number", text=text)


def no_instant(text: str) -> Said:
    return say("'{text}' isn't an instant", text=text)


def no_day(text: str) -> Said:
    return say("'{text}' isn't a day", text=text)


def no_percentage(number: float) -> Said:
    return say("{number} isn't from 0 to 100", number=f"{number:g}")
