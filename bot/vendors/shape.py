"""A vendor's JSON, read by name: what isn't as promised is one defined error that names its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.coaching.said import joined, say
from bot.services.source_errors import Fault, SourceError

_NUMBER = say("a number")
_NAMES = {
    dict: say("an object"),
    list: say("a list"),
    str: say("text"),
    bool: say("true or false"),
    int: _NUMBER,
    float: _NUMBER,
}


class Shape:
    """One JSON object and where it stands in an answer. Unknown fields are passed over.

    Both are shown in errors, ``answer`` as what was asked, such as "HubSpot's /crm/objects/deals", and ``place`` as
    what is in it, "results[3]". Every reader raises SourceError with Fault.ANSWER for another type, and a reader
    without "maybe" for null or nothing too.
    """

    __slots__ = ("_answer", "_place", "_values")

    def __init__(self, values: object, place: str = "", *, answer: str = "") -> None:
        self._answer = answer
        self._place = place
        if not isinstance(values, dict):
            raise self._unexpected(None, _NAMES[dict], values)
        self._values: dict[str, Any] = values

    def text(self, key: str) -> str:
        """Return text with something in it."""
        found = self.maybe_text(key)
        if not found:
            raise self._unexpected(key, _NAMES[str], self._values.get(key))
        return found

    def maybe_text(self, key: str) -> str | None:
        found: str | None = self._get(key, str)
        return found

    def identity(self, key: str) -> str:
        """Return an id as text, be it written as text or as a whole number."""
        found = self._values.get(key)
        if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
            raise self._unexpected(key, say("an id"), found)
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
            raise self._unexpected(key, _NUMBER, found)
        return float(found)

    def number(self, key: str) -> float:
        found = self.maybe_number(key)
        if found is None:
            raise self._unexpected(key, _NUMBER, None)
        return found

    def inner(self, key: str) -> Shape:
        return Shape(self._values.get(key), self._at(key), answer=self._answer)

    def maybe_inner(self, key: str) -> Shape | None:
        return None if self._values.get(key) is None else self.inner(key)

    def objects(self, key: str) -> tuple[Shape, ...]:
        """Return the objects of a list that must be there."""
        return tuple(Shape(value, place, answer=self._answer) for place, value in self._items(key, needed=True))

    def maybe_objects(self, key: str) -> tuple[Shape, ...]:
        """Return the objects of a list; none for null or nothing."""
        return tuple(Shape(value, place, answer=self._answer) for place, value in self._items(key, needed=False))

    def values(self) -> dict[str, Any]:
        """Return what is in it as it is, for fields whose names aren't ours."""
        return self._values

    def _items(self, key: str, *, needed: bool) -> Iterator[tuple[str, object]]:
        found = self._values.get(key)
        if found is None and not needed:
            return
        if not isinstance(found, list):
            raise self._unexpected(key, _NAMES[list], found)
        for number, value in enumerate(found):
            yield f"{self._at(key)}[{number}]", value

    def _get(self, key: str, kind: type[Any]) -> Any:
        found = self._values.get(key)
        if found is not None and not isinstance(found, kind):
            raise self._unexpected(key, _NAMES[kind], found)
        return found

    def _at(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key

    def _unexpected(self, key: str | None, wanted: str, found: object) -> SourceError:
        """Say the type that came and never the value, which may be somebody's."""
        came = _NAMES.get(type(found), say("something else"))
        if found is None or found == "":
            came = say("nothing") if found is None else say("an empty text")
        words = say(
            "{place} should be {wanted} and is {came}. Nothing of it was taken in. If the vendor changed its answers, "
            "Cadence needs an update.",
            place=joined((self._answer, self._place if key is None else self._at(key)), ": "),
            wanted=wanted,
            came=came,
        )
        return SourceError(Fault.ANSWER, words)
