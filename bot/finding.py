"""What the doctor says of one thing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    about: str
    good: bool
    sentence: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.good else 'FIX '} {self.about}: {self.sentence}"
