"""Numbers as people say them, shared by every sentence."""

from __future__ import annotations

import math
from datetime import date

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
THOUSAND, TEN_THOUSAND, MILLION = 1_000, 10_000, 1_000_000

SHARES = (
    (0.0, "none"),
    (0.1, "a tenth"),
    (0.2, "a fifth"),
    (0.25, "a quarter"),
    (1 / 3, "a third"),
    (0.5, "half"),
    (2 / 3, "two thirds"),
    (0.75, "three quarters"),
    (0.9, "nine tenths"),
    (1.0, "all"),
)


def half_up(value: float) -> int:
    """Round to the nearest whole number, halves up, as the specification always does."""
    return math.floor(value + 0.5)


def money(value: float, currency: str = "USD") -> str:
    """Return "$550", "$2.9k", "$18k" or "$1.0M"; other currencies by their sign or code."""
    size = abs(value)
    if half_up(size) < THOUSAND:
        digits = str(half_up(size))
    elif half_up(size / 100) < TEN_THOUSAND / 100:
        digits = f"{half_up(size / 100) / 10:.1f}k"
    elif half_up(size / THOUSAND) < THOUSAND:
        digits = f"{half_up(size / THOUSAND)}k"
    else:
        digits = f"{half_up(size / (MILLION / 10)) / 10:,.1f}M"
    sign = "-" if value < 0 and digits != "0" else ""
    return f"{sign}{SYMBOLS.get(currency.upper(), f'{currency} ')}{digits}"


def share(value: float) -> str:
    """Return the fraction people would say for a share of 0..1: "a third"."""
    return min(SHARES, key=lambda known: abs(known[0] - value))[1]


def count(number: int, noun: str) -> str:
    """Return "1 deal", "2 deals"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def day(value: date) -> str:
    """Return "2 July"."""
    return f"{value.day} {value:%B}"


def units(number: float, plural: str) -> str:
    """Return "1 call", "2 calls": a playbook names its units in the plural, and for one the ending goes."""
    shown = f"{number:,g}"
    if number != 1 or plural.endswith("ss"):
        return f"{shown} {plural}"
    for ending, one in (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss"), ("xes", "x"), ("s", "")):
        if plural.endswith(ending):
            return f"{shown} {plural.removesuffix(ending)}{one}"
    return f"{shown} {plural}"
