"""What an admin is asked for when something is connected."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing to be told. A ``secret`` is stored sealed; what has a ``default`` may be left out."""

    name: str
    words: str
    secret: bool = False
    default: str | None = None
