"""How fast Slack may be asked, per method and per channel (platform facts, section 3.1)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType

PER_MINUTE: Mapping[str, float] = MappingProxyType(
    {
        "chat.postMessage": 300,  # "several hundred per minute" for a workspace
        "chat.update": 50,
        "conversations.open": 50,
        "conversations.history": 50,
        "views.publish": 100,
        "files.getUploadURLExternal": 100,
    },
)
MINUTE = 61.0
"""Seconds over which a minute's calls are spread: on the way to Slack some come closer together."""
CHANNEL_SECONDS = 1.25
"""Between two posts to a channel, which may have one a second: on the way they come closer together."""
FORGET_ABOVE = 5_000


def burst(per_minute: float) -> int:
    """Return how many calls may go at once after a rest, above the one that may always go.

    They are taken off the rate, so that a minute with a burst in it has no more calls than any other.
    """
    return int(max(per_minute / 30, min(5, per_minute / 10)))


class Pace:
    """Books moments for calls, on a monotonic clock in seconds. ``hold`` is obeyed even when pacing is off.

    No minute has more calls of a method than its rate, wherever the minute begins.
    """

    def __init__(
        self,
        per_minute: Mapping[str, float] = PER_MINUTE,
        *,
        channel_interval: float = CHANNEL_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._interval = {method: MINUTE / (rate - burst(rate)) for method, rate in per_minute.items()}
        self._ahead = {method: burst(rate) * self._interval[method] for method, rate in per_minute.items()}
        self._channel_interval = channel_interval
        self._now = now
        self._arrival: dict[str, float] = {}
        self._channel_free: dict[str, float] = {}
        self._held_until: dict[str, float] = {}

    @classmethod
    def off(cls, now: Callable[[], float] = time.monotonic) -> Pace:
        """Return a pace without budgets, for the sandbox."""
        return cls({}, channel_interval=0, now=now)

    def reserve(self, method: str, channel: str | None = None, *, patience: float = float("inf")) -> float:
        """Return how many seconds to wait before the call. The moment is booked unless that exceeds ``patience``."""
        now = self._now()
        interval = self._interval.get(method, 0.0)
        arrival = max(self._arrival.get(method, now), now)
        slot = max(now, arrival - self._ahead.get(method, 0.0), self._held_until.get(method, now))
        # Who waits for a channel keeps nobody else waiting: only the slot counts against the method.
        start = slot if channel is None else max(slot, self._channel_free.get(channel, now))
        if start - now <= patience:
            self._arrival[method] = max(arrival, slot) + interval
            if channel is not None and self._channel_interval:
                self._book(channel, start, now)
        return start - now

    def hold(self, method: str, seconds: float) -> None:
        """Slack asked for a rest: nothing goes to ``method`` for so long."""
        self._held_until[method] = max(self._held_until.get(method, 0.0), self._now() + seconds)

    def is_held(self, method: str) -> bool:
        """Whether that rest still lasts: what was booked before it began has to be booked anew."""
        return self._held_until.get(method, 0.0) > self._now()

    def queue(self, method: str, *, within: float) -> int | None:
        """Return how many may wait for ``method`` at a time so that the last has its turn within so many seconds.

        One always may, but none while Slack's rest lasts longer; None is without limit.
        """
        if self._held_until.get(method, 0.0) - self._now() > within:
            return 0
        interval = self._interval.get(method)
        return None if interval is None else 1 + int(within / interval)

    def _book(self, channel: str, start: float, now: float) -> None:
        if len(self._channel_free) > FORGET_ABOVE:
            self._channel_free = {name: free for name, free in self._channel_free.items() if free > now}
        self._channel_free[channel] = start + self._channel_interval
