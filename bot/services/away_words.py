"""What people type after /1on1 away: days in any order and spelling."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from datetime import date

from bot.coaching import wording
from bot.coaching.said import Said, joined, say
from bot.coaching.typed_days import (
    DAY,
    DAYS,
    NAMED,
    TypedDay,
    UnclearDayError,
    days_of,
    length_of,
    next_day,
    on,
    there,
    typed,
)
from bot.errors import BadInputError

HOW = say("Write it like this: /1on1 away 3 Dec - 12 Dec, or /1on1 away tomorrow.")
LONGEST = 366
"""Days of one leave; and nobody says it longer than so many days ahead."""
LONGEST_REASON = 300
UNTIL = frozenset({"to", "until", "till", "til", "through", "thru", "bis", "-"})
FILLERS = UNTIL | frozenset(
    {"from", "on", "and", "the", "of", "am", "i'm", "im", "i", "away", "off", "out", "for", "in", "vom", "von", "ab"}
    | {"der", "die", "das", "den", "dem", "im", "zum", "zwischen", "und", "für", "auf", "ich", "bin", "habe", "hab"}
    | {"urlaub", "krank", "abwesend", "weg", "frei", "ferien", "elternzeit", "lang", "ganze", "ganzen", "bitte"}
    | {
        "einschließlich",
        "einschliesslich",
        "einschl",
        "inklusive",
        "inkl",
        "sofort",
        "jetzt",
        "&",
        "+",
        "über",
        "ueber",
        "over",
    }
    | {"dienstreise", "messe", "fortbildung", "schulung", "seminar", "konferenz", "sonderurlaub", "bildungsurlaub"}
    | {"resturlaub", "krankgeschrieben", "arzt", "arzttermin", "kur", "reha", "mutterschutz", "brückentag", "umzug"}
    | {"leave", "vacation", "holiday", "holidays", "pto", "sick", "inclusive", "including", "ooo", "please", "starting"}
)
NOT_THERE = re.compile(r"\bnicht\s+(?:da|hier|im\s+(?:büro|haus))\b")
BECAUSE = re.compile(r"\b(?:(?:because|since|wegen|denn)\b[\s:,]*|(?=weil\b))|\((?=[^()]+\)\s*$)", re.IGNORECASE)
"""Where a reason begins; "weil" belongs to it, as the verb behind stands last."""
DASHES = re.compile(r"[–—]|\.{2,}|→|->|(?<=\d\.)\s?/\s?(?=\d)")  # noqa: RUF001 - people type dashes


@dataclass(frozen=True, slots=True)
class Away:
    """Days on which somebody is away, both included; ``reason`` is the person's own, "" where none was given."""

    first: date
    last: date
    reason: str = ""


def away(words: str, today: date) -> Away:
    """Read when somebody is away; ``today`` is the person's own.

    A day without a year is the next one that there is; a leave that goes on today may have begun before it. Raises
    BadInputError, with what to write instead, for words that can't be understood, days that are over, and a leave
    longer than a year.
    """
    said, *why = BECAUSE.split(words, maxsplit=1)
    reason = " ".join(why[0].split()).removesuffix(")")[:LONGEST_REASON] if why else ""
    text = DASHES.sub(" - ", said.lower()).replace(",", " ")
    text = NAMED.sub("", NOT_THERE.sub("abwesend", text))
    found = list(DAYS.finditer(text))
    rest = _rest(text, found)
    unknown = [word for word in rest if word not in FILLERS]
    if unknown or not found:
        shown = textwrap.shorten(" ".join(unknown) or words, 80, placeholder="…")
        raise _unclear(say("I can't read '{words}' as days.", words=shown) if shown else say("Say when."))
    try:
        first, last = _span(text, found, today)
    except UnclearDayError as error:
        raise _unclear(error.why) from None
    if last < first:
        raise _unclear(say("That ends on {day}, before it begins.", day=_say(last)))
    if last < today:
        raise _unclear(say("{day} is over. Say the days that are still to come.", day=_say(last)))
    if (last - first).days >= LONGEST or (first - today).days >= LONGEST:
        raise _unclear(say("I keep leave of up to a year, at most a year ahead."))
    return Away(first, last, reason)


def _rest(text: str, found: list[re.Match[str]]) -> list[str]:
    for match in reversed(found):
        text = f"{text[: match.start()]} {text[match.end() :]}"
    return [bare for word in text.replace("-", " - ").split() if (bare := word.strip(".:;!?()"))]


def _span(text: str, found: list[re.Match[str]], today: date) -> tuple[date, date]:
    lengths = [one for one in found if one.lastgroup == "length"]
    days = [one for one in found if one.lastgroup != "length"]
    ahead = next((one for one in lengths if text[: one.start()].split()[-1:] == ["in"]), None)
    if ahead is not None:
        lengths.remove(ahead)
    if len(lengths) > 1 or len(days) > 2 or ((lengths or ahead) and len(days) > 1):  # noqa: PLR2004 - a first and a last
        raise UnclearDayError(say("That's more than a first and a last day. Say one leave at a time."))
    if len(days) > 1:
        return _both(days, today)
    first, last = days_of(days[0][0], days[0].lastgroup, today) if days else (today, today)
    if ahead is not None:  # "in two weeks"
        first = last = first + length_of(ahead[0])
    if lengths:
        return first, first + length_of(lengths[0][0]) - DAY
    until = ahead is None and bool(set(text[: days[0].start()].split()) & UNTIL)
    return (today if until else first), last


def _both(days: list[re.Match[str]], today: date) -> tuple[date, date]:
    """Return the first and the last day, each of which may lend the other its month or year."""
    one, other = (typed(match[0], match.lastgroup) for match in days)
    if one is None or other is None:
        first = days_of(days[0][0], days[0].lastgroup, today)[0] if one is None else next_day(one, today)
        if other is not None:
            return first, next_day(other, first)
        last = days_of(days[1][0], days[1].lastgroup, today)[1]
        return first, last if last >= first else days_of(days[1][0], days[1].lastgroup, first)[1]
    month = one.month or other.month
    if month is None:
        raise UnclearDayError(say("Say the month too."))
    start = TypedDay(one.day, one.month or month, one.year)
    end = TypedDay(other.day, other.month or month, other.year)
    if start.year is None and end.year is None:
        return _next_span(start, end, today)
    if start.year is None:
        last = on(end, today.year)
        begun = there(start, last.year)
        return (on(start, last.year - 1) if begun is None or begun > last else begun), last
    first = on(start, start.year)
    return first, next_day(end, first)


def _next_span(start: TypedDay, end: TypedDay, today: date) -> tuple[date, date]:
    """Return the days of the first years in which there are both and which aren't over; one may go on today.

    Days typed in the wrong order stay so. Raises UnclearDayError where no year has both.
    """
    over_new_year = (start.month or 0) > (end.month or 0)
    for year in range(today.year - 1, today.year + 2):
        first, last = there(start, year), there(end, year + over_new_year)
        if first is not None and last is not None and last >= today:
            return first, last
    return on(start, today.year + 1), on(end, today.year + 1 + over_new_year)


def _say(day: date) -> Said:
    return say("{day} {year}", day=wording.day(day), year=day.year)


def _unclear(why: Said) -> BadInputError:
    return BadInputError(joined((why, HOW)))
