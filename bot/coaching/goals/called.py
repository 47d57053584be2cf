"""What a name is called by those who type it, in whatever language they do."""

from __future__ import annotations

from collections.abc import Callable

Called = Callable[[str], tuple[str, ...]]
"""Returns what a name is called in each language; of a company's own name that is the name alone."""


def as_written(name: str) -> tuple[str, ...]:
    """Return the name alone."""
    return (name,)
