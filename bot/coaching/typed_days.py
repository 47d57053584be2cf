"""Days as people type them, in English and German: which expressions there are, and what each means."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.coaching.said import Said, say

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
"""As German cuts them; some are words of their own, so they count with a dot, in a range or after "next" alone."""
WEEKDAY_OF = {name: number for number, names in enumerate(WEEKDAYS) for name in names}
WEEKDAY_OF |= {name: number for number, name in enumerate(SHORT_WEEKDAYS)}

NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
NUMBERS |= {"eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30}
NUMBERS |= {"zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10}
NUMBERS |= {"elf": 11, "zwölf": 12, "vierzehn": 14, "fünfzehn": 15, "zwanzig": 20, "dreißig": 30}
NUMBERS |= {"fuenf": 5, "zwoelf": 12, "fuenfzehn": 15, "dreissig": 30}
"""The numbers that people write as words."""
ONE = dict.fromkeys(("a", "ein", "eine", "einen", "einer", "einem"), 1)
SOON = {"today": 0, "heute": 0, "tomorrow": 1, "morgen": 1}
SOON |= {"day after tomorrow": 2, "übermorgen": 2, "uebermorgen": 2}  # no words: what people type
FEASTS = dict.fromkeys(("christmas", "weihnachten"), ((12, 24), (12, 26)))
FEASTS |= {"zwischen den jahren": ((12, 27), (12, 31)), "silvester": ((12, 31), (12, 31))}  # no words: what people type


def any_of(names: Iterable[str]) -> str:
    """Return a pattern for any of the names, the longest first."""
    return "|".join(sorted(names, key=len, reverse=True))


_MONTH = rf"(?:{any_of(MONTH_OF)})\b\.?"
_NTH = r"(?:st|nd|rd|th|ten|ter|te)?"
_SHORT = "|".join(SHORT_WEEKDAYS)
_LONG_WEEKDAY = rf"(?:{any_of(WEEKDAY_OF.keys() - set(SHORT_WEEKDAYS))})\b\.?"
_WEEKDAY = (
    rf"{_LONG_WEEKDAY}"
    rf"|(?:{_SHORT})(?:\.|(?=\s*-)|(?=\s+(?:bis|und)\b))"
    rf"|(?:(?<=bis\s)|(?<=und\s)|(?<=-\s)|(?<=-))(?:{_SHORT})\b"
)
_THIS, _NEXT = r"this|diese[mnrs]?|kommende[mnr]?", r"next|nächste[mnr]?|naechste[mnr]?"
_AFTER_NEXT = r"übernächste[mnr]?|uebernaechste[mnr]?"
_WHICH = rf"(?:{_THIS}|{_NEXT}|{_AFTER_NEXT})"
_IN_WEEK = r"\s+(?:(?:week|woche)\s+(?:on\s+|am\s+)?)?"
NAMED = re.compile(
    rf"\b(?:{_WEEKDAY})\s*(?:den\s+|the\s+)?(?=\d{{1,2}}\.\s?\d|\d{{1,2}}{_NTH}\.?\s*(?:of\s+)?{_MONTH}|{_MONTH}\s*\d)",
    re.IGNORECASE,
)
"""The weekday before a day that says its number anyway: "Thursday, 3 December"."""
DAYS = re.compile(
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})"
    r"|(?P<dotted>\d{1,2}\.\s?\d{1,2}(?:\.(?:\s?\d{4}|\d{2})|\.?(?:\s?\d{4})?))(?![\d.])"
    r"|(?P<slashed>\d{1,2}/\d{1,2}(?:/\d{4})?)(?![\d/])"
    rf"|(?P<day_first>\d{{1,2}}{_NTH}\.?\s*(?:of\s+)?{_MONTH}(?:\s+\d{{4}}\b)?)"
    rf"|(?P<month_first>{_MONTH}\s*\d{{1,2}}{_NTH}\b(?:\s+\d{{4}}\b)?)"
    rf"|\b(?P<soon>{any_of(SOON)})\b"
    rf"|\b(?P<end>monatsende\b|(?:ende|end\s+of)\s+(?:(?:der|des|the|{_WHICH})\s+)?"
    rf"(?:week|woche|month|monats?|{_MONTH}))(?!\w)"
    rf"|\b(?P<weekday>(?:{_WHICH}{_IN_WEEK})?(?:{_WEEKDAY})(?:\s+(?:{_NEXT}|{_AFTER_NEXT})\s+(?:week|woche)\b)?"
    rf"|{_WHICH}{_IN_WEEK}(?:{_SHORT})\b)(?!\w)"
    rf"|\b(?P<weekend>(?:(?:the|{_WHICH})\s+)?(?:weekend|wochenende))\b"
    rf"|\b(?P<week>{_WHICH}\s+(?:week|woche))\b"
    rf"|\b(?P<length>(?:\d{{1,3}}|{any_of(NUMBERS | ONE)})\s*(?:days?|weeks?|tage?n?|wochen?))\b"
    rf"|\b(?P<month>(?:(?<=\bin\s)|(?<=\bim\s)|(?<=\bganzen\s)|(?<=\ball\s))(?:{_MONTH})(?:\s+\d{{4}}\b)?"
    rf"|{_WHICH}\s+(?:month|monat)\b)"
    rf"|\b(?P<feast>{any_of(FEASTS)})\b"
    rf"|\b(?P<bare>\d{{1,2}}{_NTH})\b\.?",
    re.IGNORECASE,
)
"""Every expression for a day or some; the name of the group that matched is its kind."""

TIME = re.compile(
    rf"\b(?:(?:um|gegen|at|around)\s+)?(?:(?:halb|viertel\s+(?:vor|nach)|dreiviertel)\s+(?:\d{{1,2}}|{any_of(NUMBERS)})"
    r"|\d{1,2}[:.]\d{2}(?:\s?(?:uhr|am|pm))?|\d{1,2}\s?(?:uhr|am|pm|h))\b"
    r"|\b(?:um|at)\s+\d{1,2}\b|\b(?:vor|nach)?mittags?\b|\babends?\b|\bfrüh\b|\b(?:morning|afternoon|noon)\b",
    re.IGNORECASE,
)
"""A time of day: "um halb drei", "14:30", "at 3 pm"."""


class UnclearDayError(ValueError):
    """``why`` tells the person what an expression lacks."""

    def __init__(self, why: Said) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class TypedDay:
    """A day as typed; ``month`` and ``year`` are None where they have to follow from the others."""

    day: int
    month: int | None = None
    year: int | None = None


def typed(said: str, kind: str | None) -> TypedDay | None:
    """Return a day named by its number; None for a word such as "tomorrow" or "next week"."""
    numbers = [int(number) for number in re.findall(r"\d+", said)]
    match kind:
        case "iso":
            return TypedDay(numbers[2], numbers[1], numbers[0])
        case "dotted":
            return TypedDay(numbers[0], numbers[1], _year(numbers[2]) if numbers[2:] else None)
        case "slashed":
            one, other = numbers[:2]
            most = 12
            if one != other and max(one, other) <= most:
                raise UnclearDayError(say("'{said}' can be two days. Write the month as a word.", said=said))
            day, month = (one, other) if one > most else (other, one)
            return TypedDay(day, month, numbers[2] if numbers[2:] else None)
        case "day_first" | "month_first":
            return TypedDay(numbers[0], _month_in(said), numbers[1] if numbers[1:] else None)
        case "bare":
            return TypedDay(numbers[0])
    return None


def days_of(said: str, kind: str | None, today: date) -> tuple[date, date]:
    """Return the first and last day that one expression means: a week is several. Raises UnclearDayError."""
    known = typed(said, kind)
    words = re.findall(r"[^\W\d_]+", said.lower())
    if known is not None:
        first = last = next_day(known, today)
    elif kind == "soon":
        first = last = today + SOON[" ".join(words)] * DAY
    elif kind == "week":
        last = today + (WEEK - 1 - today.weekday() + _next_ones(said) * WEEK) * DAY
        first = last - (WEEK - 1) * DAY if _next_ones(said) else today
    elif kind == "weekend":
        last = today + (WEEK - 1 - today.weekday() + _next_ones(said) * WEEK) * DAY
        first = max(last - DAY, today)
    elif kind == "end":
        first = last = _end(words, said, today)
    elif kind == "month":
        last = _end(words, said, today)
        first = max(last.replace(day=1), min(today, last))
    elif kind == "feast":
        first, last = (date(today.year, *day) for day in FEASTS[" ".join(words)])
        passed = last < today
        first, last = first.replace(year=today.year + passed), last.replace(year=today.year + passed)
    else:
        first = last = _weekday(words, said, today)
    return first, last


def without_days(words: str) -> str:
    """Return the words without those that only say when."""
    return " ".join(DAYS.sub(" ", NAMED.sub(" ", TIME.sub(" ", words))).split())


def length_of(said: str) -> timedelta:
    """Return how long "3 days" or "zwei Wochen" are, at least a day."""
    number, unit = re.fullmatch(r"(\d+|[^\W\d]+?)\s*(days?|weeks?|tage?n?|wochen?)", said.lower()).groups()  # type: ignore[union-attr]
    many = (NUMBERS | ONE).get(number) or int(number)
    return max(1, many) * (WEEK if unit[0] == "w" else 1) * DAY


def next_day(known: TypedDay, not_before: date) -> date:
    """Return the next day that a typed one can mean, this year or the next.

    Raises UnclearDayError where its month is missing, or neither year has it.
    """
    if known.month is None:
        raise UnclearDayError(say("Say the month too."))
    if known.year is not None:
        return on(known, known.year)
    for year in (not_before.year, not_before.year + 1):  # not each has a 29 February
        day = there(known, year)
        if day is not None and day >= not_before:
            return day
    raise _not_there(known)


def there(known: TypedDay, year: int) -> date | None:
    """Return a typed day in a year, which its own goes before; None where there is no such day."""
    try:
        return date(known.year or year, known.month or 1, known.day)
    except ValueError:
        return None


def on(known: TypedDay, year: int) -> date:
    """Return a typed day in a year, which its own goes before. Raises UnclearDayError for one that there isn't."""
    day = there(known, year)
    if day is None:
        raise _not_there(known)
    return day


def _not_there(known: TypedDay) -> UnclearDayError:
    return UnclearDayError(say("There is no day {day} in that month.", day=known.day))


def _year(number: int) -> int:
    """Return the year that its last two digits mean."""
    return number if number > LAST_TWO_DIGITS else 2000 + number


def _month_in(said: str) -> int | None:
    return next((MONTH_OF[word] for word in re.findall(r"[^\W\d_]+", said.lower()) if word in MONTH_OF), None)


def _next_ones(said: str) -> int:
    """Return how many weeks or months on "next" is, 0 for this one or none named."""
    if re.search(rf"\b(?:{_AFTER_NEXT})\b", said, re.IGNORECASE):
        return 2
    return 1 if re.search(rf"\b(?:{_NEXT})\b", said, re.IGNORECASE) else 0


def _weekday(words: list[str], said: str, today: date) -> date:
    """Return the next day of that name, or that of a coming week where one is named."""
    ahead = next(WEEKDAY_OF[word] for word in words if word in WEEKDAY_OF) - today.weekday()
    weeks = _next_ones(said)
    return today + (ahead + weeks * WEEK if weeks else ahead % WEEK) * DAY


def _end(words: list[str], said: str, today: date) -> date:
    """Return the last working day of a week, and the last day of a month."""
    if words[-1] in {"week", "woche"}:
        friday = today + (FRIDAY - today.weekday() + _next_ones(said) * WEEK) * DAY
        return friday if friday >= today else today + (WEEK - 1 - today.weekday()) * DAY
    month = MONTH_OF.get(words[-1])
    typed_year = next(map(int, re.findall(r"\d{4}", said)), None)
    if month is not None:
        year = typed_year or today.year + (month < today.month)
    else:
        year, month = divmod(today.year * 12 + today.month - 1 + _next_ones(said), 12)
        month += 1
    return date(year, month, monthrange(year, month)[1])
