"""The sandbox's own time: it runs, it can be moved forward, and the bot says what it waits for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NEVER_POLLED = 0
FRESH_AFTER_POLLS = 2  # the first poll after a move may have left the bot before it knew of the move


class ClockRefusedError(ValueError):
    """The clock was asked for something it can't do; ``str(error)`` says why."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the bot last said of itself: when it is next due (aware, UTC, None for nothing) and whether it rests."""

    next_due: datetime | None
    idle: bool


@dataclass(frozen=True, slots=True)
class Coming:
    """One thing the bot will do at ``at`` (aware, UTC), for the people in ``who``, in words a person reads."""

    at: datetime
    who: tuple[str, ...]
    what: str


class SandboxClock:
    """An instant that advances ``speed`` seconds a real second from where it was last set."""

    def __init__(self, now: datetime, *, speed: float = 1.0) -> None:
        self._require_aware(now)
        self._base = now.astimezone(UTC)
        self._anchor = time.monotonic()
        self._speed = speed
        self._polls = NEVER_POLLED
        self._report = Report(None, idle=False)
        self._coming: tuple[Coming, ...] = ()
        self._listeners: list[Callable[[], None]] = []
        self.version = 0

    def now(self) -> datetime:
        """Return the sandbox's instant, aware, in UTC."""
        return self._base + timedelta(seconds=(time.monotonic() - self._anchor) * self._speed)

    @property
    def speed(self) -> float:
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        if speed < 0:
            raise ClockRefusedError("A clock can't run backwards: speed must be 0 or more.")
        self._rebase(self.now())
        self._speed = speed
        self.touch()

    def set(self, instant: datetime) -> None:
        """Move to ``instant`` (aware). Raises ClockRefusedError when that would be backwards."""
        self._require_aware(instant)
        if instant < self.now():
            raise ClockRefusedError(f"A clock never goes back: it is {self.now().isoformat()} already.")
        self._rebase(instant.astimezone(UTC))
        self.touch()

    def move_to_next_for(self, user: str) -> None:
        """Move to the next thing that concerns the person. Raises ClockRefusedError when nothing is announced."""
        event = self.next_for(user)
        if event is None:
            raise ClockRefusedError("Nothing is coming for this person yet.")
        self._move_up_to(event.at)

    def next_for(self, user: str | None = None) -> Coming | None:
        """Return what is announced next for the person, or for anybody; None when nothing is."""
        return next((one for one in self._coming if user is None or user in one.who), None)

    def announce(self, events: Iterable[Coming]) -> None:
        """Take down what the bot says is coming; replaces what it said before."""
        self._coming = tuple(sorted(events, key=lambda one: one.at))
        self._tell()

    def move_to_next_due(self) -> None:
        """Move to the instant the bot reported as next due; stay when that instant has passed."""
        if self._report.next_due is None:
            raise ClockRefusedError(
                "The bot has not said what it waits for: nothing is planned, or it is not connected."
            )
        self._move_up_to(self._report.next_due)

    @property
    def next_due(self) -> datetime | None:
        return self._report.next_due

    @property
    def idle(self) -> bool:
        """Whether the bot has said it rests, knowing of the last move and of the last act of a person."""
        return self._report.idle and self._polls >= FRESH_AFTER_POLLS

    def report(self, next_due: datetime | None, *, idle: bool) -> None:
        """Take down what the bot says of itself."""
        self._polls += 1
        before = self._report
        self._report = Report(next_due, idle)
        if before != self._report or self._polls == FRESH_AFTER_POLLS:
            self._tell()

    def touch(self) -> None:
        """Say that something happened which the bot may have to work on: its last report is stale."""
        self._polls = NEVER_POLLED
        self.version += 1
        self._tell()

    def subscribe(self, listener: Callable[[], None]) -> None:
        self._listeners.append(listener)

    async def changed_since(self, version: int, *, within: float) -> None:
        """Return when the clock was moved since ``version``, or after ``within`` real seconds."""
        if self.version != version:
            return
        waker = asyncio.Event()
        self._listeners.append(waker.set)
        try:
            async with asyncio.timeout(within):
                while self.version == version:
                    waker.clear()
                    await waker.wait()
        except TimeoutError:
            return
        finally:
            self._listeners.remove(waker.set)

    async def until_idle(self, *, within: float) -> None:
        """Return when the bot rests. Raises TimeoutError after ``within`` real seconds."""
        waker = asyncio.Event()
        self._listeners.append(waker.set)
        try:
            async with asyncio.timeout(within):
                while not self.idle:
                    waker.clear()
                    await waker.wait()
        finally:
            self._listeners.remove(waker.set)

    def _move_up_to(self, instant: datetime) -> None:
        """Stay when ``instant`` has passed: the clock runs, so it may have passed while this was asked for."""
        now = self.now()
        self._rebase(max(now, instant))
        self.touch()

    def _rebase(self, instant: datetime) -> None:
        self._base = instant
        self._anchor = time.monotonic()

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    @staticmethod
    def _require_aware(instant: datetime) -> None:
        if instant.tzinfo is None:
            raise ClockRefusedError("An instant needs its zone: 2017-10-05T09:00:00Z, not 2017-10-05T09:00:00.")
