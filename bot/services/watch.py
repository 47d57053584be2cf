"""What the use cases and adapters report of their outcomes, so that an operator sees them from outside."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol


class Watch(Protocol):
    """Counts outcomes as they happen. Nothing that it is told names a person or a message."""

    def ticked(self) -> None:
        """What is due was looked for, and all of it tried."""

    def duty_done(self, kind: str, late: timedelta) -> None:
        """A duty was done and committed; ``late`` is since it was due."""

    def duty_failed(self, kind: str) -> None:
        """A duty couldn't be done and waits to be tried again."""

    def sent(self, kind: str, method: str, late: timedelta) -> None:
        """A message of ``kind`` is shown by the call ``method`` of Slack; ``late`` is since it was due."""

    def put_off(self, reason: str) -> None:
        """A message couldn't be sent now and waits; ``reason`` is Slack's code or our word."""

    def given_up(self, kind: str, reason: str) -> None:
        """A message will never get through."""

    def answered(self, kind: str, seconds: float, *, done: bool) -> None:
        """What came in from Slack was answered; not ``done`` it gets no receipt, for its effect isn't there."""


class Unwatched:
    """Nobody looks."""

    def ticked(self) -> None: ...
    def duty_done(self, kind: str, late: timedelta) -> None: ...
    def duty_failed(self, kind: str) -> None: ...
    def sent(self, kind: str, method: str, late: timedelta) -> None: ...
    def put_off(self, reason: str) -> None: ...
    def given_up(self, kind: str, reason: str) -> None: ...
    def answered(self, kind: str, seconds: float, *, done: bool) -> None: ...


UNWATCHED: Watch = Unwatched()
