"""What was asked of the doctor, and what the doctor found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.coaching.records import PersonId


@dataclass(frozen=True, slots=True)
class Finding:
    """What the doctor says of one thing."""

    about: str
    good: bool
    sentence: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.good else 'FIX '} {self.about}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Checkup:
    """A look over the installation; ``done_at`` None waits for it. ``asked_by`` gets a message with the outcome."""

    key: str
    asked_at: datetime
    asked_by: PersonId | None = None
    done_at: datetime | None = None
    findings: tuple[Finding, ...] = ()


class Checkups(Protocol):
    async def ask(self, one: Checkup) -> bool:
        """Add one; False if its key was there before."""

    async def waiting(self) -> tuple[Checkup, ...]:
        """Those that aren't done, the oldest first."""

    async def latest(self) -> Checkup | None:
        """The one that was done last."""

    async def finish(self, one: Checkup) -> bool:
        """Keep what was found and forget earlier ones that are done; False if another process did it."""


class Examiner(Protocol):
    async def __call__(self) -> tuple[Finding, ...]:
        """Look at everything and say what is the matter; it takes seconds, and asks Slack and what is connected."""
