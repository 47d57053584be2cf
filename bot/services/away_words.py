"""What people type after /1on1 away: days in any order and spelling."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from datetime import date, timedelta

from bot.coaching import wording
from bot.coaching.said import Said, joined, say
from bot.errors import BadInputError

HOW = say("Write it like this: /1on1 away 3 Dec - 12 Dec, or /1on1 away tomorrow.")
LONGEST = 366
"""Days of one leave; and nobody says it longer than so many days ahead."""
LONGEST_REASON = 300
LAST_TWO_DIGITS = 99

DAY, WEEK = timedelta(days=1), 7
FRIDAY = 4

MONTHS = (
    ("jan", "january", "januar", "jän", "jänner"),
    ("feb", "february", "februar"),
    ("mar", "march", "mär", "märz", "mrz", "maerz"),
    ("apr", "april"),
    ("may", "mai"),
    ("jun", "june", "juni"),
    ("jul", "july", "juli"),
    ("aug", "august"),
    ("sep", "sept", "september"),
    ("oct", "october", "okt", "oktober"),
    ("nov", "november"),
    ("dec", "december", "dez", "dezember"),
)
WEEKDAYS = (
    ("mon", "monday", "montag"),
    ("tue", "tues", "tuesday", "dienstag"),
    ("wed", "wednesday", "mittwoch"),
    ("thu", "thur", "thurs", "thursday", "donnerstag"),
    ("fri", "friday", "freitag"),
    ("sat", "saturday", "samstag", "sonnabend"),
    ("sun", "sunday", "sonntag"),
)
MONTH_OF = {name: number for number, names in enumerate(MONTHS, 1) for name in names}
SHORT_WEEKDAYS = ("mo", "di", "mi", "do", "fr", "sa", "so")
"""As German cuts them; some are words of their own, so they count with a dot or in a range alone."""
WEEKDAY_OF = {name: number for number, names in enumerate(WEEKDAYS) for name in names}
WEEKDAY_OF |= {name: number for number, name in enumerate(SHORT_WEEKDAYS)}
NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
NUMBERS |= {"ein": 1, "eine": 1, "einen": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6}
SOON = {"today": 0, "heute": 0, "tomorrow": 1, "morgen": 1}
SOON |= {"day after tomorrow": 2, "übermorgen": 2, "uebermorgen": 2}  # no words: what people type
UNTIL = frozenset({"to", "until", "till", "til", "through", "thru", "bis", "-"})
FILLERS = UNTIL | frozenset(
    {"from", "on", "and", "the", "of", "am", "i'm", "im", "i", "away", "off", "out", "for", "in", "vom", "von", "ab"}
    | {"der", "die", "das", "den", "dem", "im", "zum", "zwischen", "und", "für", "auf", "ich", "bin", "habe", "hab"}
    | {"urlaub", "krank", "abwesend", "weg", "frei", "ferien", "elternzeit", "lang", "ganze", "ganzen", "bitte"}
    | {"einschließlich", "einschliesslich", "inklusive", "inkl"}
    | {"leave", "vacation", "holiday", "holidays", "pto", "sick", "inclusive", "including", "ooo", "please", "starting"}
)


def _any(names: dict[str, int]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_MONTH = rf"(?:{_any(MONTH_OF)})\b\.?"
_NTH = r"(?:st|nd|rd|th)?"
_SHORT = "|".join(SHORT_WEEKDAYS)
_WEEKDAY = (
    rf"(?:{_any({name: 0 for name in WEEKDAY_OF if name not in SHORT_WEEKDAYS})})\b\.?"
    rf"|(?:{_SHORT})(?:\.|(?=\s*-)|(?=\s+bis\b))"
    rf"|(?:(?<=bis\s)|(?<=-\s)|(?<=-))(?:{_SHORT})\b"
)
_THIS, _NEXT = r"this|diese[nrs]?|kommende[nr]?", r"next|nächste[nr]?|naechste[nr]?"
_AFTER_NEXT = r"übernächste[nr]?|uebernaechste[nr]?"
NOT_THERE = re.compile(r"\bnicht\s+(?:da|hier|im\s+(?:büro|haus))\b")
NAMED = re.compile(
    rf"\b(?:{_WEEKDAY})\s*(?:den\s+|the\s+)?(?=\d{{1,2}}\.\s?\d|\d{{1,2}}{_NTH}\.?\s*(?:of\s+)?{_MONTH}|{_MONTH}\s*\d)"
)
"""The weekday before a day that says its number anyway: "Thursday, 3 December"."""
DATES = re.compile(
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})"
    r"|(?P<dotted>\d{1,2}\.\s?\d{1,2}(?:\.(?:\s?\d{4}|\d{2})|\.?(?:\s?\d{4})?))(?![\d.])"
    r"|(?P<slashed>\d{1,2}/\d{1,2}(?:/\d{4})?)(?![\d/])"
    rf"|(?P<day_first>\d{{1,2}}{_NTH}\.?\s*(?:of\s+)?{_MONTH}(?:\s+\d{{4}}\b)?)"
    rf"|(?P<month_first>{_MONTH}\s*\d{{1,2}}{_NTH}\b(?:\s+\d{{4}}\b)?)"
    rf"|\b(?P<soon>{_any(SOON)})\b"
    rf"|\b(?P<week>(?:{_THIS}|{_NEXT}|{_AFTER_NEXT})\s+(?:week|woche))\b"
    rf"|\b(?P<weekday>(?:(?:{_THIS}|{_NEXT})\s+)?(?:{_WEEKDAY}))(?!\w)"
    rf"|\b(?P<length>(?:\d{{1,3}}|{_any(NUMBERS)})\s*(?:days?|weeks?|tage?n?|wochen?))\b"
    rf"|\b(?P<bare>\d{{1,2}}{_NTH})\b\.?",
)
BECAUSE = re.compile(r"\b(?:because|since|weil|wegen)\b[\s:,]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Away:
    """Days on which somebody is away, both included; ``reason`` is the person's own, "" where none was given."""

    first: date
    last: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Day:
    """A day as typed; ``month`` and ``year`` are None where they have to follow from the others."""

    day: int
    month: int | None = None
    year: int | None = None


def away(words: str, today: date) -> Away:
    """Read when somebody is away; ``today`` is the person's own.

    A day without a year is the next one that there is; a leave that goes on today may have begun before it. Raises
    BadInputError, with what to write instead, for words that can't be understood, days that are over, and a leave
    longer than a year.
    """
    said, *why = BECAUSE.split(words, maxsplit=1)
    reason = " ".join(why[0].split())[:LONGEST_REASON] if why else ""
    text = re.sub(r"[–—]|\.{2,}|→|->", " - ", said.lower()).replace(",", " ")  # noqa: RUF001 - people type dashes
    text = NAMED.sub("", NOT_THERE.sub("abwesend", text))
    found = list(DATES.finditer(text))
    rest = _rest(text, found)
    unknown = [word for word in rest if word not in FILLERS]
    if unknown or not found:
        shown = textwrap.shorten(" ".join(unknown) or words, 80, placeholder="…")
        raise _unclear(say("I can't read '{words}' as days.", words=shown) if shown else say("Say when."))
    first, last = _span(text, found, today)
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
    if len(lengths) > 1 or len(days) > 2 or (lengths and len(days) > 1):  # noqa: PLR2004 - a first and a last
        raise _unclear(say("That's more than a first and a last day. Say one leave at a time."))
    if lengths:
        first = _range(days[0][0], days[0].lastgroup, today)[0] if days else today
        return first, first + (_length(lengths[0][0]) - 1) * DAY
    if len(days) == 1:
        first, last = _range(days[0][0], days[0].lastgroup, today)
        until = set(text[: days[0].start()].split()) & UNTIL
        return (today if until else first), last
    return _both(days, today)


def _both(days: list[re.Match[str]], today: date) -> tuple[date, date]:
    """Return the first and the last day, each of which may lend the other its month or year."""
    one, other = (_typed(match[0], match.lastgroup) for match in days)
    if one is None or other is None:
        first = _range(days[0][0], days[0].lastgroup, today)[0] if one is None else _next(one, today)
        last = _range(days[1][0], days[1].lastgroup, first)[1] if other is None else _next(other, first)
        return first, last
    month = one.month or other.month
    if month is None:
        raise _unclear(say("Say the month too."))
    start = _Day(one.day, one.month or month, one.year)
    end = _Day(other.day, other.month or month, other.year)
    if start.year is None and end.year is None:
        first, last = _of(start, today.year), _of(end, today.year)
        if last < first:  # over the end of the year, or typed in the wrong order
            crosses = (start.month or 0) > (end.month or 0)
            first, last = (first, _of(end, today.year + 1)) if crosses else (first, last)
            if crosses and (started := _of(start, today.year - 1)) <= today <= _of(end, today.year):
                first, last = started, _of(end, today.year)
        elif last < today:
            first, last = _of(start, today.year + 1), _of(end, today.year + 1)
        return first, last
    if start.year is None:
        last = _of(end, end.year or today.year)
        first = _of(start, last.year)
        return (first if first <= last else _of(start, last.year - 1)), last
    first = _of(start, start.year)
    return first, _next(end, first)


def _typed(said: str, kind: str | None) -> _Day | None:
    """Return a day named by its number; None for a word such as "tomorrow" or "next week"."""
    numbers = [int(number) for number in re.findall(r"\d+", said)]
    match kind:
        case "iso":
            return _Day(numbers[2], numbers[1], numbers[0])
        case "dotted":
            return _Day(numbers[0], numbers[1], _year(numbers[2]) if numbers[2:] else None)
        case "slashed":
            one, other = numbers[:2]
            most = 12
            if one != other and max(one, other) <= most:
                raise _unclear(say("'{said}' can be two days. Write the month as a word.", said=said))
            day, month = (one, other) if one > most else (other, one)
            return _Day(day, month, numbers[2] if numbers[2:] else None)
        case "day_first" | "month_first":
            word = re.sub(r"\d+(?:st|nd|rd|th)?|\bof\b|[.\s]", " ", said).split()[0]
            return _Day(numbers[0], MONTH_OF[word], numbers[1] if numbers[1:] else None)
        case "bare":
            return _Day(numbers[0])
    return None


def _range(said: str, kind: str | None, today: date) -> tuple[date, date]:
    """Return the first and last day that one expression means: a week is several."""
    typed = _typed(said, kind)
    if typed is not None:
        if typed.month is None:
            raise _unclear(say("Say the month too."))
        day = _next(typed, today)
        return day, day
    if kind == "soon":
        day = today + SOON[said] * DAY
        return day, day
    monday = today - today.weekday() * DAY
    if kind == "week":
        if re.match(_THIS, said):
            return today, monday + (WEEK - 1) * DAY
        first = monday + (2 if re.match(_AFTER_NEXT, said) else 1) * WEEK * DAY
        return first, first + (WEEK - 1) * DAY
    *which, name = said.rstrip(".").split()
    wanted = WEEKDAY_OF[name]
    if which and re.match(_NEXT, which[0]):
        day = monday + (WEEK + wanted) * DAY
    else:
        day = today + ((wanted - today.weekday()) % WEEK) * DAY
    return day, day


def _year(number: int) -> int:
    """Return the year that its last two digits mean."""
    return number if number > LAST_TWO_DIGITS else 2000 + number


def _next(typed: _Day, not_before: date) -> date:
    if typed.month is None:
        raise _unclear(say("Say the month too."))
    if typed.year is not None:
        return _of(typed, typed.year)
    day = _of(typed, not_before.year)
    return day if day >= not_before else _of(typed, not_before.year + 1)


def _of(typed: _Day, year: int) -> date:
    try:
        return date(typed.year or year, typed.month or 1, typed.day)
    except ValueError:
        raise _unclear(say("There is no day {day} in that month.", day=typed.day)) from None


def _length(said: str) -> int:
    number, unit = re.fullmatch(r"(\d+|[^\W\d]+?)\s*(days?|weeks?|tage?n?|wochen?)", said).groups()  # type: ignore[union-attr]
    many = NUMBERS.get(number) or int(number)
    return max(1, many) * (WEEK if unit[0] == "w" else 1)


def _say(day: date) -> Said:
    return say("{day} {year}", day=wording.day(day), year=day.year)


def _unclear(why: Said) -> BadInputError:
    return BadInputError(joined((why, HOW)))
