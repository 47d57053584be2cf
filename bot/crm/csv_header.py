"""The first row of a CSV file: where each of our columns stands."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from bot.coaching.said import say
from bot.crm.problems import Problems


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name and the other names it may have; ``required`` ones must be in the header."""

    name: str
    also: tuple[str, ...] = ()
    required: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.also)


def places_of(
    header: Sequence[str],
    layout: Sequence[Column],
    file: str,
    problems: Problems,
    prefix: str,
    *,
    place: str,
    remedy: str,
) -> dict[str, int] | None:
    """Return where each of our columns stands; None if the header has a problem.

    ``place`` is what a problem with a name calls the header, ``remedy`` how a missing column is added.
    """
    before = problems.count
    spelled = ["_".join(name.split()).lower() for name in header]
    for name, times in Counter(spelled).items():
        if name and times > 1:
            problems.add(place, say("column {column} is there {n} times: keep one", column=name, n=times))
    places: dict[str, int] = {}
    for column in layout:
        found = [name for name in column.names if name in spelled]
        if len(found) > 1:
            names = reduce(lambda most, last: say("{most} and {last}", most=most, last=last), found)
            problems.add(place, say("columns {columns} mean the same: keep one", columns=names))
        if found:
            places[column.name] = spelled.index(found[0])
        elif column.required:
            names = reduce(lambda most, last: say("{most} or {last}", most=most, last=last), column.names)
            problems.add(file, say("column {column} is missing: {remedy}", column=names, remedy=remedy))
    places |= _other_places(spelled, places, layout, place, problems, prefix)
    return places if problems.count == before else None


def _other_places(
    spelled: Sequence[str],
    places: Mapping[str, int],
    layout: Sequence[Column],
    place: str,
    problems: Problems,
    prefix: str,
) -> dict[str, int]:
    """Return where columns with ``prefix`` stand; what looks like a misspelling of an absent column is a problem."""
    absent = [name for column in layout if column.name not in places for name in column.names]
    known = {name for column in layout for name in column.names}
    found: dict[str, int] = {}
    for at, name in enumerate(spelled):
        if name in known or not name:
            continue
        if prefix and name.startswith(prefix) and name != prefix:
            found[name] = at
        elif prefix and name.startswith(prefix.rstrip(".")):
            fault = say(
                "column {column} isn't known: write {prefix} and a key, or remove it", column=name, prefix=prefix
            )
            problems.add(place, fault)
        elif near := difflib.get_close_matches(name, absent, n=1, cutoff=0.85):
            fault = say("column {column} isn't known: rename it to {near}, or remove it", column=name, near=near[0])
            problems.add(place, fault)
    return found
