"""What may stand in a cell: each reader takes its text, without blanks around it, or says what to write instead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from itertools import pairwise
from zoneinfo import available_timezones

from bot.coaching.records import CommissionBand
from bot.coaching.said import say
from bot.crm.problems import quoted

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?")
_OTHER_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_GROUPS_OF_DOT = re.compile(r"[+-]?\d{1,3}\.\d{3}")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_FLAGS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_YEARS = range(1950, 2151)
_WRITE_A_DAY = say("write year-month-day, such as 2017-03-31")
LARGEST_AMOUNT = 1e15
LARGEST_COUNT = 1_000_000


class CellError(ValueError):
    """The cell can't be read; the words are the fault and its remedy."""


def email(text: str) -> str:
    """Return the address trimmed and in lower case, the form in which addresses are compared."""
    if not _EMAIL.fullmatch(text):
        raise CellError(
            say("{text} isn't an e-mail address: write one such as jane.doe@example.com", text=quoted(text))
        )
    return text.lower()


def amount(text: str) -> float:
    """Return a number written with a decimal point and nothing else."""
    if not _NUMBER.fullmatch(text):
        raise CellError(say("{text} isn't a number: {remedy}", text=quoted(text), remedy=_number_remedy(text)))
    number = float(text)
    if abs(number) >= LARGEST_AMOUNT:
        raise CellError(say("{text} is too large to be an amount: write less than 1 quadrillion", text=quoted(text)))
    return number


def amount_among_semicolons(text: str) -> float:
    """Read an amount of a file whose cells are divided by semicolons, as spreadsheets do where the comma is decimal.

    There 1.234 may well mean 1234, so it is refused and not guessed.
    """
    if _GROUPS_OF_DOT.fullmatch(text):
        whole, fraction = text.split(".")
        raise CellError(
            say(
                "{text} has two readings: write {one} or {other}",
                text=quoted(text),
                one=f"{whole}{fraction}",
                other=f"{whole}.{fraction}0",
            )
        )
    return amount(text)


def _number_remedy(text: str) -> str:
    bare = re.sub(r"[^\d.,+-]", "", text.strip("'"))
    commas, dots = bare.count(","), bare.count(".")
    if re.search(r"\de[+-]?\d", text, re.IGNORECASE) or "%" in text or not re.search(r"\d", bare):
        return say("write it out with digits and a decimal point, such as 1234.50")
    if commas == 1 and not dots:
        whole, fraction = bare.split(",")
        if len(fraction) == 3 and 0 < len(whole.lstrip("+-")) < 4:  # noqa: PLR2004 - the width of a group
            return say(
                "write {one} or {other}, whichever is meant", one=f"{whole}{fraction}", other=f"{whole}.{fraction}0"
            )
        candidate = f"{whole}.{fraction}"
    elif commas and dots and bare.rindex(",") > bare.rindex("."):
        candidate = bare.replace(".", "").replace(",", ".")
    else:
        candidate = bare.replace(",", "") if dots <= 1 else bare.replace(".", "")
    if _NUMBER.fullmatch(candidate):
        return say("write {text}", text=candidate)
    return say("write it with digits and a decimal point, such as 1234.50")


def count(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text) or not 0 < int(text) <= LARGEST_COUNT:
        raise CellError(say("{text} isn't a count: write a whole number from 1 on, such as 3", text=quoted(text)))
    return int(text)


def day(text: str) -> date:
    """Return an ISO date; other notations are refused, because 03/04 has two readings."""
    if not _DAY.fullmatch(text):
        raise CellError(say("{text} isn't an ISO date: {remedy}", text=quoted(text), remedy=_day_remedy(text)))
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise CellError(
            say("{text} isn't in the calendar: write year-month-day, such as 2017-03-31", text=quoted(text))
        ) from None
    return _plausible(found, text)


def day_in(zone: tzinfo) -> Callable[[str], date]:
    """Return a reader of ISO days and ISO instants: an instant with an offset counts on its day in ``zone``."""

    def read(text: str) -> date:
        if not _INSTANT.fullmatch(text):
            return day(text)
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            raise CellError(
                say("{text} isn't in the calendar: write a time such as 2017-03-31T14:30Z", text=quoted(text))
            ) from None
        _plausible(at.date(), text)
        return at.date() if at.tzinfo is None else at.astimezone(UTC).astimezone(zone).date()

    return read


def _plausible(found: date, text: str) -> date:
    if found.year not in _YEARS:
        raise CellError(
            say(
                "{text} can't be right: write a year from {first} to {last}",
                text=quoted(text),
                first=_YEARS[0],
                last=_YEARS[-1],
            )
        )
    return found


def _day_remedy(text: str) -> str:
    match = _OTHER_DAY.fullmatch(text.split(" ", maxsplit=1)[0])
    if match is None:
        return _WRITE_A_DAY
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    readings = []
    for month, of_month in dict.fromkeys(((first, second), (second, first))):
        try:
            readings.append(date(year, month, of_month).isoformat())
        except ValueError:
            continue
    if not readings:
        return _WRITE_A_DAY
    if len(readings) == 1:
        return say("write {text}", text=readings[0])
    return say("write {one} or {other}, whichever is meant", one=readings[0], other=readings[1])


def flag(text: str) -> bool:
    if text.lower() not in _FLAGS:
        raise CellError(say("{text} is neither yes nor no: write yes or no", text=quoted(text)))
    return _FLAGS[text.lower()]


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def timezone(text: str) -> str:
    """Return an IANA name that this machine knows."""
    if text in _zones():
        return text
    near = difflib.get_close_matches(text.replace(" ", "_"), sorted(_zones()), n=1)
    remedy = say("write {text}", text=near[0]) if near else say("write an IANA name such as Europe/Berlin")
    raise CellError(say("{text} isn't a time zone: {remedy}", text=quoted(text), remedy=remedy))


def currency(text: str) -> str:
    if not _CURRENCY.fullmatch(text.upper()):
        raise CellError(say("{text} isn't a currency: write its three letters, such as USD", text=quoted(text)))
    return text.upper()


def country(known: Callable[[str], bool] | None) -> Callable[[str], str]:
    """Return a reader of ISO 3166 codes with an optional subdivision; ``known`` says whose holidays we have."""

    def read(text: str) -> str:
        code = text.upper()
        if not _COUNTRY.fullmatch(code):
            raise CellError(say("{text} isn't a country: write its ISO code, such as US or US-CA", text=quoted(text)))
        if known is not None and not known(code):
            raise CellError(
                say(
                    "{text} is a country whose holidays aren't known: write another or leave it blank",
                    text=quoted(text),
                )
            )
        return code

    return read


def commission(text: str) -> tuple[CommissionBand, ...]:
    """Read "0:0.06;1:0.09": 6% of revenue up to the quota, 9% of what is above it."""
    shape = say("write bands of quota multiple and rate, the first from 0, such as 0:0.06;1:0.09")
    bands = []
    for part in text.split(";"):
        above, _, rate = (piece.strip() for piece in part.partition(":"))
        if not (_NUMBER.fullmatch(above) and _NUMBER.fullmatch(rate)):
            raise CellError(say("{text} isn't a commission plan: {remedy}", text=quoted(text), remedy=shape))
        bands.append(CommissionBand(float(above), float(rate)))
    starts = [band.attainment for band in bands]
    if starts[0] != 0 or any(later <= earlier for earlier, later in pairwise(starts)):
        raise CellError(say("{text} has its bands out of order: {remedy}", text=quoted(text), remedy=shape))
    if not all(0 <= band.rate <= 1 for band in bands):
        raise CellError(
            say("{text} has a rate that isn't a share from 0 to 1: {remedy}", text=quoted(text), remedy=shape)
        )
    return tuple(bands)
