"""The only place that asks what time it is."""

from __future__ import annotations

import ipaddress
import math
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from bot.errors import ConfigurationError


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ManualClock:
    """Stands still at ``start`` (aware) until it is moved, and never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = _aware(start)

    def now(self) -> datetime:
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Move to ``moment`` (aware). Raises ValueError when that is earlier."""
        later = _aware(moment)
        if later < self._now:
            raise ValueError(f"a clock never goes back: it is {self._now.isoformat()} already")
        self._now = later


class SpedClock:
    """Starts at ``start`` (aware) and runs ``speed`` seconds a real second, for staging.

    Raises ConfigurationError for a speed at which nothing would ever, or everything would at once, be due.
    """

    def __init__(self, start: datetime, speed: float) -> None:
        if not 0 < speed < math.inf:
            raise ConfigurationError("--speed must be a number above 0: seconds of the clock per real second.")
        self._start = _aware(start)
        self._speed = speed
        self._anchor = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(time.monotonic() - self._anchor) * self._speed)


def is_loopback(url: str) -> bool:
    """Return whether a URL leads to this machine and nowhere else: localhost, 127.0.0.0/8 or [::1]."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:  # neither an address nor a URL that can be read
        return False


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return moment.astimezone(UTC)
