"""A vendor's JSON, read by name: what isn't as promised is one defined error that names its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.services.source_errors import Fault, SourceError

_NAMES = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}


class Shape:
    """One JSON object and where it stands in an answer. Unknown fields are passed over.

    ``place`` is shown in errors: "HubSpot's /crm/objects/deals: results[3]". Every reader raises SourceError with
    Fault.ANSWER for another type, and a reader without "maybe" for null or nothing too.
    """

    __slots__ = ("_place", "_values")

    def __init__(self, values: object, place: str) -> None:
        if not isinstance(values, dict):
            raise _unexpected(place, "an object", values)
        self._values: dict[str, Any] = values
        self._place = place

    def text(self, key: str) -> str:
        """Return text with something in it."""
        found = self.maybe_text(key)
        if not found:
            raise _unexpected(self._at(key), "text", self._values.get(key))
        return found

    def maybe_text(self, key: str) -> str | None:
        found: str | None = self._get(key, str)
        return found

    def identity(self, key: str) -> str:
        """Return an id as text, be it written as text or as a whole number."""
        found = self._values.get(key)
        if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
            raise _unexpected(self._at(key), "an id", found)
        return str(found)

    def maybe_identity(self, key: str) -> str:
        """Return an id as text, "" for null or nothing."""
        return "" if self._values.get(key) in (None, "") else self.identity(key)

    def flag(self, key: str, *, default: bool = False) -> bool:
        found = self._get(key, bool)
        return default if found is None else found

    def maybe_number(self, key: str) -> float | None:
        found = self._values.get(key)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise _unexpected(self._at(key), "a number", found)
        return float(found)

    def number(self, key: str) -> float:
        found = self.maybe_number(key)
        if found is None:
            raise _unexpected(self._at(key), "a number", None)
        return found

    def inner(self, key: str) -> Shape:
        return Shape(self._values.get(key), self._at(key))

    def maybe_inner(self, key: str) -> Shape | None:
        return None if self._values.get(key) is None else self.inner(key)

    def objects(self, key: str) -> tuple[Shape, ...]:
        """Return the objects of a list that must be there."""
        return tuple(Shape(value, place) for place, value in self._items(key, needed=True))

    def maybe_objects(self, key: str) -> tuple[Shape, ...]:
        """Return the objects of a list; none for null or nothing."""
        return tuple(Shape(value, place) for place, value in self._items(key, needed=False))

    def values(self) -> dict[str, Any]:
        """Return what is in it as it is, for fields whose names aren't ours."""
        return self._values

    def _items(self, key: str, *, needed: bool) -> Iterator[tuple[str, object]]:
        found = self._values.get(key)
        if found is None and not needed:
            return
        if not isinstance(found, list):
            raise _unexpected(self._at(key), "a list", found)
        for number, value in enumerate(found):
            yield f"{self._at(key)}[{number}]", value

    def _get(self, key: str, kind: type[Any]) -> Any:
        found = self._values.get(key)
        if found is not None and not isinstance(found, kind):
            raise _unexpected(self._at(key), _NAMES[kind], found)
        return found

    def _at(self, key: str) -> str:
        return f"{self._place}.{key}" if not self._place.endswith(": ") else f"{self._place}{key}"


def _unexpected(place: str, wanted: str, found: object) -> SourceError:
    """Say the type that came and never the value, which may be somebody's."""
    came = "nothing" if found is None else "an empty text" if found == "" else _NAMES.get(type(found), "something else")
    return SourceError(
        Fault.ANSWER,
        f"{place} should be {wanted} and is {came}. Nothing of it was taken in. If the vendor changed its answers, "
        "Cadence needs an update.",
    )
