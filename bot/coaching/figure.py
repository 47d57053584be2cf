"""A computed number that can explain itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figure(Generic[T]):
    """A value with everything a reader may ask about it (specification, preamble).

    ``unit`` is a word ("deals", "days", "USD", "share"); ``records`` is how many records were used;
    ``flags`` are the cleaning rules' words of section 0.2; ``sentence`` is the one sentence shown with it.
    """

    value: T
    unit: str
    as_of: date
    records: int
    sentence: str
    flags: tuple[str, ...] = ()
