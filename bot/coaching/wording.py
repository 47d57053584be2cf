"""Numbers, sums and days as English says them, which remember what they are."""

from __future__ import annotations

import math
from datetime import date, datetime
from functools import lru_cache

from bot.coaching.said import Figure, Said, Sentence, say

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
THOUSAND, TEN_THOUSAND, MILLION = 1_000, 10_000, 1_000_000
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")  # no words: how English writes days
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # no words

SHARES: tuple[tuple[float, Said], ...] = (
    (0.0, say("none")),
    (0.1, say("a tenth")),
    (0.2, say("a fifth")),
    (0.25, say("a quarter")),
    (1 / 3, say("a third")),
    (0.5, say("half")),
    (2 / 3, say("two thirds")),
    (0.75, say("three quarters")),
    (0.9, say("nine tenths")),
    (1.0, say("all")),
)


OF_ONE = (
    *(("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss"), ("xes", "x"), ("s", "")),
    *(("rufe", "ruf"), ("spräche", "spräch"), ("spiele", "spiel"), ("besuche", "besuch"), ("termine", "termin")),
    *(("gebote", "gebot"), ("telefonate", "telefonat"), ("briefe", "brief"), ("stücke", "stück"), ("ungen", "ung")),
    *(("ionen", "ion"), ("ichten", "icht"), ("fragen", "frage"), ("listen", "liste"), ("agenden", "agenda")),
)
"""How the plurals of what is counted end, and what they end in for one: English ones, then German ones."""


def half_up(value: float) -> int:
    """Round to the nearest whole number, halves up, as the specification always does."""
    return math.floor(value + 0.5)


def money(value: float, currency: str = "USD", *, bare: bool = False) -> Said:
    """Return "$550", "$2.9k", "$18k" or "$1.0M"; other currencies by their sign or code.

    ``bare`` leaves that away in English, where one stands right before it: "$15k (10k to 20k)".
    """
    step = _step(abs(value))
    shown = half_up(abs(value) / step) * step
    if step == 1:
        digits = str(shown)
    elif step == MILLION // 10:
        digits = f"{shown / MILLION:,.1f}M"
    else:
        digits = f"{shown / THOUSAND:.{1 if step < THOUSAND else 0}f}k"
    sign = "-" if value < 0 and shown else ""
    symbol = "" if bare else SYMBOLS.get(currency.upper(), f"{currency} ")
    return Figure(f"{sign}{symbol}{digits}", "money", -shown if sign else shown, currency)


def _step(size: float) -> int:
    """Return what a sum is rounded to."""
    if half_up(size) < THOUSAND:
        return 1
    if half_up(size / 100) < TEN_THOUSAND / 100:
        return 100
    return THOUSAND if half_up(size / THOUSAND) < THOUSAND else MILLION // 10


def share(value: float) -> Said:
    """Return the fraction people would say for a share of 0..1: "a third"."""
    return min(SHARES, key=lambda known: abs(known[0] - value))[1]


def count(number: int, noun: str) -> str:
    """Return "1 deal", "2 deals". It knows English alone: a sentence to be shown counts with ``say_many``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def whole(value: float) -> Said:
    """Return a count with its thousands apart: "1,200"."""
    return Figure(f"{half_up(value):,}", "number", half_up(value), 0)


def number(value: float, digits: int = 1) -> Said:
    """Return a number rounded half up to at most so many digits, without a needless ".0": "7", "2.5", "1,200"."""
    rounded = half_up(value * 10**digits) / 10**digits
    text = f"{rounded:,.{digits}f}"
    return Figure(text.rstrip("0").removesuffix(".") if digits else text, "number", rounded, digits)


def fixed(value: float, digits: int, *, signed: bool = False) -> Said:
    """Return a number with exactly so many digits: "2.0"; ``signed`` shows a plus: "+2.0"."""
    text = f"{value:+,.{digits}f}" if signed else f"{value:,.{digits}f}"
    return Figure(text, "signed" if signed else "fixed", value, digits)


def percent(value: float) -> Said:
    """Return 0.254 as "25%"."""
    return Figure(f"{half_up(value * 100)}%", "percent", half_up(value * 100))


def times(multiple: float) -> Said:
    """Return a multiple as "3.5x"."""
    rounded = half_up(multiple * 10) / 10
    return Figure(f"{rounded:,.1f}x", "times", rounded)


def day(value: date) -> Said:
    """Return "2 July"."""
    return Figure(f"{value.day} {value:%B}", "day", value.isoformat())


def short_day(value: date) -> Said:
    """Return "Tue 3 Oct", whatever the machine's locale."""
    text = f"{WEEKDAYS[value.weekday()]} {value.day} {MONTHS[value.month - 1]}"
    return Figure(text, "short_day", value.isoformat())


def bare_day(value: date) -> Said:
    """Return "3 Oct"."""
    return Figure(f"{value.day} {MONTHS[value.month - 1]}", "bare_day", value.isoformat())


@lru_cache(maxsize=1024)  # many are told of few days
def dated_day(value: date) -> Said:
    """Return "Tue 3 Oct 2017"."""
    return Figure(f"{short_day(value)} {value.year}", "dated_day", value.isoformat())


def month(value: date) -> Said:
    """Return "October 2017"."""
    return Figure(f"{value:%B %Y}", "month", value.isoformat())


def month_name(value: date) -> Said:
    """Return "October"."""
    return Figure(f"{value:%B}", "month_name", value.isoformat())


def day_of_year(value: date) -> Said:
    """Return "03 Oct 2017"."""
    return Figure(f"{value.day:02} {MONTHS[value.month - 1]} {value.year}", "day_of_year", value.isoformat())


def stamp(value: datetime) -> Said:
    """Return "2017-10-03 14:12", of an instant whose zone the sentence names."""
    return Figure(f"{value:%Y-%m-%d %H:%M}", "stamp", f"{value:%Y-%m-%dT%H:%M}")


def weekday(value: date) -> Said:
    """Return "Tuesday"."""
    return Figure(f"{value:%A}", "weekday", value.isoformat())


def units(number: float, plural: str) -> Said:
    """Return "1 call", "2 calls": a playbook names its units in the plural, and for one the ending goes.

    A company's own word stays as it is in every language; one of ours (``said.counted``) is told in each.
    """
    noun = one_of(plural) if number == 1 else plural
    digits = f"{number:,.0f}" if number == int(number) else f"{number:,g}"
    return Figure(f"{digits} {noun}", "counted" if isinstance(noun, Said) else "units", number, noun)


def one_of(plural: str) -> str:
    """Return what one of it is called: "call" for "calls"."""
    known = plural.recall() if isinstance(plural, Said) else plural
    if isinstance(known, Sentence) and known.many:
        return Sentence(known.template, known.arguments, known.many, 1)
    shorter = singular(plural)
    return plural if shorter == plural else shorter


def singular(plural: str) -> str:
    """Return what one of a company's units is called, by how its plural ends."""
    if plural.endswith("ss"):
        return plural
    for ending, one in OF_ONE:
        if plural.lower().endswith(ending):
            cut = len(plural) - len(ending)
            return plural[:cut] + (one.capitalize() if plural[cut].isupper() else one)
    return plural
