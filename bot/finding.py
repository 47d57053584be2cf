"""What the doctor says of one thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.coaching.said import joined, say


@dataclass(frozen=True, slots=True)
class Finding:
    about: str
    good: bool
    sentence: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.good else 'FIX '} {self.about}: {self.sentence}"


def some(names: Sequence[str], most: int) -> str:
    """Return the first names, and how many there are besides."""
    named = joined(names[:most], ", ")
    return say("{names} and {n} more", names=named, n=len(names) - most) if len(names) > most else named
