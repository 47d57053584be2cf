"""People say when they are away as they write days; what could mean two things, or nothing, is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coaching import wording
from bot.errors import BadInputError
from bot.services.away_words import Away, away
from bot.views.languages import GERMAN
from bot.views.speaking import shown, speaking

TODAY = date(2026, 11, 25)  # a Wednesday
THIRD_TO_TWELFTH = Away(date(2026, 12, 3), date(2026, 12, 12))


@pytest.mark.parametrize(
    "words",
    [
        "3 Dec - 12 Dec",
        "3-12 Dec",
        "Dec 3-12",
        "Dec 3 to Dec 12",
        "from december 3rd until the 12th",
        "off 3 dec – 12 dec 2026",  # noqa: RUF001 - people type dashes
        "3.12. - 12.12.",
        "3.12.-12.12.2026",
        "2026-12-03 - 2026-12-12",
        "2026-12-03 to 12 dec",
        "vom 3. Dezember bis 12. Dezember",
        "3. Dez. - 12. Dez.",
        "vom 3. bis zum 12. Dezember",
        "3.-12. Dez",
        "3.12.26 bis 12.12.26",
        "Urlaub von Donnerstag, 3. Dezember, bis Samstag, den 12. Dezember",
        "Do. 3.12. - Sa. 12.12.",
        "Thursday, December 3rd to Saturday, December 12th",
        "ab 3. Dezember 10 Tage",
        "bin zwischen 3. und 12. Dezember nicht da",
        "3 Dec 2026 .. 12 Dec 2026",
        "10 days from 3 Dec",
    ],
)
def test_a_first_and_a_last_day_are_read_in_many_spellings(words: str) -> None:
    assert away(words, TODAY) == THIRD_TO_TWELFTH


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("today", (11, 25), (11, 25)),
        ("sick tomorrow", (11, 26), (11, 26)),
        ("until Friday", (11, 25), (11, 27)),
        ("this week", (11, 25), (11, 29)),
        ("next week", (11, 30), (12, 6)),
        ("wed", (11, 25), (11, 25)),
        ("next Monday to Wednesday", (11, 30), (12, 2)),
        ("for 3 days", (11, 25), (11, 27)),
        ("two weeks from tomorrow", (11, 26), (12, 9)),
        ("3 Dec", (12, 3), (12, 3)),
        ("13/12 - 15/12", (12, 13), (12, 15)),
        ("heute", (11, 25), (11, 25)),
        ("morgen krank", (11, 26), (11, 26)),
        ("übermorgen", (11, 27), (11, 27)),
        ("the day after tomorrow", (11, 27), (11, 27)),
        ("bis Freitag", (11, 25), (11, 27)),
        ("bis einschließlich übermorgen", (11, 25), (11, 27)),
        ("diese Woche", (11, 25), (11, 29)),
        ("nächste Woche", (11, 30), (12, 6)),
        ("in der übernächsten Woche", (12, 7), (12, 13)),
        ("Mittwoch", (11, 25), (11, 25)),
        ("am Sonnabend", (11, 28), (11, 28)),
        ("nächsten Montag bis Mittwoch", (11, 30), (12, 2)),
        ("kommenden Montag", (11, 30), (11, 30)),
        ("Mo-Mi", (11, 30), (12, 2)),
        ("Mo. bis Mi.", (11, 30), (12, 2)),
        ("drei Tage", (11, 25), (11, 27)),
        ("ab morgen zwei Wochen", (11, 26), (12, 9)),
        ("ab morgen für eine Woche", (11, 26), (12, 2)),
        ("in zwei Wochen", (12, 9), (12, 9)),
        ("in two weeks for 3 days", (12, 9), (12, 11)),
        ("Dienstag in einer Woche", (12, 8), (12, 8)),
        ("übernächsten Montag", (12, 7), (12, 7)),
        ("nächste Woche Mittwoch", (12, 2), (12, 2)),
        ("nächste Woche Mittwoch bis Freitag", (12, 2), (12, 4)),
        ("von Montag bis Mittwoch nächster Woche", (11, 30), (12, 2)),
        ("Do und Fr", (11, 26), (11, 27)),
        ("naechsten Do", (12, 3), (12, 3)),
        ("bis Ende der Woche", (11, 25), (11, 27)),
        ("until the end of the month", (11, 25), (11, 30)),
        ("bis Monatsende", (11, 25), (11, 30)),
        ("am Wochenende", (11, 28), (11, 29)),
        ("next weekend", (12, 5), (12, 6)),
        ("over the weekend", (11, 28), (11, 29)),
        ("den ganzen Dezember", (12, 1), (12, 31)),
        ("this month", (11, 25), (11, 30)),
        ("nächsten Monat", (12, 1), (12, 31)),
        ("über Weihnachten", (12, 24), (12, 26)),
        ("zwischen den Jahren", (12, 27), (12, 31)),
        ("7./8.12.", (12, 7), (12, 8)),
        ("Dienstreise am 3ten Dezember", (12, 3), (12, 3)),
        ("ab sofort vierzehn Tage", (11, 25), (12, 8)),
        ("24.12. bis einschl. 31.12.", (12, 24), (12, 31)),
        ("20 Nov - 30 Nov", (11, 20), (11, 30)),  # it goes on today
    ],
)
def test_words_and_single_days_are_read_as_people_mean_them(
    words: str, first: tuple[int, int], last: tuple[int, int]
) -> None:
    assert away(words, TODAY) == Away(date(2026, *first), date(2026, *last))


def test_the_month_of_may_is_one() -> None:
    assert away("in May", date(2026, 3, 2)) == Away(date(2026, 5, 1), date(2026, 5, 31))
    assert away("bis Ende Mai", date(2026, 5, 4)) == Away(date(2026, 5, 4), date(2026, 5, 31))
    assert away("until the end of May", date(2026, 5, 4)) == Away(date(2026, 5, 4), date(2026, 5, 31))


def test_a_day_that_is_over_this_year_is_next_years() -> None:
    assert away("28 Dec - 5 Jan", TODAY) == Away(date(2026, 12, 28), date(2027, 1, 5))
    assert away("28 Dec - 5 Jan", date(2027, 1, 2)) == Away(date(2026, 12, 28), date(2027, 1, 5)), "it goes on"
    assert away("3. Jänner", TODAY) == Away(date(2027, 1, 3), date(2027, 1, 3))
    assert away("2 Mar to 4 Mar", TODAY) == Away(date(2027, 3, 2), date(2027, 3, 4))


def test_a_reason_is_kept_apart_from_the_days() -> None:
    assert away("3 Dec because of my sister's wedding on 4 Dec", TODAY).reason == "of my sister's wedding on 4 Dec"
    assert away("3. Dez. wegen Umzug", TODAY) == Away(date(2026, 12, 3), date(2026, 12, 3), "Umzug")
    assert away("morgen, weil meine Schwester heiratet", TODAY).reason == "weil meine Schwester heiratet"
    assert away("3. Dez. (Arzt)", TODAY) == Away(date(2026, 12, 3), date(2026, 12, 3), "Arzt")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Say when"),
        ("in a while", "can't read 'a while'"),
        ("nächsten Dienstag um halb drei", "can't read 'um halb drei'"),
        ("12/3 - 12/12", "can be two days"),
        ("24th", "month too"),
        ("am 24.", "month too"),
        ("so bald wie möglich", "can't read"),
        ("12 Dec - 3 Dec", "before it begins"),
        ("30 Feb", "no day 30"),
        ("1 Nov 2025", "1 November 2025 is over"),
        ("3 Dec 5 Dec 7 Dec", "one leave at a time"),
        ("3 Dec 2026 - 5 Dec 2028", "up to a year"),
        ("99 weeks", "up to a year"),
        ("31.13.", "no day 31"),
    ],
)
def test_what_names_no_days_is_refused_with_how_to_write_it(words: str, said: str) -> None:
    with pytest.raises(BadInputError, match=said) as refused:
        away(words, TODAY)
    assert "/1on1 away 3 Dec - 12 Dec" in str(refused.value)
    with speaking(GERMAN):
        assert "/1on1 away 3. Dez. - 12. Dez." in shown(str(refused.value))


@given(today=st.dates(date(2020, 1, 1), date(2035, 1, 1)), ahead=st.integers(0, 364), days=st.integers(0, 300))
def test_days_with_their_year_come_back_as_written(today: date, ahead: int, days: int) -> None:
    first = today + timedelta(days=ahead)
    last = first + timedelta(days=days)
    for words in (
        f"{first.isoformat()} - {last.isoformat()}",
        f"{first:%d %B %Y} to {last:%d %B %Y}",
        f"{first:%d.%m.%Y}-{last:%d.%m.%Y}",
        f"{first:%d.%m.%y} bis {last:%d.%m.%y}",
        f"{GERMAN.written(wording.dated_day(first))} - {GERMAN.written(wording.dated_day(last))}",
        f"vom {GERMAN.written(wording.day(first))} {first.year} bis {GERMAN.written(wording.day(last))} {last.year}",
    ):
        assert away(words, today) == Away(first, last)


@given(today=st.dates(date(2020, 1, 1), date(2035, 1, 1)), ahead=st.integers(0, 364), days=st.integers(0, 300))
def test_days_without_a_year_are_the_next_there_are(today: date, ahead: int, days: int) -> None:
    first = today + timedelta(days=ahead)
    last = first + timedelta(days=days)
    if (last - today).days < 365:
        assert away(f"{first:%b %d} until {last:%b %d}", today) == Away(first, last)


@pytest.mark.parametrize(
    ("words", "today", "first", "last"),
    [
        ("Nov 1 until Feb 29", date(2023, 11, 1), date(2023, 11, 1), date(2024, 2, 29)),
        ("Feb 29 until Jan 5", date(2024, 12, 20), date(2024, 2, 29), date(2025, 1, 5)),
        ("20 Feb - 29 Feb", date(2023, 11, 1), date(2024, 2, 20), date(2024, 2, 29)),
        ("until Feb 29", date(2023, 11, 1), date(2023, 11, 1), date(2024, 2, 29)),
        ("29 Feb - 5 Jan 2025", date(2024, 12, 20), date(2024, 2, 29), date(2025, 1, 5)),
    ],
)
def test_a_29_february_is_that_of_the_year_that_has_one(words: str, today: date, first: date, last: date) -> None:
    assert away(words, today) == Away(first, last)


@pytest.mark.parametrize("words", ["20 Feb - 29 Feb", "until 29 Feb", "1 Apr - 31 Apr", "31.11.", "29 Feb 2027"])
def test_a_day_that_no_year_near_has_is_refused(words: str) -> None:
    with pytest.raises(BadInputError, match=r"There is no day \d+ in that month"):
        away(words, TODAY)


@given(words=st.text(max_size=60), today=st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_any_text_is_read_or_refused(words: str, today: date) -> None:
    try:
        found = away(words, today)
    except BadInputError:
        return
    assert today <= found.last
    assert found.first <= found.last
