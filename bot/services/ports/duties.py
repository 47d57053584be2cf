"""What falls due at an instant."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class DutyKind(StrEnum):
    """What falls due at an instant."""

    PLAN = "plan"
    PROMPT = "prompt"
    PUBLISH = "publish"
    START = "start"
    ASK_TO_CLOSE = "ask_to_close"
    LAPSE = "lapse"
    REMIND = "remind"


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do at ``due_at`` (UTC) about ``subject``: a meeting's id, or a rep's for PLAN and REMIND.

    ``key`` is unique for ever: a duty that was done is never due again under its key. ``failures`` counts in how many
    attempts it couldn't be done.
    """

    key: str
    kind: DutyKind
    subject: str
    due_at: datetime
    failures: int = 0


class Duties(Protocol):
    async def put(self, *duties: Duty) -> frozenset[str]:
        """Insert; a waiting duty of the same key takes the new ``due_at``, one that was done stays done.

        One that failed and was put off takes only a later instant. Returns the keys that had to be written: of several,
        those that are there just so have not.
        """

    async def add(self, *duties: Duty) -> None:
        """As ``put`` for those of something new: nobody looks whether they are there."""

    async def failing(self, kind: DutyKind) -> frozenset[str]:
        """The subjects of waiting duties that were put off."""

    async def failures(self) -> dict[str, int]:
        """How many waiting duties were put off, by kind; every kind is there."""

    async def put_off(self, failed: Duty, due_at: datetime) -> None:
        """Let a duty that failed wait until ``due_at``, and count one failure more than it was claimed with."""

    async def withdraw(self, subject: str, kinds: frozenset[DutyKind] | None = None) -> None:
        """Remove the waiting duties about ``subject``. One that another transaction has claimed is not waited for."""

    async def claim(self, now: datetime, limit: int) -> tuple[Duty, ...]:
        """The oldest due duties, locked to this transaction (SKIP LOCKED) and marked done when it commits."""

    async def claim_alike(
        self, first: Duty, now: datetime, limit: int, *, but: Collection[str] = ()
    ) -> tuple[Duty, ...]:
        """More of the due duties of the first one's kind, claimed likewise, but for those about some subjects."""

    async def release(self, *duties: Duty) -> None:
        """Give back what was claimed in this transaction, as if it never had been."""

    async def next_due(self) -> datetime | None: ...
    async def forget(self, before: datetime) -> int:
        """Delete what was done and was due before an instant; returns how many."""
