"""One table of a playbook's file: its values by key, and a fault for each that can't be read."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.coaching.goals.playbook_check import KINDS
from bot.coaching.said import say
from bot.coaching.wording import whole
from bot.toml_lines import Place

MAX_TEXT = 200
MAX_DAYS = 3650

KEYS: dict[str, tuple[str, ...]] = {
    "playbook": ("name", "outcomes", "stage", "activity", "skill", "resource"),
    "stage": ("name", "outcome", "crm", "probability", "toll"),
    "verifier": ("key", "name", "role", "expires_after_days", "field"),
    "field": ("name", "one_of", "by", "on", "link", "until"),
    "activity": ("name", "unit", "stage", "earns", "finds", "key", "types", "per_start"),
    "skill": ("name", "activities", "driver", "practice", "unit", "needs"),
    "resource": ("name", "skills", "link"),
}
"""The keys that each kind of table may have; docs/playbook.md explains every one."""

_NAMED = {**KINDS, "playbook": say("playbook"), "field": say("field")}
_A = {
    "playbook": say("the playbook"),
    "stage": say("a stage"),
    "verifier": say("a verifier"),
    "field": say("a field"),
    "activity": say("an activity"),
    "skill": say("a skill"),
    "resource": say("a resource"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What can't be read, and where it stands."""

    place: Place
    sentence: str


class Table:
    """One table's values by key. A value that can't be read becomes a fault and comes back blank."""

    def __init__(self, kind: str, values: Mapping[str, Any], place: Place, faults: list[Fault]) -> None:
        self._kind = kind
        self._values = values
        self._faults = faults
        self.place = place
        for key in values:
            if key not in KEYS[kind]:
                fault = say(
                    "{key} isn't a key of {table}: {remedy}",
                    key=repr(key),
                    table=_A[kind],
                    remedy=_nearest(key, KEYS[kind]),
                )
                self.refuse(key, fault)

    def refuse(self, key: str | None, sentence: str) -> None:
        self._faults.append(Fault(self.place if key is None else (*self.place, key), sentence))

    def text(self, key: str, *, default: str | None = None) -> str:
        """Return a text on one line; without a default it must be there."""
        value = self._value(key, needed=default is None, example=f'{key} = "..."')
        if value is None:
            return default or ""
        return self._words(value, (*self.place, key), key)

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        value = self._value(key, needed=needed, example=f'{key} = ["..."]')
        if value is None:
            return ()
        if not isinstance(value, list):
            self.refuse(key, say('{key} is a list: write {key} = ["..."]', key=key))
            return ()
        if needed and not value:
            self.refuse(key, say('{key} is empty: name at least one, as in {key} = ["..."]', key=key))
        return tuple(self._words(item, (*self.place, key, number), key) for number, item in enumerate(value))

    def flag(self, key: str) -> bool:
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            fault = say("{key} is true or false, without quotes: write {key} = true, or leave it out", key=key)
            self.refuse(key, fault)
        return value is True

    def number(self, key: str, most: float, fault: str) -> float | None:
        """Return a number above 0 and up to ``most``, None if it isn't given; ``fault`` is said of anything else."""
        value = self._values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most or math.isinf(value):
            self.refuse(key, fault)
            return None
        return float(value)

    def days(self, key: str) -> int | None:
        value = self._values.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_DAYS):
            return value
        fault = say(
            "{key} is a whole number of days from 1 to {most}: write {key} = 90, or leave it out",
            key=key,
            most=MAX_DAYS,
        )
        self.refuse(key, fault)
        return None

    def tables(self, key: str, kind: str, header: str) -> tuple[Table, ...]:
        """Return the tables under a key, in their order."""
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            fault = say("{key} holds one table per {kind}: write {header}", key=key, kind=_NAMED[kind], header=header)
            self.refuse(key, fault)
            return ()
        return tuple(Table(kind, item, (*self.place, key, number), self._faults) for number, item in enumerate(value))

    def table(self, key: str, kind: str, example: str) -> Table | None:
        """Return the one table under a key, None if it isn't given."""
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.refuse(key, say("{key} is one table: write {example}", key=key, example=example))
            return None
        return Table(kind, value, (*self.place, key), self._faults)

    def _value(self, key: str, *, needed: bool, example: str) -> object:
        value = self._values.get(key)
        if value is None and needed:
            fault = say("the {kind} has no {key}: add {example}", kind=_NAMED[self._kind], key=key, example=example)
            self.refuse(None, fault)
        return value

    def _words(self, value: object, place: Place, key: str) -> str:
        if not isinstance(value, str):
            fault = say('{key} is text: put it in quotes, as in "{value}"', key=key, value=str(value))
            self._faults.append(Fault(place, fault))
            return ""
        words = " ".join(value.split())
        if not any(letter.isalnum() for letter in words):
            fault = say("{key} has no letter in it: fill it in, or leave it out if it may be", key=key)
            self._faults.append(Fault(place, fault))
        if len(words) > MAX_TEXT:
            self._faults.append(Fault(place, too_long(key, len(words), MAX_TEXT)))
        return words


def _nearest(key: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(key.casefold(), known, n=1)
    if near:
        return say("did you mean {name}?", name=near[0])
    return say("remove it, or use one of {names}", names=", ".join(known))


def too_long(key: str, length: int, most: int) -> str:
    return say("{key} has {n} characters: shorten it to {most}", key=key, n=whole(length), most=most)
