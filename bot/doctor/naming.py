"""Names in a finding, as many as are read."""

from __future__ import annotations

from collections.abc import Sequence

from bot.coaching.said import joined, say

NAMED_AT_MOST = 20


def some(names: Sequence[str]) -> str:
    """Return the first names, and how many there are besides."""
    named, more = joined(names[:NAMED_AT_MOST], ", "), len(names) - NAMED_AT_MOST
    return say("{names} and {n} more", names=named, n=more) if more > 0 else named
