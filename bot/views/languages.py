"""The languages that people are told things in: their sentences from a catalogue, their figures by Babel."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.core import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_compact_currency, format_currency, format_decimal, format_percent

from bot.coaching.said import (
    Argument,
    Capital,
    Figure,
    Joined,
    Midway,
    Said,
    Sentence,
    as_english,
    as_midway,
    as_opening,
)
from bot.coaching.wording import MILLION

FOLDER = Path(__file__).parents[1] / "languages"


@dataclass(frozen=True)
class Language:
    """What says every text in its own words, sentence by sentence from the inside.

    ``code`` is what a Slack locale begins with. A language is ``offered`` only when its catalogue is complete.
    """

    code: str
    offered: bool = True

    def sentence(self, template: str, arguments: Mapping[str, Argument], many: str = "", number: float = 1) -> str:
        """Return a template in this language, with what stands in for its placeholders written in it, too."""
        shown = {name: self.written(value) for name, value in arguments.items()}
        return self.template(template, many, number).format(**shown)

    def written(self, value: Argument) -> str:
        """Return a text or a number as this language writes it; what has no memory stays as it is."""
        if not isinstance(value, Said):
            return value if isinstance(value, str) else self.bare_number(value)
        text = value.recall()
        if isinstance(text, Figure):
            return self.figure(text)
        if isinstance(text, Sentence):
            return self.sentence(text.template, text.arguments, text.many, text.number)
        if isinstance(text, Joined):
            return text.by.join(map(self.written, text.parts))
        if isinstance(text, Capital):
            return as_opening(self.written(text.clause))
        return self.midway(self.written(text.name)) if isinstance(text, Midway) else str.__str__(text)

    def template(self, one: str, many: str, number: float) -> str:
        """Return the words for a template, of ``one`` or, where ``many`` isn't empty, of as many as ``number``."""
        return many if many and number != 1 else one

    def figure(self, figure: Figure) -> str:
        return str.__str__(figure)

    def midway(self, name: str) -> str:
        """Return a name that is written in this language already for the middle of a sentence."""
        return as_midway(name)

    def behind_of(self, plural: str) -> str:
        """Return what is counted as it stands behind "of": "5 of 12 calls"."""
        return self.written(plural)

    def bare_number(self, value: Argument) -> str:
        return as_english(value)


@dataclass(frozen=True)
class English(Language):
    """In which every text stands in the source, so that whatever remembers how it was made is written already."""

    def sentence(self, template: str, arguments: Mapping[str, Argument], many: str = "", number: float = 1) -> str:
        words = self.template(template, many, number)
        if "{" not in words:
            return words
        return words.format(**{name: self.written(value) for name, value in arguments.items()})

    def written(self, value: Argument) -> str:
        return str.__str__(value) if isinstance(value, str) else as_english(value)


@dataclass(frozen=True)
class Translated(Language):
    """A language with a catalogue of its own, ``<code>.po``, read when it is first needed.

    What the catalogue doesn't hold is said in English.
    """

    def sentence(self, template: str, arguments: Mapping[str, Argument], many: str = "", number: float = 1) -> str:
        shown = {name: self.written(value) for name, value in arguments.items()}
        words = self.template(template, many, number)
        for name, value in shown.items():
            if value.endswith("."):  # such as "3. Okt.", whose point also ends the sentence
                words = words.replace(f"{{{name}}}.", f"{{{name}}}")
        return words.format(**shown)

    def template(self, one: str, many: str, number: float) -> str:
        if not many:
            return self.catalogue.gettext(one)
        return self.catalogue.ngettext(one, many, _countable(number))

    def figure(self, figure: Figure) -> str:
        writer = WRITERS.get(figure.kind)
        values = (self.written(value) if isinstance(value, Said) else value for value in figure.values)
        written = str.__str__(figure) if writer is None else writer(self.locale, *values)
        return " ".join(written.split())  # Babel's blanks don't break; ours all do, so that a text can be found

    def bare_number(self, value: Argument) -> str:
        return _decimal(self.locale, value, 6) if isinstance(value, float) else str(value)

    @cached_property
    def locale(self) -> Locale:
        return Locale(self.code)

    @cached_property
    def catalogue(self) -> NullTranslations:
        with (FOLDER / f"{self.code}.po").open("rb") as file:
            catalogue = read_po(file, locale=self.code)
        compiled = BytesIO()
        write_mo(compiled, catalogue)  # in memory: gettext knows how each language counts, from this form of it
        compiled.seek(0)
        return GNUTranslations(compiled)


@dataclass(frozen=True)
class German(Translated):
    """German, where a name keeps its capital after a colon, and what is counted has a case behind "von"."""

    def midway(self, name: str) -> str:
        return name

    def behind_of(self, plural: str) -> str:
        written = self.written(plural)
        if not isinstance(plural, Said) or written.endswith(("n", "s")):
            return written  # a company's own word, whose language nobody knows, or one that stays as it is
        return f"{written}n"


def _countable(number: float) -> int:
    """Return a whole number that is counted as ``number`` is: two and a half calls are several."""
    return int(number) if number == int(number) else math.ceil(abs(number)) + 1


def _decimal(locale: Locale, value: float, digits: int, least: int = 0, sign: str = "") -> str:
    pattern = f"#,##0.{'0' * least}{'#' * (digits - least)}".removesuffix(".")
    return format_decimal(value, f"{sign}{pattern};-{pattern}", locale=locale)


def _money(locale: Locale, amount: float, currency: str) -> str:
    if abs(amount) >= MILLION:
        return format_compact_currency(amount, currency.upper(), locale=locale, fraction_digits=1)
    pattern = locale.currency_formats["standard"].pattern.replace(".00", "")
    return format_currency(amount, currency.upper(), pattern, locale=locale, currency_digits=False)


def _day(skeleton: str) -> Callable[[Locale, str], str]:
    return lambda locale, iso: format_skeleton(skeleton, date.fromisoformat(iso), locale=locale)


def _month_name(locale: Locale, iso: str) -> str:
    return format_date(date.fromisoformat(iso), "LLLL", locale=locale)


def _stamp(locale: Locale, iso: str) -> str:
    day, _, time = iso.partition("T")
    return f"{format_date(date.fromisoformat(day), 'medium', locale=locale)}, {time}"


def _weekday(locale: Locale, iso: str) -> str:
    return format_date(date.fromisoformat(iso), "EEEE", locale=locale)


def _units(locale: Locale, value: float, noun: str) -> str:
    return f"{_decimal(locale, value, 6)} {noun}"


WRITERS: dict[str, Callable[..., str]] = {
    "money": _money,
    "number": _decimal,
    "fixed": lambda locale, value, digits: _decimal(locale, value, digits, digits),
    "signed": lambda locale, value, digits: _decimal(locale, value, digits, digits, "+"),
    "percent": lambda locale, hundredths: format_percent(hundredths / 100, locale=locale),
    "times": lambda locale, multiple: f"{_decimal(locale, multiple, 1, 1)}x",
    "day": _day("MMMMd"),
    "short_day": _day("MMMEd"),
    "bare_day": _day("MMMd"),
    "dated_day": _day("yMMMEd"),
    "month": _day("yMMMM"),
    "month_name": _month_name,
    "day_of_year": _day("yMMMd"),
    "stamp": _stamp,
    "weekday": _weekday,
    "units": _units,
    "counted": _units,
}
"""How each kind of figure that bot.coaching.wording makes is written."""

ENGLISH = English("en")
GERMAN = German("de")
LANGUAGES: tuple[Language, ...] = (ENGLISH, GERMAN)


def called(name: str) -> tuple[str, ...]:
    """Return what a name of ours is called in every language that is offered; any other alone."""
    if not isinstance(name, Said):
        return (name,)
    return tuple(dict.fromkeys(language.written(name) for language in LANGUAGES if language.offered))


@lru_cache(maxsize=256)
def language_of(locale: str) -> Language:
    """Return the offered language of a Slack locale such as "de-DE"; English where there is none."""
    code = locale.replace("_", "-").partition("-")[0].lower()
    return next((language for language in LANGUAGES if language.offered and language.code == code), ENGLISH)
