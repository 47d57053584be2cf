"""1:1s as iCalendar text, for the feed that calendars look at and for the file of one 1:1 (RFC 5545, 5546, 7986).

Both are in the language that views speak, which is their owner's.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from icalendar import Calendar, Event
from icalendar.enums import STATUS, TRANSP
from icalendar.prop import vDuration, vText

from bot.services.calendar_feeds import CalendarEntry
from bot.views.speaking import tr

PRODUCT = "-//Cadence//1:1s//EN"  # no words: which program wrote it
LOOK_EVERY = timedelta(hours=1)
"""What calendars are asked for; most look every few hours, and some once a day."""


class _Words(vText):
    """A text by RFC 5545, 3.3.11: the library would write a backslash and an N that somebody typed as a new line."""

    def to_ical(self) -> bytes:
        escaped = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n").encode()


def feed_text(entries: Iterable[CalendarEntry], uid: str) -> bytes:
    """Return a calendar to subscribe to. The same entries give the same bytes."""
    calendar = Calendar.new(
        method="PUBLISH",
        name=tr("My 1:1s"),
        prodid=PRODUCT,
        uid=uid,
        refresh_interval=LOOK_EVERY,
        subcomponents=_events(entries),
    )
    calendar["REFRESH-INTERVAL"].params["VALUE"] = "DURATION"  # RFC 7986 wants it said; the library leaves it out
    calendar.add("X-PUBLISHED-TTL", vDuration(LOOK_EVERY))  # the same for Outlook
    return _text(calendar)


def file_text(entry: CalendarEntry) -> bytes:
    """Return the file of one 1:1, which any calendar takes in; opened again after a change it moves the same entry."""
    method = "CANCEL" if entry.cancelled else "PUBLISH"
    return _text(Calendar.new(method=method, prodid=PRODUCT, uid=entry.uid, subcomponents=_events([entry])))


def _text(calendar: Calendar) -> bytes:
    text: bytes = calendar.to_ical()
    return text


def _events(entries: Iterable[CalendarEntry]) -> list[Event]:
    return [
        Event.new(
            uid=entry.uid,
            stamp=entry.changed_at,
            last_modified=entry.changed_at,
            start=entry.starts_at,
            end=entry.starts_at + timedelta(minutes=entry.minutes),
            summary=_Words(tr("1:1 with {other}", other=entry.other)),
            sequence=entry.sequence,
            status=STATUS.CANCELLED if entry.cancelled else STATUS.CONFIRMED,
            transparency=TRANSP.TRANSPARENT if entry.cancelled else TRANSP.OPAQUE,
        )
        for entry in entries
    ]
