"""Public holidays by country, from the library `holidays`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache

import holidays

from bot.coaching.said import say
from bot.errors import UserError


def known_country(code: str) -> bool:
    """Return whether holidays are known for an ISO 3166 country ("US") or one with a subdivision ("US-CA", "DE-BY")."""
    country, dash, subdivision = code.partition("-")
    known = _known()
    return country in known and (not dash or subdivision in known[country])


def holidays_of(country: str | None, years: Iterable[int]) -> frozenset[date]:
    """Return the public holidays of whole years, with the days observed instead; none where no country is given.

    Raises UserError for a country that isn't known; imports and settings refuse those before.
    """
    return _holidays(country, tuple(sorted(set(years)))) if country else frozenset()


@lru_cache(maxsize=256)
def _holidays(code: str, years: tuple[int, ...]) -> frozenset[date]:
    if not known_country(code):
        raise UserError(
            say(
                "The holidays of {code} aren't known: write an ISO country such as US, US-CA or DE-BY.",
                code=f"{code!r}",
            )
        )
    country, _, subdivision = code.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=years))


@cache
def _known() -> dict[str, list[str]]:
    # No aliases: "US-California" must not be a second spelling of "US-CA".
    return holidays.list_supported_countries(include_aliases=False)
