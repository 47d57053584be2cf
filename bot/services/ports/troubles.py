"""What keeps the bot from working with Slack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that keeps the bot from working with Slack, by the bot's clock; ``over_at`` is None while it lasts."""

    key: str
    began_at: datetime
    over_at: datetime | None = None


class Troubles(Protocol):
    async def begin(self, key: str, now: datetime, again_within: timedelta) -> Trouble:
        """Return the trouble that lasts under ``key``; it begins now unless it lasts already.

        One that was over for less than ``again_within`` goes on, with the instant it first began.
        """

    async def end(self, key: str, now: datetime) -> Trouble | None:
        """Return the trouble, over now; None when none lasted."""

    async def open(self) -> tuple[Trouble, ...]:
        """Those that last, by key."""
