"""Which days are public holidays where a person lives."""

from datetime import date

import holidays
import pytest

from bot.calendars.public_holidays import holidays_of, known_country
from bot.errors import UserError


@pytest.mark.parametrize("code", ["US", "US-CA", "DE-BY", "GB-SCT", "PH", "JO"])
def test_a_country_with_or_without_a_subdivision_is_known(code: str) -> None:
    assert known_country(code)
    assert holidays_of(code, [2026])


@pytest.mark.parametrize("code", ["", "us", "XX", "US-", "US-XX", "DE-California", "United States", "-CA", "US-CA-LA"])
def test_anything_else_is_not_a_country(code: str) -> None:
    assert not known_country(code)


def test_an_unknown_country_is_refused_with_a_remedy() -> None:
    with pytest.raises(UserError, match="ISO country such as US"):
        holidays_of("XX", [2026])


def test_without_a_country_there_are_no_holidays() -> None:
    assert holidays_of(None, [2026]) == frozenset()


def test_a_subdivision_adds_its_own() -> None:
    assert date(2026, 3, 31) in holidays_of("US-CA", [2026]), "Cesar Chavez Day"
    assert date(2026, 3, 31) not in holidays_of("US", [2026])


def test_a_holiday_at_the_weekend_is_also_off_on_the_day_observed() -> None:
    assert date(2026, 7, 3) in holidays_of("US", [2026])


def test_years_come_whole_and_in_any_order() -> None:
    both = holidays_of("DE-BY", [2027, 2026])
    assert both == holidays_of("DE-BY", range(2026, 2028))
    assert {date(2026, 1, 1), date(2027, 12, 26)} <= both


def test_the_library_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = holidays_of("NZ", [2031])
    monkeypatch.delattr(holidays, "country_holidays")
    assert holidays_of("NZ", range(2031, 2032)) is first
