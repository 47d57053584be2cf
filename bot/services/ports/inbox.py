"""What came in from Slack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Received:
    """What came in from Slack under ``key`` at ``at``, and as much of it (JSON) as doing it needs."""

    key: str
    body: dict[str, Any]
    at: datetime


class Inbox(Protocol):
    async def first_time(self, key: str, at: datetime) -> bool:
        """True once for each key, until it is forgotten: the guard against an event or a click that comes twice."""

    async def write_down(self, *received: Received) -> frozenset[str]:
        """Keep what came in until it is worked off; returns the keys that came for the first time."""

    async def work_off(self, key: str) -> bool:
        """Let go of what was written down; True once, for whoever does it in the transaction of its effect."""

    async def waiting(self, before: datetime) -> tuple[Received, ...]:
        """What was written down by an instant and isn't worked off, the oldest first."""

    async def forget(self, before: datetime) -> int:
        """Delete what came before an instant, but for what still waits to be worked off; returns how many."""
