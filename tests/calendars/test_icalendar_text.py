"""What calendars read: valid iCalendar, the same bytes for the same 1:1s, and one entry however often it moves."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.calendars.icalendar_text import feed_text, file_text
from bot.services.calendar_feeds import CalendarEntry

MADE = datetime(2017, 10, 2, 13, 0, 5, tzinfo=UTC)
START = datetime(2017, 10, 10, 14, tzinfo=UTC)
ENTRY = CalendarEntry("m-1@cadence", "Mara Quinn", START, "America/New_York", 30, 0, MADE, cancelled=False)
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1).filter(str.strip)


def entry(**changes: Any) -> CalendarEntry:
    return replace(ENTRY, **changes)


def read(text: bytes) -> Calendar:
    return Calendar.from_ical(text)


def test_a_feed_says_when_and_with_whom_and_nothing_else() -> None:
    (event,) = read(feed_text([ENTRY], "feed")).events
    assert (event.uid, event.start, event.end) == (ENTRY.uid, ENTRY.starts_at, ENTRY.starts_at + timedelta(minutes=30))
    assert event["SUMMARY"] == "1:1 with Mara Quinn"
    assert set(event) == {
        "UID", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS", "TRANSP"
    }  # fmt: skip


def test_instants_are_written_in_utc_which_every_calendar_reads() -> None:
    assert b"DTSTART:20171010T140000Z\r\n" in feed_text([ENTRY], "feed")


def test_the_same_meetings_are_the_same_bytes_so_that_nothing_is_fetched_twice() -> None:
    assert feed_text([ENTRY], "feed") == feed_text([entry()], "feed")


def test_a_calendar_is_asked_to_look_every_hour_as_the_standard_wants_it_said() -> None:
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in feed_text([], "feed")
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in feed_text([], "feed")


def test_a_cancelled_one_is_free_time_and_stays_in_the_feed_as_cancelled() -> None:
    (event,) = read(feed_text([entry(cancelled=True, sequence=3)], "feed")).events
    assert (event["STATUS"], event["TRANSP"], event["SEQUENCE"]) == ("CANCELLED", "TRANSPARENT", 3)


def test_the_file_of_a_cancelled_one_takes_it_out_of_the_calendar() -> None:
    assert read(file_text(entry(cancelled=True)))["METHOD"] == "CANCEL"
    assert read(file_text(ENTRY))["METHOD"] == "PUBLISH"


def summary(feed: bytes) -> str:
    """Return the title by RFC 5545, 3.1 and 3.3.11: the library reads a backslash before an N as a new line."""
    (line,) = re.findall(r"^SUMMARY:(.*)$", feed.replace(b"\r\n ", b"").decode().replace("\r\n", "\n"), re.MULTILINE)
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], line)


@given(name=NAMES)
@example("\\N").via("the library wrote a new line")
@example("\\n; a\\, b\\")
def test_any_name_comes_back_as_it_was(name: str) -> None:
    assert summary(feed_text([entry(other=name)], "feed")) == f"1:1 with {name}"


def test_a_name_on_two_lines_stays_on_two() -> None:
    assert summary(feed_text([entry(other="Mara\r\nQuinn")], "feed")) == "1:1 with Mara\nQuinn"


@given(name=NAMES)
def test_no_line_is_longer_than_75_bytes(name: str) -> None:
    assert max(map(len, feed_text([entry(other=name)], "feed").split(b"\r\n"))) <= 75
