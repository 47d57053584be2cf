"""How reading a source can fail, by who can mend it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from bot.errors import CadenceError


class Fault(StrEnum):
    """What kind of failure it is, which says what becomes of a sync."""

    KEY = "key"
    """The credentials are refused: an admin connects anew."""
    SCOPE = "scope"
    """One thing may not be read: that is left out and said, the rest goes on."""
    NOT_THERE = "not there"  # no words: what it is called there
    """The address isn't there, or not any more (404, 410): the account, the version or the object is another."""
    REQUEST = "request"
    """The source refuses what we asked: the fault is in our settings or in us."""
    CURSOR = "cursor"
    """The place where a walk stopped is no longer known: begin it again."""
    BUSY = "busy"
    """Too much was asked (429, a day's budget): time mends it."""
    DOWN = "down"
    """It couldn't be reached or said it failed (5xx): time mends it."""
    ANSWER = "answer"
    """It answered what it doesn't promise: HTML, half a page, another type, a cursor that repeats."""


class SourceError(CadenceError):
    """A source that couldn't be read. ``str(error)`` says what happened and what to do, without any secret.

    ``said`` is the vendor's own word for it, ``scope`` the permission that is missing if the vendor or we know it.
    ``status`` is the HTTP status, None where there was no answer. ``retry_at`` is the earliest instant at which asking
    again makes sense, None: as usual.
    """

    def __init__(
        self,
        fault: Fault,
        words: str,
        *,
        said: str = "",
        scope: str = "",
        retry_at: datetime | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(words)
        self.fault = fault
        self.said = said
        self.scope = scope
        self.retry_at = retry_at
        self.status = status
