"""How far a goal is by the records: what a rep is asked to confirm, and never what is assumed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.coaching.basis.cleaning import match_name
from bot.coaching.commitment import GoalTerms
from bot.coaching.playbook import Playbook
from bot.coaching.records import Activity


@dataclass(frozen=True, slots=True)
class Said:
    """The number a rep gave last, and the day (the rep's own) on which it was given."""

    number: float
    on: date


@dataclass(frozen=True, slots=True)
class Counted:
    """``number`` is how many there are in all: what the rep ``said`` last, else nothing, and ``logged`` since then.

    ``latest`` is the day of the last one on record.
    """

    number: float
    logged: int
    latest: date
    said: float | None = None


def counted(
    terms: GoalTerms, playbook: Playbook, activities: Iterable[Activity], since: date, today: date, said: Said | None
) -> Counted | None:
    """Return how many of a goal's activity the records show; None where they show none, or it is none of them.

    ``activities`` are the rep's own. They count from ``since``, the day the goal was agreed, and after the rep gave a
    number only from the day after it: a number that was given holds. Those of a goal about a deal count only with it.
    """
    kind = next((kind for kind in playbook.activities if kind.name == terms.item), None)
    if kind is None:
        return None
    names = (kind.name, *kind.types)
    done = [
        one
        for one in activities
        if (one.on > said.on if said else one.on >= since)
        and one.on <= today
        and terms.deal in (None, one.deal)
        and match_name(one.type, names) is not None
    ]
    logged = sum(max(0, one.count) for one in done)
    if not logged:
        return None
    before = None if said is None else said.number
    return Counted((before or 0.0) + logged, logged, max(one.on for one in done), before)
