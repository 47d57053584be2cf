"""Reads instants as Slack writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def instant_of(seconds: object) -> datetime | None:
    """Return the instant of whole Unix seconds; None for 0, by which Slack means none, and for what isn't any."""
    if not isinstance(seconds, int) or seconds <= 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
