"""A bot process's fate: the point at which it is killed or frozen, and a record of the points it passed."""

from __future__ import annotations

import mmap
import os
import signal
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

KILL, FREEZE = "kill", "freeze"
_SIGNALS = {KILL: signal.SIGKILL, FREEZE: signal.SIGSTOP}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

activity: ContextVar[str] = ContextVar("activity", default="start")
"""What the present task works on, the first half of a point's name."""


@contextmanager
def doing(what: str) -> Iterator[None]:
    token = activity.set(what)
    try:
        yield
    finally:
        activity.reset(token)


@dataclass(slots=True)
class Fate:
    """``what`` happens at the ``passes``-th pass of any of the ``points``. Notes go to a log that outlives it."""

    log: int
    what: str = KILL
    points: frozenset[str] = frozenset()
    passes: int = 1

    def at(self, point: str) -> None:
        """Pass a point, or end there."""
        self.note("passed", point)
        if point in self.points:
            self.passes -= 1
            if self.passes == 0:
                self.note(self.what, point)
                os.kill(os.getpid(), _SIGNALS[self.what])

    def note(self, what: str, about: str) -> None:
        """One write to a file opened for appending: whole, in order, and kept though the process is killed next."""
        os.write(self.log, f"{os.getpid()} {what} {about}\n".encode())


class SharedClock:
    """An instant that the controlling process moves and every bot process reads: a file of eight bytes."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._cell = mmap.mmap(file.fileno(), 8)

    @classmethod
    def create(cls, path: Path, now: datetime) -> SharedClock:
        path.write_bytes(bytes(8))
        clock = cls(path)
        clock.set(now)
        return clock

    def now(self) -> datetime:
        return _EPOCH + struct.unpack("q", self._cell[:8])[0] * _MICROSECOND

    def set(self, moment: datetime) -> None:
        self._cell[:8] = struct.pack("q", (moment - _EPOCH) // _MICROSECOND)
