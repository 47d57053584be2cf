"""What somebody's own words say of a goal: how many of what, and by when.

People write in the language they speak, whatever they are told things in: English and German are read alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.coaching.basis.rates import DAYS_PER_WEEK
from bot.coaching.goals.convert_goal import DOLLARS
from bot.coaching.typed_days import (
    DAYS,
    NUMBERS,
    TIME,
    TypedDay,
    UnclearDayError,
    any_of,
    days_of,
    length_of,
    there,
    typed,
)
from bot.coaching.wording import half_up

MOST_NUMBER = 10**6
BETWEEN = frozenset({"more", "extra", "new", "other", "additional", "of", "the", "my"})
BETWEEN |= {"mehr", "neue", "neuen", "andere", "weitere", "zusätzliche", "von", "der", "die", "meine", "meiner"}
"""Words that may stand between a number and what it counts."""

_COUNTED = re.compile(
    rf"(?<![\w.,$€£-])(?P<number>\d{{1,3}}(?:[.,]\d{{3}})+|\d{{1,7}}|{any_of(NUMBERS)})(?![\w.,%])", re.IGNORECASE
)
_MONEY = re.compile(
    r"[$€£]\s?(?P<sign>[\d.,]*\d)(?P<k>[kKmM]?)\b"
    r"|\b(?P<bare>\d[\d.,]*)(?P<unit>[kKmM]\b|\s?Tsd\b|\s?Mio\b|\s?[Tt]ausend\b(?=\s(?:Euro|Dollar))|\s?Million(?:en)?\b)"
    r"|\b(?P<before>\d[\d.,]*)\s?(?:[$€£]|(?:Euro|Dollar)\b)"
)
_DOTTED = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
"""A German number of thousands."""

_BY = re.compile(
    r"\s*\b(?:by|until|till|before|on|bis|vor|am|zum|spätestens)(?:\s+(?:zum|zur|am|spätestens|einschließlich|the))*\s+$",
    re.IGNORECASE,
)
_IN = re.compile(r"\s*\b(?:in|within|innerhalb\s+von|binnen)(?:\s+(?:the\s+next|den\s+nächsten))?\s+$", re.IGNORECASE)
AMBIGUOUS = frozenset({"bare", "dotted"})
"""Kinds of days that may be other numbers."""

_THIS_WEEK = re.compile(r"\s*\b(?:this|in a|within a|diese|in dieser|in einer) (?:week|Woche)\b", re.IGNORECASE)
_A_WEEK = re.compile(r"\s*\b(?:(?:per|a|each|every) week|(?:pro|die|jede) Woche|weekly|wöchentlich)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Draft:
    """What was meant: the words without their day, how many of what, by when; None where it wasn't said."""

    title: str
    number: int | None
    unit: str
    due: date | None


def read_draft(words: str, today: date) -> Draft:
    """Read "close 3 deals by Friday": the first number counts, with the word it stands before.

    "10 calls a week by the end of March" are as many as all its weeks ask for; without a day they are a week's.
    """
    title, due = _due(" ".join(words.split()), today)
    weeks = 1
    if due is None and (week := _THIS_WEEK.search(title) or _A_WEEK.search(title)) is not None:
        due, title = today + timedelta(days=DAYS_PER_WEEK), _without(title, week.start(), week.end())
    elif due is not None and _A_WEEK.search(title) is not None:
        weeks = max(1, half_up((due - today).days / DAYS_PER_WEEK))
    dollars = _MONEY.search(title)
    if dollars is not None:
        return Draft(title, _amount(dollars), DOLLARS, due)
    counted = _COUNTED.search(title)
    if counted is None:
        return Draft(title, None, "", due)
    said = counted["number"].lower()
    number = (NUMBERS.get(said) or int(re.sub(r"[.,]", "", said))) * weeks
    after = re.findall(r"[^\W\d_][\w-]*", title[counted.end() :])
    unit = next((word for word in after if word.lower() not in BETWEEN), "")
    return Draft(title, min(number, MOST_NUMBER), unit, due)


def _due(title: str, today: date) -> tuple[str, date | None]:
    """Return a title without the day it says, and that day; the title as it is where it says none that is ahead."""
    for found in DAYS.finditer(title):
        kind, before = found.lastgroup, title[: found.start()]
        led = (_IN if kind == "length" else _BY).search(before)
        if led is None or (kind in AMBIGUOUS and not _is_ordinal(led[0], found[0])):
            continue
        day = _day(found[0], kind, today)
        if day is not None and day > today:
            time = TIME.match(title[found.end() :].lstrip())
            end = found.end() if time is None else title.index(time[0], found.end()) + len(time[0])
            return _without(title, led.start(), end), day
    return title, None


def _is_ordinal(led: str, said: str) -> bool:
    """Return whether bare numbers are a day's: "by the 15th" and "bis zum 15.", but not "by 20" or "by 1.5"."""
    if re.search(r"(?:st|nd|rd|th)$", said, re.IGNORECASE):
        return True
    if re.search(r"\b(?:by|until|till|before|on)\b", led, re.IGNORECASE):
        return False
    return said.endswith(".") or "zum" in led.lower() or said.count(".") > 0


def _day(said: str, kind: str | None, today: date) -> date | None:
    """Return the last day that an expression means, None for one that can't be; a weekday is never today."""
    try:
        if kind == "length":
            return today + length_of(said)
        if kind == "bare":
            return _in_a_month(typed(said, kind), today)
        if kind == "weekday":
            last = days_of(re.sub(r"(?i)^(?:next|n(?:ä|ae)chste[nr]?)\s+(?!week|woche)", "", said), kind, today)[1]
            return last if last > today else last + timedelta(days=DAYS_PER_WEEK)
        return days_of(said, kind, today)[1]
    except UnclearDayError:
        return None


def _in_a_month(known: TypedDay | None, today: date) -> date | None:
    """Return the next day that has a number, "bis zum 15."; a 31st may be two months ahead."""
    if known is None:
        return None
    for ahead in range(3):
        year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
        day = there(TypedDay(known.day, month + 1), year)
        if day is not None and day > today:
            return day
    return None


def _without(title: str, start: int, end: int) -> str:
    return f"{title[:start]}{title[end:]}".strip(" ,.")


def _amount(found: re.Match[str]) -> int:
    typed = found["sign"] or found["bare"] or found["before"]
    scale = {"k": 1e3, "t": 1e3, "m": 1e6}.get((found["k"] or found["unit"] or "").strip().lower()[:1], 1.0)
    is_german = re.fullmatch(r"\d+,\d{1,2}", typed) or (scale == 1 and _DOTTED.fullmatch(typed))
    digits = typed.replace(".", "").replace(",", ".") if is_german else typed.replace(",", "")
    try:
        return max(1, round(float(digits) * scale))
    except ValueError:
        return 1
