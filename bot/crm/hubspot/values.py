"""HubSpot's property values, which are text or null whatever they mean, as ours."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.coaching.said import say
from bot.services.source import Need, Problem
from bot.services.source_errors import Fault, SourceError
from bot.vendors.misread import no_instant, no_number
from bot.vendors.shape import Shape

LARGEST = 1e15


class Properties:
    """The properties of one record. What can't be read is unknown, and a problem in ``problems``."""

    def __init__(self, record: Shape, need: Need, problems: list[Problem]) -> None:
        """Raises SourceError where the record has no id or no properties: the shape is another then."""
        self.id = record.text("id")
        self._values = record.inner("properties")
        self._need = need
        self._problems = problems

    def text(self, name: str) -> str:
        """Return a text on one line, "" where there is none."""
        return " ".join((self._values.maybe_text(name) or "").split())

    def flag(self, name: str) -> bool:
        return self.text(name).lower() == "true"

    def amount(self, name: str) -> float | None:
        """Return a number, None where there is none."""
        text = self.text(name)
        if not text:
            return None
        with self._noted(name, text, no_number):
            number = float(text)
            if math.isfinite(number) and abs(number) < LARGEST:
                return number
            raise ValueError(text)
        return None

    def instant(self, name: str) -> datetime | None:
        """Return an instant in UTC, written as ISO or in milliseconds; None where there is none."""
        text = self.text(name)
        if not text:
            return None
        with self._noted(name, text, no_instant):
            return instant(text)
        return None

    def day(self, name: str, zone: ZoneInfo) -> date | None:
        at = self.instant(name)
        return None if at is None else at.astimezone(zone).date()

    def last_day(self, name: str, zone: ZoneInfo) -> date | None:
        """Return the day that an end belongs to: midnight ends the day before it."""
        at = self.instant(name)
        return None if at is None else (at - timedelta(milliseconds=1)).astimezone(zone).date()

    def refuse(self, name: str, words: str) -> None:
        """Note that the record means nothing without this property."""
        self._problems.append(Problem(self._need, self.id, name, words, refused=True))

    @contextmanager
    def _noted(self, name: str, text: str, misread: Callable[[str], str]) -> Iterator[None]:
        try:
            yield
        except (ValueError, OverflowError, OSError):
            shown = text if len(text) <= 40 else f"{text[:40]}…"  # noqa: PLR2004 - the width of a line
            self._problems.append(Problem(self._need, self.id, name, misread(shown)))


def instant(text: str) -> datetime:
    """Raises ValueError for what is no instant, OverflowError or OSError for one beyond the calendar."""
    if text.lstrip("-").isdigit():
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def needed_instant(record: Shape, name: str) -> datetime:
    """Return an instant that every record has. Raises SourceError where it can't be read."""
    try:
        return instant(record.text(name))
    except (ValueError, OverflowError, OSError) as error:
        words = say("HubSpot's {field} isn't an instant. Nothing of it was taken in.", field=name)
        raise SourceError(Fault.ANSWER, words) from error


def milliseconds(at: datetime) -> int:
    """Return the instant as HubSpot's searches want it; rounded down."""
    return math.floor(at.timestamp() * 1000)
